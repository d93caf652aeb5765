/**
 * Every mask is needed, and its loss is noticed: the honest prover, with one mask taken out of its random streams, makes
 * proofs that still verify but no longer look like those of hidingRank.test.ts. Where the mask hid a witness, the proofs of
 * another witness are told apart.
 */
import { afterEach, describe, expect, it, vi } from "vitest";
import type { CommitmentParameters } from "../commitment/parameters.ts";
import { freshSeed, type SecretStream } from "../commitment/prover/secretStream.ts";
import { createKernels } from "../kernels/createKernels.ts";
import { PAD_DELTA, PAD_PRODUCT_X, PAD_PRODUCT_Y, RESERVED_PADS } from "../masking/messages.ts";
import type { CellChange, MutationHook, mutatedStream } from "./testing/hiding/maskMutation.ts";
import * as removals from "./testing/hiding/maskRemovals.ts";
import { confirmsRow } from "./testing/hiding/saltAttack.ts";
import {
  type Coordinates,
  everything,
  oneScalar,
  SpannedViews,
  verifierChecks,
} from "./testing/hiding/spannedViews.ts";
import { Trials, type View } from "./testing/hiding/trial.ts";
import { DENSE, LEAN, type TrialPlan, type TrialWitness, WIRED } from "./testing/hiding/trialPlans.ts";

const hook = vi.hoisted((): MutationHook => ({ layout: null, mutation: {} }));

vi.mock("../commitment/prover/secretStream.ts", async (importActual) => {
  const actual = await importActual<{ SecretStream: typeof SecretStream }>();
  const { mutatedStream: mutated } = await vi.importActual<{ mutatedStream: typeof mutatedStream }>(
    "./testing/hiding/maskMutation.ts",
  );
  return { ...actual, SecretStream: mutated(actual.SecretStream, hook) };
});

afterEach(() => {
  hook.layout = null;
  hook.mutation = {};
});

/** Rows of four columns: too few for the other masks to stand in for the one that is missing. */
const SHAPE: CommitmentParameters = {
  logColumns: 2,
  logLength: 4,
  queries: 3,
  grindBits: 0,
  weightUses: 1,
  dataUses: 1,
  levels: [],
};
const kernels = createKernels();

function trialsOf(plan: TrialPlan, parameters: CommitmentParameters = SHAPE): Trials {
  return new Trials(kernels, plan, parameters, "masks");
}

/** Dimensions that the proofs of one witness lack, and whether those of another one lie elsewhere. */
function lossWithout(
  trials: Trials,
  removal: CellChange | undefined,
  coordinates: Coordinates = everything(trials),
): { missing: number; isSeen: boolean } {
  hook.layout = trials.layout;
  hook.mutation = removals.withoutSparePads(trials.numPads, removal);
  const first = trials.trial.witness("first");
  const second = trials.trial.witness("second");
  const views = SpannedViews.of(coordinates, () => trials.prove(first));
  const other = trials.prove(second);
  trials.verify(other, second);
  return { missing: views.length - views.rank, isSeen: views.isNews(other) };
}

describe("masks of the opening", () => {
  const small = trialsOf(LEAN);
  /** Two columns: fewer than a mask has rows. */
  const tiny = trialsOf(LEAN, { ...SHAPE, logColumns: 1, logLength: 3, queries: 1 });

  it.each([small, tiny])("leave nothing to see together", (trials) => {
    expect(lossWithout(trials, undefined)).toEqual({ missing: verifierChecks(trials), isSeen: false });
  });

  it.each<[string, CellChange, Trials]>([
    ["G1", removals.withoutMask("G1"), small],
    ["G2", removals.withoutMask("G2"), small],
    ["H", removals.withoutMask("H"), small],
    ["three of G1's four rows over F", removals.withoutMask("G1", 1), small],
    ["three of G2's four rows over F", removals.withoutMask("G2", 1), small],
    ["three of H's four rows over F", removals.withoutMask("H", 1), tiny],
    ["uniform cells of weights", removals.withoutCells("weights"), small],
    ["uniform cells of inputs", removals.withoutCells("input"), small],
    ["uniform cells of outputs", removals.withoutCells("output"), small],
    ["uniform cells of advice", removals.withoutCells("advice"), small],
    ["uniform cells of pads", removals.withoutPadCells(), small],
    ["the last uniform cell of weights", removals.withoutCells("weights", 2), small],
    ["the last uniform cell of inputs", removals.withoutCells("input", 2), small],
    ["the last uniform cell of outputs", removals.withoutCells("output", 2), small],
    ["the last uniform cell of advice", removals.withoutCells("advice", 2), small],
    ["the last uniform cell of pads", removals.withoutPadCells(2), small],
  ])("are missed: %s", (_, removal, trials) => {
    const { missing, isSeen } = lossWithout(trials, removal);
    expect(missing).toBeGreaterThan(verifierChecks(trials));
    expect(isSeen).toBe(true);
  });
});

describe("two proofs with one weight commitment", () => {
  const lossOf = (weightUses: number, removal?: CellChange): { missing: number; isSeen: boolean } => {
    const shape = { ...SHAPE, queries: 1, weightUses };
    const [one, two] = ["one", "two"].map((seed) => new Trials(kernels, LEAN, shape, seed));
    hook.layout = one.layout;
    hook.mutation = removals.withoutSparePads(one.numPads, removal);
    const parts = [everything(one), everything(two)];
    const both = (witness: TrialWitness): View[] => {
      const seed = freshSeed();
      return [one, two].map((trials) => trials.prove(witness, seed));
    };
    const coordinates = (seen: View[]): Uint32Array =>
      Uint32Array.from(seen.flatMap((view, i) => [...parts[i](view)]));
    const views = SpannedViews.of(coordinates, () => both(LEAN.witness("first")));
    expect(one.prove(LEAN.witness("first")).positions).not.toEqual(
      two.prove(LEAN.witness("first")).positions,
    );
    const checked = verifierChecks(one) + verifierChecks(two);
    return {
      missing: views.length - views.rank - checked,
      isSeen: views.isNews(both(LEAN.witness("second"))),
    };
  };

  it("show nothing within the budget", () => {
    expect(lossOf(2)).toEqual({ missing: 0, isSeen: false });
  });

  it("show weights beyond it", () => {
    expect(lossOf(1)).toEqual({ missing: 1, isSeen: true });
  });

  it("show weights if the masks end before the longest rows do", () => {
    const { missing, isSeen } = lossOf(2, removals.withoutLongMasks());
    expect(missing).toBeGreaterThan(0);
    expect(isSeen).toBe(true);
  });
});

/**
 * `from`: first scalar to try; those of the lookup argument are the same in both plans. `fixed`: scalars that have a pad
 * although they follow from the challenges and the scalars in clear, whatever the witness.
 */
describe.each([
  { plan: WIRED, from: 1, fixed: [3, 4, 21, 22, 33] },
  { plan: DENSE, from: 39, fixed: [] },
])("masks of the scalars of: $plan.name", ({ plan, from, fixed }) => {
  const trials = trialsOf(plan, { ...SHAPE, queries: 1 });
  const clear = [PAD_DELTA, PAD_PRODUCT_X, PAD_PRODUCT_Y];

  it("are missed, each pad by the scalar it was taken from", () => {
    expect(lossWithout(trials, undefined, oneScalar(trials, 1))).toEqual({ missing: 0, isSeen: false });
    const unseen: number[] = [];
    for (let scalar = from; scalar < trials.scalars - 2; scalar++) {
      // The lookup root comes first and has no pad.
      const pad = RESERVED_PADS + scalar - 1;
      const loss = lossWithout(trials, removals.withoutPad(pad), oneScalar(trials, scalar));
      expect(loss.missing).toBe(4);
      if (!loss.isSeen) unseen.push(scalar);
    }
    expect(unseen).toEqual(fixed);
  });

  it.each(clear)("are missed, the committed value of one in clear: %i", (pad) => {
    const removal = removals.withoutPad(pad, pad === PAD_DELTA ? 1 : 0);
    const loss = lossWithout(trials, removal, oneScalar(trials, 1));
    expect(loss.missing).toBeGreaterThanOrEqual(4);
    expect(loss.isSeen).toBe(true);
  });
});

describe("salts", () => {
  const trials = trialsOf(LEAN);
  const [right, wrong] = ["first", "second"].map((seed) => LEAN.witness(seed));

  it("keep a guess of the input from being confirmed by the path of its tree", () => {
    const { layout } = trials;
    expect(
      [right, wrong].map(({ tensors }) => confirmsRow(layout, trials.prove(right), "input", tensors[1])),
    ).toEqual([false, false]);
    hook.layout = layout;
    hook.mutation = { salts: (salts) => salts.fill(0) };
    expect(
      [right, wrong].map(({ tensors }) => confirmsRow(layout, trials.prove(right), "input", tensors[1])),
    ).toEqual([true, false]);
  });
});
