/**
 * Challenges for which the hiding argument does not hold (docs/decisions/0004, Distance): what each side does where it
 * can tell, and that the others, which nobody can tell in time, are rightly counted as a loss.
 */
import { describe, expect, it } from "vitest";
import { totalBits } from "../claims/axes.ts";
import type { ProofPlan } from "../claims/plan.ts";
import { Relation } from "../claims/relation.ts";
import { type Ext, ONE, ZERO } from "../field/ext.ts";
import { seededExts } from "../field/testing/seededExt.ts";
import { createKernels } from "../kernels/createKernels.ts";
import { HiddenScalar } from "../masking/hiddenScalar.ts";
import { LABEL_KAPPA, LABEL_LAMBDA, LABEL_RHO, type Opening } from "./opening.ts";
import type { CommitmentParameters } from "./parameters.ts";
import { commitTree, loadTables } from "./prover/committedTree.ts";
import { proveOpening } from "./prover/openingProver.ts";
import { freshSeed, SecretStream } from "./prover/secretStream.ts";
import { layoutStack } from "./stackLayout.ts";
import { FixedTranscript } from "./testing/fixedTranscript.ts";
import { HidingModel } from "./testing/hidingModel.ts";
import { verifyOpeningHead } from "./verifier.ts";

const PARAMETERS: CommitmentParameters = {
  logColumns: 3,
  logLength: 5,
  queries: 3,
  grindBits: 0,
  weightUses: 1,
  dataUses: 1,
  levels: [],
};
const NUM_PADS = 8;
const PLAN: ProofPlan = {
  tensors: [
    { name: "w", axes: [11], holder: "weights" },
    { name: "a", axes: [2, 5], holder: "advice" },
  ],
  sections: [],
  layers: [],
  equalities: [],
};
const LAYOUT = layoutStack(PLAN, NUM_PADS, PARAMETERS);
const kernels = createKernels({ threads: 1 });

type Chosen = Readonly<Record<string, Ext>>;

function transcript(chosen: Chosen): FixedTranscript {
  return new FixedTranscript("degenerate", null, chosen);
}

/** An opening of random rows about which nothing is claimed. */
function open(chosen: Chosen): Opening {
  const tables = loadTables(kernels, PARAMETERS);
  const zeros = PLAN.tensors.map(({ axes }) => kernels.alloc(2 ** totalBits(axes)));
  const trees = LAYOUT.trees.map((tree) =>
    commitTree(
      kernels,
      tables,
      { plan: PLAN, layout: LAYOUT, tree, tensor: (id) => zeros[id] },
      new SecretStream(kernels, freshSeed(), tree.name),
    ),
  );
  return proveOpening(kernels, tables, transcript(chosen), PLAN, LAYOUT, [], trees);
}

function readHead(opening: Opening, chosen: Chosen): void {
  verifyOpeningHead(transcript(chosen), PLAN, LAYOUT, [], opening.head);
}

describe("a blending challenge of zero", () => {
  const kappa = { [LABEL_KAPPA]: ZERO };

  it("stops the prover before the vector, which has no other mask", () => {
    expect(() => open(kappa)).toThrow(
      expect.objectContaining({ name: "TensorproofError", code: "prove.degenerate" }),
    );
  });

  it("is refused by the verifier, whatever was sent", () => {
    const opening = open({});
    expect(() => readHead(opening, {})).not.toThrow();
    expect(() => readHead(opening, kappa)).toThrow(expect.objectContaining({ code: "opening.kappa" }));
  });
});

describe("other degenerate challenges", () => {
  const point = seededExts(4, 8);
  const relations = PLAN.tensors.map(({ name, axes }, tensor) => {
    const relation = new Relation(name);
    relation.terms.push({ tensor, point: point.slice(0, totalBits(axes)), factor: ONE });
    relation.addHidden(HiddenScalar.masked(point[7], tensor), ONE);
    return relation;
  });
  const leaked = (chosen: Chosen): number => {
    const opening = { plan: PLAN, layout: LAYOUT, relations, seed: "degenerate", positions: null, chosen };
    const model = new HidingModel(kernels, { openings: [opening], reservedPads: 0, numPads: NUM_PADS });
    const { masks, withWitness } = model.ranks();
    return withWitness - masks;
  };
  const cases: readonly (readonly [string, Chosen])[] = [
    ["lambda zero: no weight for the masks of the rounds", { [LABEL_LAMBDA]: ZERO }],
    ["rho on nodes of the cube, 0", { [LABEL_RHO]: ZERO }],
    ["rho on nodes of the cube, 1", { [LABEL_RHO]: ONE }],
  ];

  it("are the exception: drawn challenges leak nothing", () => {
    expect(leaked({})).toBe(0);
    expect(leaked({ [LABEL_KAPPA]: ONE })).toBe(0);
  });

  it.each(cases)("%s", (_, chosen) => {
    // Verifiers accept them, as they must: the equations hold. Hiding counts them as a loss.
    const opening = open(chosen);
    expect(() => readHead(opening, chosen)).not.toThrow();
    expect(leaked(chosen)).toBeGreaterThan(0);
  });
});
