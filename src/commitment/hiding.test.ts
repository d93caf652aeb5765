/**
 * Zero knowledge of the opening by linear algebra (docs/decisions/0004-zero-knowledge.md): what the real prover shows,
 * over the real field and code, is compared for masks alone and for masks and witness together.
 */
import { describe, expect, test } from "vitest";
import { totalBits } from "../claims/axes.ts";
import type { ProofPlan } from "../claims/plan.ts";
import { type EvaluationContext, Relation } from "../claims/relation.ts";
import { circleEncode } from "../code/circle.ts";
import { type Ext, ONE } from "../field/ext.ts";
import { P } from "../field/m31.ts";
import { bytesToWords } from "../hash/blake3.ts";
import { createKernels } from "../kernels/createKernels.ts";
import { HiddenScalar } from "../masking/hiddenScalar.ts";
import { Transcript } from "../transcript/transcript.ts";
import { type CommitmentParameters, randomCells } from "./parameters.ts";
import { commitTree, loadTables } from "./prover/committedTree.ts";
import { freshSeed, SecretStream } from "./prover/secretStream.ts";
import { layoutStack, rowLength } from "./stackLayout.ts";
import {
  cellUse,
  HidingModel,
  type HidingSetup,
  type MaskDirection,
  type MaskKind,
} from "./testing/hidingModel.ts";
import { combination, Span } from "./testing/linearAlgebra.ts";
import { type FixedOpening, OpeningView, viewParts } from "./testing/openingView.ts";

const SHAPE: CommitmentParameters = {
  logColumns: 3,
  logLength: 5,
  queries: 3,
  grindBits: 0,
  weightUses: 1,
  dataUses: 1,
  levels: [],
};
const SIZE = 2 ** SHAPE.logColumns;

/** Rows of one piece, cut rows with a partial last one, a tensor shorter than a row; in both trees. */
const PLAN: ProofPlan = {
  tensors: [
    { name: "w0", axes: [3, 5], holder: "weights" },
    { name: "w1", axes: [11], holder: "weights" },
    { name: "a0", axes: [2, 11], holder: "advice" },
    { name: "a1", axes: [3], holder: "advice" },
  ],
  sections: [],
  layers: [],
  equalities: [],
};
const CONTEXT: EvaluationContext = {
  tensors: PLAN.tensors,
  publicValues: () => new Int32Array(),
  layerValue: () => HiddenScalar.known(ONE),
};
/** Two full rows of pads: unused cells would be masks that no proof may count on. */
const NUM_PADS = 16;

/** Equations with one masked value, with several, with none (a public right side), and between masked values alone. */
function relations(seed: string): Relation[] {
  const random = new Transcript(`relations ${seed}`);
  const draw = (): Ext => random.challengeExt("draw");
  const make = (tensors: readonly number[], pads: readonly number[]): Relation => {
    const relation = new Relation("test");
    for (const tensor of tensors) {
      const point = Array.from({ length: totalBits(PLAN.tensors[tensor].axes) }, draw);
      relation.addTensor(CONTEXT, tensor, point, draw());
    }
    for (const pad of pads) relation.addHidden(HiddenScalar.masked(draw(), pad), draw());
    relation.addKnown(draw());
    return relation;
  };
  return [
    make([0], [0]),
    make([1], [1]),
    make([2], [2]),
    make([3], [3]),
    make([0, 1, 2, 2, 3], [0, 4, 9]),
    make([2, 1], []),
    make([], [5, 6, 7, 8, 10, 11, 12, 13, 14, 15]),
  ];
}

function opening(
  parameters: CommitmentParameters,
  seed: string,
  positions: number[] | null = null,
): FixedOpening {
  const layout = layoutStack(PLAN, NUM_PADS, parameters);
  return { plan: PLAN, layout, relations: relations(seed), seed, positions };
}

function model(openings: readonly FixedOpening[], leak?: HidingSetup["leak"]): HidingModel {
  const setup = { openings, reservedPads: 0, numPads: NUM_PADS };
  return new HidingModel(createKernels(), leak === undefined ? setup : { ...setup, leak });
}

/** Dimensions over F of what is seen of the witness. */
function leaked(subject: HidingModel, masks?: readonly MaskDirection[]): number {
  const ranks = subject.ranks(masks);
  return ranks.withWitness - ranks.masks;
}

const single = model([opening(SHAPE, "one")]);

const masksOf = (subject: HidingModel, kinds: readonly MaskKind[]): MaskDirection[] =>
  subject.masks.filter(({ kind }) => kinds.includes(kind));

/** All masks, with only the first `cells` uniform cells of every row of data and pads. */
function fewerCells(subject: HidingModel, cells: number): MaskDirection[] {
  return subject.masks.filter(({ kind, cells: [{ column }] }) => !isCells(kind) || column < SIZE + cells);
}

function isCells(kind: MaskKind): boolean {
  return kind === "weightsCells" || kind === "adviceCells" || kind === "padCells";
}

test("nothing seen depends on the witness, and only the verifier's own equations hold on what is seen", () => {
  for (const subject of [single, model([opening(SHAPE, "two")])]) {
    const { masks, withWitness } = subject.ranks();
    expect(subject.viewLength).toBe(230);
    expect(subject.witnessDimension).toBe(116);
    expect(masks).toBe(subject.viewLength - subject.checks);
    expect(withWitness).toBe(masks);
  }
});

describe("every mask is needed", () => {
  // Dimensions over F that show without it.
  const cases: [MaskKind, number][] = [
    ["G1", 12],
    ["G2", 12],
    ["H", 4],
    ["weightsCells", 15],
    ["adviceCells", 15],
    ["padCells", 24],
    ["pads", 59],
  ];
  test.each(cases)("%s", (kind, dimensions) => {
    expect(leaked(single, single.without(kind))).toBe(dimensions);
  });

  test("uniform cells: as many as queries", () => {
    expect(leaked(single, fewerCells(single, 3))).toBe(0);
    expect(leaked(single, fewerCells(single, 2))).toBe(18);
    expect(leaked(single, fewerCells(single, 1))).toBe(36);
  });
});

describe("variants of the protocol that leak", () => {
  test("separate sums of the first two masks", () => {
    const subject = model([opening(SHAPE, "one")], (layout, row, column) =>
      [0, 1, 2, 3].map((c) => (row === layout.firstMaskRow + c && column === 0 ? 1 : 0)),
    );
    expect(leaked(subject)).toBe(4);
  });

  test("one row over F, four times, for a mask over K", () => {
    for (const kind of ["G1", "G2"] as const) {
      const own = masksOf(single, [kind]);
      const length = own.length / 4;
      const tied = own.slice(0, length).map(({ opening, cells: [{ row, column }] }) => ({
        kind,
        opening,
        cells: [0, 1, 2, 3].map((c) => ({ row: row + c, column })),
      }));
      expect(leaked(single, [...single.without(kind), ...tied])).toBe(8);
    }
  });

  test("one vector per tree", () => {
    const subject = model([opening(SHAPE, "one")], (layout, row, _, view) => {
      const { vector, columns } = viewParts(layout);
      const inFirstTree = row < layout.trees[0].numRows && view.length > 0;
      return Array.from({ length: columns - vector }, (_, i) => (inFirstTree ? view[vector + i] : 0));
    });
    expect(leaked(subject)).toBe(32);
  });

  test("an even number of uniform cells, at unlucky positions", () => {
    const shape = { ...SHAPE, queries: 4 };
    const positions = subsets(2 ** shape.logLength, 4).find((chosen) => cellRank(shape, 4, chosen) < 4);
    const subject = model([opening(shape, "one", positions as number[])]);
    expect(leaked(subject)).toBe(0);
    // One dimension of each row of data and pads.
    expect(leaked(subject, fewerCells(subject, 4))).toBe(18);
  });
});

describe("the budget of a weight commitment", () => {
  const two = { ...SHAPE, weightUses: 2 };
  const both = model([opening(two, "one"), opening(two, "two")]);

  test("as many openings as it allows", () => {
    for (const subject of [model([opening(two, "one")]), both]) {
      const { masks, withWitness } = subject.ranks();
      expect(masks).toBe(subject.viewLength - subject.checks);
      expect(withWitness).toBe(masks);
    }
  });

  test("a column opened twice is the same column", () => {
    const subject = model([opening(two, "one", [1, 5, 9]), opening(two, "two", [5, 9, 20])]);
    const { masks, withWitness } = subject.ranks();
    const weightRows = layoutStack(PLAN, NUM_PADS, two).trees[0].numRows;
    expect(masks).toBe(subject.viewLength - subject.checks - 2 * weightRows);
    expect(withWitness).toBe(masks);
  });

  test("one opening more leaks", () => {
    expect(leaked(model([opening(SHAPE, "one"), opening(SHAPE, "two")]))).toBe(15);
    expect(leaked(model([opening(two, "one"), opening(two, "two"), opening(two, "three")]))).toBeGreaterThan(
      0,
    );
  });

  test("masks must fill the slots of the longest tree", () => {
    const short = SIZE + randomCells(SHAPE, 1);
    const masks = both.masks.filter(
      ({ kind, cells: [{ column }] }) => column < short || !["G1", "G2", "H"].includes(kind),
    );
    expect(leaked(both, masks)).toBeGreaterThan(0);
  });
});

describe("levels of recursion", () => {
  const levels = [
    { logColumns: 2, logLength: 4, queries: 5, grindBits: 0 },
    { logColumns: 1, logLength: 3, queries: 2, grindBits: 0 },
  ];
  const inClear = single.ranks().masks;

  test.each([1, 2])(
    "%i of them show nothing of the witness, and no more than the vector in clear",
    (count) => {
      const subject = model([opening({ ...SHAPE, levels: levels.slice(0, count) }, "one")]);
      const { masks, withWitness } = subject.ranks();
      expect(withWitness).toBe(masks);
      expect(masks).toBeLessThanOrEqual(inClear);
      // What they show still depends on the masks of the first matrix.
      expect(leaked(subject, subject.without("H"))).toBeGreaterThan(0);
    },
  );
});

test("an odd number of uniform cells covers any choice of as many columns", () => {
  for (const chosen of subsets(2 ** SHAPE.logLength, 3)) expect(cellRank(SHAPE, 3, chosen)).toBe(3);
});

test("the prover's messages are linear in the committed cells", () => {
  const fixed = opening(SHAPE, "one");
  const view = new OpeningView(createKernels(), fixed);
  const length = rowLength(SHAPE);
  const { numRows } = fixed.layout;
  const words = new Transcript("matrix").challengeBytes("cells", 4 * numRows * length);
  const matrix = bytesToWords(words).map((word) => (word & P) % P);
  const cells = Array.from(matrix, (_, at) => view.ofCell(Math.floor(at / length), at % length));
  expect(view.ofMatrix(matrix)).toEqual(combination(matrix, cells, viewParts(fixed.layout).length));
});

test("the prover fills the cells that count as masks, freshly each time, and no others", () => {
  const { layout } = opening({ ...SHAPE, weightUses: 2 }, "one");
  const kernels = createKernels();
  const tables = loadTables(kernels, SHAPE);
  const values = PLAN.tensors.map(({ axes }) => {
    const size = 2 ** totalBits(axes);
    const ptr = kernels.alloc(size);
    kernels.words.fill(7, ptr / 4, ptr / 4 + size);
    return ptr;
  });
  for (const tree of layout.trees) {
    const input = { plan: PLAN, layout, tree, tensor: (id: number) => values[id] };
    const [first, second] = [1, 2].map(() =>
      commitTree(kernels, tables, input, new SecretStream(kernels, freshSeed(), tree.name)),
    );
    const seen = new Set<number>();
    let masks = 0;
    for (let row = 0; row < tree.numRows; row++) {
      for (let column = 0; column < first.rowStride; column++) {
        const at = row * first.rowStride + column;
        const [a, b] = [first, second].map(({ rows }) => kernels.words[rows / 4 + at]);
        const inside = column < rowLength(layout.parameters);
        const use = inside ? cellUse(layout, tree.firstRow + row, column, 0, NUM_PADS) : "empty";
        if (use === "data") expect([0, 7]).toContain(a);
        if (use === "empty") expect(a).toBe(0);
        if (use === "data" || use === "empty") expect(b).toBe(a);
        else {
          masks++;
          seen.add(a).add(b);
        }
      }
    }
    expect(seen.size).toBe(2 * masks);
  }
});

/** Rank over F of the first uniform cells' values at these positions. */
function cellRank(parameters: CommitmentParameters, cells: number, positions: readonly number[]): number {
  const span = new Span();
  for (const codeword of cellCodewords(parameters.logLength, cells))
    span.insert(Uint32Array.from(positions, (position) => codeword[position]));
  return span.rank;
}

const codewords = new Map<number, Uint32Array[]>();

function cellCodewords(logLength: number, cells: number): Uint32Array[] {
  const known = codewords.get(cells);
  if (known !== undefined) return known;
  const fresh = Array.from({ length: cells }, (_, cell) => {
    const unit = new Uint32Array(SIZE + cell + 1);
    unit[SIZE + cell] = 1;
    return circleEncode(unit, logLength);
  });
  codewords.set(cells, fresh);
  return fresh;
}

/** All ascending choices of `size` numbers below `bound`. */
function subsets(bound: number, size: number): number[][] {
  if (size === 0) return [[]];
  return subsets(bound, size - 1).flatMap((chosen) => {
    const from = chosen.length === 0 ? 0 : chosen[chosen.length - 1] + 1;
    return Array.from({ length: bound - from }, (_, i) => [...chosen, from + i]);
  });
}
