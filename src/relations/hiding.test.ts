/**
 * Zero knowledge of a whole proof of a small plan, with the equations that the real verifier derives from it
 * (docs/decisions/0004-zero-knowledge.md). The scalars sent in clear (lookup root, X(θ), Y(θ)) are held fixed: one fresh
 * reserved pad makes each of them uniform, and what is tested is that nothing else depends on the witness given them.
 */
import { expect, test } from "vitest";
import { directWires, type Expression, type Operand, type ProofPlan } from "../claims/plan.ts";
import { layoutStack, ROWS_PER_EXT } from "../commitment/stackLayout.ts";
import { HidingModel, type MaskDirection, type MaskKind } from "../commitment/testing/hidingModel.ts";
import { isZero, ZERO } from "../field/ext.ts";
import { P } from "../field/m31.ts";
import { createKernels } from "../kernels/createKernels.ts";
import { HiddenScalar } from "../masking/hiddenScalar.ts";
import {
  type MessageReader,
  PAD_DELTA,
  PAD_PRODUCT_X,
  PAD_PRODUCT_Y,
  RESERVED_PADS,
} from "../masking/messages.ts";
import { Transcript } from "../transcript/transcript.ts";
import { reduceToRelations, transcriptSize } from "./reduce.ts";

const SHAPE = { logColumns: 3, logLength: 5, queries: 3, grindBits: 0, weightUses: 2, dataUses: 1 };

const values = (...entries: number[]): Expression => ({
  constant: 0,
  terms: [{ source: { kind: "values", values: Int32Array.from(entries) }, factor: 1 }],
});

const operand = (axes: number[], tensor: number): Operand => ({
  axes,
  value: {
    constant: 0,
    terms: [{ source: { kind: "tensor", tensor, wires: directWires([0, 1]) }, factor: 1 }],
  },
});

/** One layer with bias; its accumulators are looked up beside a committed tensor and equal a committed output. */
const PLAN: ProofPlan = {
  tensors: [
    { name: "weight", axes: [2, 9], holder: "weights" },
    { name: "bias", axes: [2], holder: "weights" },
    { name: "x", axes: [2, 9], holder: "input" },
    { name: "output", axes: [2, 2], holder: "output" },
    { name: "y", axes: [2, 2], holder: "advice" },
    { name: "multiplicity", axes: [3], holder: "advice" },
  ],
  sections: [
    {
      name: "rows",
      axes: [2, 2],
      tag: 1,
      columns: [
        { constant: 0, terms: [{ source: { kind: "layer", layer: 0, axes: [0, 1] }, factor: 1 }] },
        {
          constant: 1,
          terms: [{ source: { kind: "tensor", tensor: 4, wires: directWires([0, 1]) }, factor: 1 }],
        },
      ],
      multiplicity: null,
    },
    { name: "table", axes: [3], tag: 1, columns: [values(4, 5, 6), values(1, 2, 3)], multiplicity: 5 },
  ],
  layers: [
    {
      name: "layer",
      axes: [2, 2, 9],
      numOutputAxes: 2,
      left: operand([0, 2], 2),
      right: operand([1, 2], 0),
      bias: 1,
    },
  ],
  equalities: [
    {
      name: "output",
      axes: [2, 2],
      value: {
        constant: 0,
        terms: [
          { source: { kind: "layer", layer: 0, axes: [0, 1] }, factor: 1 },
          { source: { kind: "tensor", tensor: 3, wires: directWires([0, 1]) }, factor: P - 1 },
        ],
      },
    },
  ],
};

/** A conversation of random messages: the equations' coefficients depend on the challenges alone. */
function randomReader(): MessageReader {
  const random = new Transcript("conversation");
  let pad = RESERVED_PADS;
  return {
    hidden: (label) => HiddenScalar.masked(random.challengeExt(label), pad++),
    clear: (label) => random.challengeExt(label),
    challenge: (label) => random.challengeExt(label),
  };
}

test("a proof shows nothing of the witness beyond what its public right sides say", () => {
  const numPads = transcriptSize(PLAN).pads;
  const relations = reduceToRelations(PLAN, randomReader(), () => new Int32Array());
  const layout = layoutStack(PLAN, numPads, SHAPE);
  const fixed = { plan: PLAN, layout, relations, seed: "whole", positions: null };
  const model = new HidingModel(createKernels(), { openings: [fixed], reservedPads: RESERVED_PADS, numPads });
  expect([numPads, layout.numRows, model.viewLength, model.witnessDimension]).toEqual([70, 60, 540, 324]);

  // Pad cells left over at the end are uniform too, but how many there are is chance.
  const lastPadRow = layout.firstMaskRow - ROWS_PER_EXT;
  const used = ({ kind, cells: [{ row, column }] }: MaskDirection): boolean =>
    kind !== "pads" || row < lastPadRow || column < numPads % 2 ** SHAPE.logColumns;
  const { masks, withWitness } = model.ranks(model.masks.filter(used));
  expect(masks).toBe(model.viewLength - model.checks);
  expect(withWitness).toBe(masks);

  const leaked = (kind: MaskKind): number => {
    const ranks = model.ranks(model.without(kind).filter(used));
    return ranks.withWitness - ranks.masks;
  };
  expect(leaked("H")).toBe(4);
  expect(leaked("G1")).toBe(12);

  // Each scalar in clear has a reserved pad of its own.
  for (const pad of [PAD_DELTA, PAD_PRODUCT_X, PAD_PRODUCT_Y]) {
    const users = relations.filter(({ hidden }) => hidden.pads.has(pad));
    expect(users).toHaveLength(1);
    expect(isZero(users[0].hidden.pads.get(pad) ?? ZERO)).toBe(false);
  }
});
