/**
 * Zero knowledge of whole proofs, measured. With the challenges held fixed, what an honest proof shows is uniform on one
 * affine space over F that the witness has no part in (docs/spec/20-zero-knowledge.md). The space is measured: more proofs
 * than it has dimensions are made, and their differences span it. The same for another witness, and for the simulator.
 */
import { describe, expect, it } from "vitest";
import { rowLength } from "../commitment/stackLayout.ts";
import { createKernels } from "../kernels/createKernels.ts";
import { everything, SpannedViews, verifierChecks } from "./testing/hiding/spannedViews.ts";
import { Trials } from "./testing/hiding/trial.ts";
import {
  DENSE,
  DENSE_PUBLIC_OUTPUT,
  DENSE_PUBLIC_WEIGHTS,
  LEAN,
  WIRED,
} from "./testing/hiding/trialPlans.ts";
import { Coins } from "./testing/simulator/coins.ts";
import { SimulatedTree } from "./testing/simulator/simulatedTree.ts";

const SHAPE = {
  logColumns: 3,
  logLength: 5,
  queries: 3,
  grindBits: 0,
  weightUses: 1,
  dataUses: 1,
  levels: [],
};

/** The vector is committed to, in rows of four, and opened in its turn. */
const LEVELED = { ...SHAPE, levels: [{ logColumns: 2, logLength: 4, queries: 2, grindBits: 0 }] };

describe.each([LEAN, WIRED])("proofs with a level of recursion of: $name", (plan) => {
  const kernels = createKernels();
  const trials = new Trials(kernels, plan, LEVELED, "levels");
  const first = plan.witness("first");
  const views = SpannedViews.of(everything(trials), () => trials.prove(first));

  it("show the same, but for the vector: whatever is left is uniform", () => {
    expect(views.rank).toBe(views.length);
    const whole = new Trials(kernels, plan, SHAPE, "levels").prove(first);
    const vector = 4 * rowLength(trials.layout.parameters);
    expect(trials.prove(first).words.length).toBe(whole.words.length - vector);
  });

  it("are simulated, the level computed from the vector as the prover does", () => {
    for (const view of [trials.prove(first), trials.simulate(first, "leveled")]) trials.verify(view, first);
  });
});

describe.each([LEAN, WIRED, DENSE_PUBLIC_OUTPUT, DENSE_PUBLIC_WEIGHTS, DENSE])("proofs of: $name", (plan) => {
  const kernels = createKernels();
  const trials = new Trials(kernels, plan, SHAPE, "rank");
  const first = plan.witness("first");
  const views = SpannedViews.of(everything(trials), () => trials.prove(first));

  it("of one witness are uniform but for what the verifier checks", () => {
    expect(views.rank).toBe(views.length - verifierChecks(trials));
  });

  it("of other witnesses lie in the same space", () => {
    for (const seed of ["second", "third"]) {
      const other = plan.witness(seed);
      const view = trials.prove(other);
      trials.verify(view, other);
      expect(views.isNews(view)).toBe(false);
    }
  });

  it("are what the simulator makes", () => {
    const simulated = SpannedViews.of(everything(trials), (i) => trials.simulate(first, `${i}`));
    expect(simulated.rank).toBe(views.rank);
    const view = trials.simulate(first, "one more");
    trials.verify(view, first);
    expect(views.isNews(view)).toBe(false);
    expect(simulated.isNews(trials.prove(plan.witness("second")))).toBe(false);
  });
});

it("simulated proofs that read one commitment to inputs and one to weights verify, with the same roots", () => {
  const kernels = createKernels();
  const shape = { ...SHAPE, weightUses: 2, dataUses: 2 };
  const both = ["one", "two"].map((seed) => new Trials(kernels, LEAN, shape, seed));
  const [{ layout }] = both;
  const [weights, input] = layout.trees.map(
    (tree) => new SimulatedTree(tree, shape.logLength, new Coins(`shared ${tree.name}`)),
  );
  expect(layout.trees.map(({ name }) => name).slice(0, 2)).toEqual(["weights", "input"]);
  const witness = LEAN.witness("first");
  const finish = both.map((trials) => trials.prepareSimulation(witness, trials.seed, { weights, input }));
  const views = finish.map((last) => last());
  views.forEach((view, i) => {
    both[i].verify(view, witness);
  });
  expect(views[0].roots.slice(0, 2)).toEqual(views[1].roots.slice(0, 2));
  expect(views[0].roots[2]).not.toEqual(views[1].roots[2]);
  expect(input.positionsOpened).toBeLessThanOrEqual(layout.trees[1].randomCells);
});
