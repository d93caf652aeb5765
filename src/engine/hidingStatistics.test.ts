/**
 * What proofs of two witnesses of one statement look like, element by element, under challenges that are held fixed: each
 * element uniform by its high and by its low bits, the same for both witnesses and for the simulator, also along the
 * direction in which the witnesses differ. All samples are fresh; all tests of this file together fail by chance less than
 * once in 10^7 runs. Joint dependences are hidingRank.test.ts's business.
 */
import { afterEach, describe, expect, it, vi } from "vitest";
import type { SecretStream } from "../commitment/prover/secretStream.ts";
import { add, mul, sub } from "../field/m31.ts";
import { bytesToWords } from "../hash/blake3.ts";
import { createKernels } from "../kernels/createKernels.ts";
import type { CellChange, MutationHook, mutatedStream } from "./testing/hiding/maskMutation.ts";
import * as removals from "./testing/hiding/maskRemovals.ts";
import {
  allowedDistance,
  distanceBetween,
  distanceFromUniform,
  highBits,
  lowBits,
} from "./testing/hiding/sampleDistance.ts";
import { Trials, type View } from "./testing/hiding/trial.ts";
import {
  DENSE_PUBLIC_OUTPUT,
  DENSE_PUBLIC_WEIGHTS,
  type TrialPlan,
  WIRED,
} from "./testing/hiding/trialPlans.ts";
import { Coins } from "./testing/simulator/coins.ts";

const hook = vi.hoisted((): MutationHook => ({ layout: null, mutation: {} }));

vi.mock("../commitment/prover/secretStream.ts", async (importActual) => {
  const actual = await importActual<{ SecretStream: typeof SecretStream }>();
  const { mutatedStream: mutated } = await vi.importActual<{ mutatedStream: typeof mutatedStream }>(
    "./testing/hiding/maskMutation.ts",
  );
  return { ...actual, SecretStream: mutated(actual.SecretStream, hook) };
});

afterEach(() => {
  vi.restoreAllMocks();
  hook.layout = null;
  hook.mutation = {};
});

const SHAPE = {
  logColumns: 3,
  logLength: 5,
  queries: 3,
  grindBits: 0,
  weightUses: 1,
  dataUses: 1,
  levels: [],
};
const SAMPLES = 200;
/** Enough to see that an element is always the same. */
const FEW_SAMPLES = 100;
/** No proof of these plans has as many elements, salts included; no test compares each more than eight times. */
const MAX_ELEMENTS = 1200;
const CHANCE = 1e-7 / (8 * MAX_ELEMENTS * 10);
/** Both samples keep to their bound. */
const BETWEEN = 2 * allowedDistance(SAMPLES, CHANCE / 2);
const kernels = createKernels();

/** Elements of F that a proof shows; words of salts count as elements, their top bit left out. */
function elements(view: View): Uint32Array {
  const salts = view.trees.flatMap((tree) => [...bytesToWords(tree.salts)]);
  return Uint32Array.from([...view.words, ...salts.map((word) => word % 0x7fffffff)]);
}

function sample(make: (i: number) => View, count = SAMPLES): Uint32Array[] {
  return Array.from({ length: count }, (_, i) => elements(make(i)));
}

type Bits = (value: number) => number;

function column(views: readonly Uint32Array[], at: number, bits: Bits): Float64Array {
  return Float64Array.from(views, (view) => bits(view[at]));
}

/** Elements that are not uniform. */
function biased(views: readonly Uint32Array[]): number[] {
  const all = Array.from(views[0].keys());
  const allowed = allowedDistance(views.length, CHANCE);
  return all.filter((at) =>
    [highBits, lowBits].some((bits) => distanceFromUniform(column(views, at, bits)) > allowed),
  );
}

/** Elements that are distributed otherwise in the two samples. */
function different(one: readonly Uint32Array[], two: readonly Uint32Array[]): number[] {
  const all = Array.from(one[0].keys());
  return all.filter((at) =>
    [highBits, lowBits].some(
      (bits) => distanceBetween(column(one, at, bits), column(two, at, bits)) > BETWEEN,
    ),
  );
}

/** ⟨direction, view⟩ over F, for each view. */
function along(direction: Uint32Array, views: readonly Uint32Array[]): Uint32Array[] {
  return views.map((view) =>
    Uint32Array.of(direction.reduce((sum, value, i) => add(sum, mul(value, view[i])), 0)),
  );
}

/** What two proofs with the same masks differ by: what the witnesses alone change. */
function witnessDifference(trials: Trials, plan: TrialPlan): Uint32Array {
  const [one, two] = ["first", "second"].map((seed) => {
    let call = 0;
    vi.spyOn(crypto, "getRandomValues").mockImplementation((array) => {
      (array as unknown as Uint8Array).set(new Coins(`same masks ${call++}`).bytes(32));
      return array;
    });
    const view = elements(trials.prove(plan.witness(seed)));
    vi.restoreAllMocks();
    return view;
  });
  return one.map((value, i) => sub(two[i], value));
}

describe.each([DENSE_PUBLIC_OUTPUT, DENSE_PUBLIC_WEIGHTS, WIRED])("proofs of: $name", (plan) => {
  const trials = new Trials(kernels, plan, SHAPE, "statistics");
  const [first, second] = ["first", "second"].map((seed) => plan.witness(seed));
  const one = sample(() => trials.prove(first));
  const two = sample(() => trials.prove(second));
  const simulated = sample((i) => trials.simulate(first, `${plan.name} ${crypto.randomUUID()} ${i}`));

  it("have few enough elements for the promised chance of failure", () => {
    expect(one[0].length).toBeLessThan(MAX_ELEMENTS);
  });

  it("are uniform in each element, whatever the witness, and so are simulated ones", () => {
    expect([one, two, simulated].map(biased)).toEqual([[], [], []]);
  });

  it("are the same for both witnesses and the simulator in each element", () => {
    expect([different(one, two), different(one, simulated), different(two, simulated)]).toEqual([[], [], []]);
  });

  it("do not correlate with the difference of the witnesses", () => {
    const whole = witnessDifference(trials, plan);
    const parts = [whole, partOf(whole, 0, 4 * trials.scalars), partOf(whole, 4 * trials.scalars)];
    for (const direction of parts) {
      expect(direction.some((value) => value !== 0)).toBe(true);
      const values = [one, two, simulated].map((views) => along(direction, views));
      expect(values.map(biased)).toEqual([[], [], []]);
      expect(different(values[0], values[1])).toEqual([]);
    }
  });
});

function partOf(vector: Uint32Array, from: number, to = vector.length): Uint32Array {
  return vector.map((value, i) => (i >= from && i < to ? value : 0));
}

describe("proofs without a mask", () => {
  const plan = WIRED;
  const trials = new Trials(kernels, plan, SHAPE, "statistics");
  const allPads: CellChange = (row, column) =>
    row >= trials.layout.firstPadRow && row < trials.layout.firstMaskRow && column > 2 && column < 8
      ? 0
      : null;

  const biasedWithout = (removal: CellChange | undefined, salts?: (words: Uint32Array) => void): number[] => {
    hook.layout = trials.layout;
    hook.mutation = { ...(removal && { cell: removal }), ...(salts && { salts }) };
    const witness = plan.witness("first");
    return biased(sample(() => trials.prove(witness), FEW_SAMPLES));
  };

  // X(0) and Y(0) are missing here: without them X(θ) and Y(θ) still contain δ, and only all three together show it.
  it.each<[string, CellChange]>([
    ["G1", removals.withoutMask("G1")],
    ["G2", removals.withoutMask("G2")],
    ["H", removals.withoutMask("H")],
    ["three of H's rows over F", removals.withoutMask("H", 1)],
    ["uniform cells of weights", removals.withoutCells("weights")],
    ["uniform cells of inputs", removals.withoutCells("input")],
    ["uniform cells of outputs", removals.withoutCells("output")],
    ["uniform cells of advice", removals.withoutCells("advice")],
    ["most of the pads", allPads],
    ["delta", removals.withoutPad(0, 1)],
  ])("are biased in some element: %s", (_, removal) => {
    expect(biasedWithout(removal).length).toBeGreaterThan(0);
  });

  it("are biased in their salts if they have none", () => {
    const words = trials.prove(plan.witness("first")).words.length;
    const found = biasedWithout(undefined, (salts) => salts.fill(0));
    expect(found.length).toBeGreaterThan(0);
    expect(Math.min(...found)).toBe(words);
  });
});
