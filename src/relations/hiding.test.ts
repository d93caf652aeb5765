/**
 * Zero knowledge of whole proofs of small plans, with the equations that the real verifier derives from them
 * (docs/decisions/0004-zero-knowledge.md). The scalars sent in clear (lookup root, X(θ), Y(θ)) are held fixed: one fresh
 * reserved pad makes each of them uniform, and what is tested is that nothing else depends on the witness given them.
 */
import { describe, expect, it } from "vitest";
import { layoutStack, ROWS_PER_EXT } from "../commitment/stackLayout.ts";
import { HidingModel, type MaskDirection, type MaskKind } from "../commitment/testing/hidingModel.ts";
import { isZero, ZERO } from "../field/ext.ts";
import { createKernels } from "../kernels/createKernels.ts";
import { HiddenScalar } from "../masking/hiddenScalar.ts";
import {
  type MessageReader,
  PAD_DELTA,
  PAD_PRODUCT_X,
  PAD_PRODUCT_Y,
  RESERVED_PADS,
} from "../masking/messages.ts";
import { LABEL_VALUE as LABEL_PRODUCTS } from "../products/verifier.ts";
import { LABEL_ROUND } from "../sumcheck/verifier.ts";
import { Transcript } from "../transcript/transcript.ts";
import { LABEL_OPERAND, LABEL_PRODUCT } from "./linear/verifier.ts";
import { LABEL_EQUALITY_LAYER, reduceToRelations, transcriptSize } from "./reduce.ts";
import { DENSE_PLAN, WIRED_PLAN } from "./testing/hidingPlans.ts";
import { LABEL_VALUE } from "./views/verifier.ts";

const SHAPE = {
  logColumns: 3,
  logLength: 5,
  queries: 3,
  grindBits: 0,
  weightUses: 2,
  dataUses: 1,
  levels: [],
};

/** A conversation of random messages: the equations' coefficients depend on the challenges alone. */
function randomReader(labels: string[]): MessageReader {
  const random = new Transcript("conversation");
  return {
    hidden: (label) => {
      labels.push(label);
      return HiddenScalar.masked(random.challengeExt(label), RESERVED_PADS + labels.length - 1);
    },
    clear: (label) => random.challengeExt(label),
    challenge: (label) => random.challengeExt(label),
  };
}

function modelOf(plan: typeof DENSE_PLAN) {
  const numPads = transcriptSize(plan).pads;
  const labels: string[] = [];
  const relations = reduceToRelations(plan, randomReader(labels), () => new Int32Array());
  const layout = layoutStack(plan, numPads, SHAPE);
  const fixed = { plan, layout, relations, seed: "whole", positions: null };
  const model = new HidingModel(createKernels(), { openings: [fixed], reservedPads: RESERVED_PADS, numPads });
  // Pad cells left over at the end are uniform too, but how many there are is chance.
  const size = 2 ** SHAPE.logColumns;
  const lastPadRow = layout.firstMaskRow - ROWS_PER_EXT;
  const lastUsed = ((numPads - 1) % size) + 1;
  const isUsed = ({ kind, cells: [{ row, column }] }: MaskDirection): boolean =>
    kind !== "pads" || row < lastPadRow || column < lastUsed;
  const masks = model.masks.filter(isUsed);
  const leaked = (kept: readonly MaskDirection[]): number => {
    const ranks = model.ranks(kept);
    return ranks.withWitness - ranks.masks;
  };
  const padOf = ({ cells: [{ row, column }] }: MaskDirection): number =>
    Math.floor((row - layout.firstPadRow) / ROWS_PER_EXT) * size + column;
  return {
    numPads,
    labels,
    relations,
    layout,
    model,
    masks,
    leakedWithout: (kind: MaskKind) => leaked(masks.filter((mask) => mask.kind !== kind)),
    /** Without the pad of the scalar that was sent as the given one. */
    leakedWithoutPad: (scalar: number) =>
      leaked(masks.filter((mask) => mask.kind !== "pads" || padOf(mask) !== RESERVED_PADS + scalar)),
  };
}

const dense = modelOf(DENSE_PLAN);
const wired = modelOf(WIRED_PLAN);

describe.each([
  { name: "layer with bias", parts: dense, sizes: [70, 59, 537, 316] },
  { name: "grouped layer, windows, views", parts: wired, sizes: [51, 44, 416, 200] },
])("a proof of a small plan ($name)", ({ parts, sizes }) => {
  const { model, masks, relations, layout, numPads } = parts;

  it("shows nothing of the witness beyond what its public right sides say", () => {
    expect([numPads, layout.numRows, model.viewLength, model.witnessDimension]).toEqual(sizes);
    const ranks = model.ranks(masks);
    expect(ranks.masks).toBe(model.viewLength - model.checks);
    expect(ranks.withWitness).toBe(ranks.masks);
  });

  it("shows something without any one of the opening's masks", () => {
    expect([parts.leakedWithout("H"), parts.leakedWithout("G1"), parts.leakedWithout("G2")]).toEqual([
      4, 12, 12,
    ]);
  });

  it("has a reserved pad for each scalar in clear", () => {
    for (const pad of [PAD_DELTA, PAD_PRODUCT_X, PAD_PRODUCT_Y]) {
      const users = relations.filter(({ hidden }) => hidden.pads.has(pad));
      expect(users).toHaveLength(1);
      expect(isZero(users[0].hidden.pads.get(pad) ?? ZERO)).toBe(false);
    }
  });
});

describe("messages about groups, windows, views and equalities", () => {
  const { labels, leakedWithoutPad, leakedWithout } = wired;
  const first = labels.indexOf(LABEL_VALUE);

  it("are all there", () => {
    const coefficients = (count: number) => Array.from({ length: count }, () => LABEL_ROUND);
    const products = labels.slice(labels.indexOf(LABEL_PRODUCTS));
    expect(labels.slice(first)).toEqual([
      // The leaf's column, and the output behind its accumulators.
      LABEL_VALUE,
      LABEL_EQUALITY_LAYER,
      LABEL_VALUE,
      // Two rounds of degree 3: the group and the kernel.
      ...coefficients(6),
      LABEL_OPERAND,
      LABEL_OPERAND,
      LABEL_PRODUCT,
      // Two rounds of degree 2 over a tensor axis of up to four entries.
      ...coefficients(4),
      ...products,
    ]);
  });

  it.each([
    ["value of a column's view", 0],
    ["accumulator of an equality", 1],
    ["value of an equality's view", 2],
    ["coefficient of X³ in a group's round", 5],
    ["last coefficient of the layer", 8],
    ["windowed operand", 9],
    ["plain operand", 10],
    ["product of operands", 11],
    ["first coefficient of the views", 12],
    ["last coefficient of the views", 15],
  ])("show something where their pad is missing: %s", (_, message) => {
    expect(leakedWithoutPad(first + message)).toBe(4);
  });

  it("need the uniform cells of every tree", () => {
    const kinds = ["pads", "weightsCells", "adviceCells", "padCells"] as const;
    expect(kinds.map(leakedWithout)).toEqual([179, 3, 9, 84]);
  });
});
