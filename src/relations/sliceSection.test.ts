/** Slices against brute force: together they have the rows of the whole section, each once. */
import { describe, expect, it } from "vitest";
import { axisBits, realCells, totalBits } from "../claims/axes.ts";
import type { Expression, Source, Wire } from "../claims/plan.ts";
import { type EvaluationContext, Relation } from "../claims/relation.ts";
import {
  allIndices,
  type NaiveSources,
  type NaiveTensor,
  naiveColumn,
  naiveEvaluation,
} from "../claims/testing/naiveExpression.ts";
import { type RandomInteger, randomInteger } from "../claims/testing/randomView.ts";
import { evaluateWeighted } from "../claims/view.ts";
import { add, type Ext, mul, ONE } from "../field/ext.ts";
import { seededExts } from "../field/testing/seededExt.ts";
import { HiddenScalar } from "../masking/hiddenScalar.ts";
import type { Point } from "../poly/eq.ts";
import { readingPoint } from "./leaves.ts";
import { chooseSliceRule, type SectionSlice, type SliceRule, sliceSection } from "./sliceSection.ts";

/** Small axes stand in for large ones: `minBits` is lowered, the rest is as in the rules. */
const RULES: readonly SliceRule[] = [
  { minBits: 0, minSaving: 0.15 },
  { minBits: 0, minSaving: 0.12 },
  { minBits: 5, minSaving: 0.12 },
  { minBits: 0, minSaving: 0.01 },
];
const WHOLE: SliceRule = { minBits: Number.POSITIVE_INFINITY, minSaving: 1 };
const LENGTHS = [1, 2, 3, 5, 6, 7, 9, 11, 13, 17, 20, 21, 24];

interface Example {
  readonly axes: readonly number[];
  readonly columns: readonly Expression[];
  readonly tensors: readonly NaiveTensor[];
  readonly layers: readonly NaiveTensor[];
}

function shuffled(random: RandomInteger, count: number): number[] {
  const left = Array.from({ length: count }, (_, i) => i);
  return Array.from({ length: count }, () => left.splice(random(left.length), 1)[0]);
}

/** A section that reads indices, the constant 1 within bounds, tensors as they are or by wires, and turned layers. */
function randomSection(seed: number): Example {
  const random = randomInteger(seed);
  const axes = Array.from({ length: 1 + random(3) }, () => LENGTHS[random(LENGTHS.length)]);
  const tensors: NaiveTensor[] = [];
  const layers: NaiveTensor[] = [];
  const filled = (lengths: readonly number[]): NaiveTensor => ({
    axes: lengths,
    values: Int32Array.from({ length: realCells(lengths) }, () => random(2000) - 1000),
  });
  const pairs = (entries: number, over: readonly number[]): Wire => {
    const count = random(3 * axes[over[0]] + 1);
    return {
      axes: over,
      map: {
        from: Int32Array.from({ length: count }, () => random(entries)),
        to: over.map((axis) => Int32Array.from({ length: count }, () => random(axes[axis]))),
      },
    };
  };
  const source = (): Source => {
    const order = shuffled(random, axes.length);
    switch (random(5)) {
      case 0:
        return { kind: "index", axis: order[0] };
      case 1:
        layers.push(filled(order.map((axis) => axes[axis])));
        return { kind: "layer", layer: layers.length - 1, axes: order };
      case 2:
        return { kind: "tensor", tensor: null, wires: [pairs(1, order.slice(0, 1 + random(2)))] };
      case 3: {
        const read = order.slice(0, 1 + random(order.length));
        tensors.push(filled(read.map((axis) => axes[axis])));
        return {
          kind: "tensor",
          tensor: tensors.length - 1,
          wires: read.map((axis) => ({ axes: [axis], map: null })),
        };
      }
      default: {
        const length = 1 + random(6);
        const [first, ...rest] = order;
        tensors.push(filled([length, ...rest.map((axis) => axes[axis])]));
        const wires = [pairs(length, [first]), ...rest.map((axis) => ({ axes: [axis], map: null }))];
        return { kind: "tensor", tensor: tensors.length - 1, wires };
      }
    }
  };
  const columns = Array.from({ length: 2 }, () => ({
    constant: random(100),
    terms: Array.from({ length: 1 + random(3) }, () => ({ source: source(), factor: 1 + random(1000) })),
  }));
  return { axes, columns, tensors, layers };
}

function rowsOf({ axes, columns }: SectionSlice, sources: NaiveSources): string[] {
  const values = columns.map((column) => naiveColumn(sources, axes, column));
  return allIndices(axes).map((_, cell) => values.map((column) => column[cell]).join());
}

/** A slice's column at a point, as a verifier evaluates it from whole tensors and layers. */
function evaluated(example: Example, axes: readonly number[], column: Expression, point: Point): Ext {
  const { tensors, layers } = example;
  const context: EvaluationContext = {
    tensors: tensors.map((tensor) => ({ name: "", axes: tensor.axes, holder: "advice" })),
    publicValues: () => new Int32Array(),
    layerValue: (reading) => {
      const layer = layers[reading.layer];
      const residues = Array.from(layer.values, (x) => (x < 0 ? x + 2 ** 31 - 1 : x));
      return HiddenScalar.known(naiveEvaluation(layer.axes, residues, readingPoint(reading, point)));
    },
  };
  const relation = new Relation("slice");
  relation.addExpression(context, axes, column, point, ONE);
  let sum = relation.hidden.constant;
  for (const { tensor, factor, weights } of relation.views) {
    const value = evaluateWeighted(tensors[tensor].axes, Int32Array.from(tensors[tensor].values), weights);
    sum = add(sum, mul(factor, value));
  }
  for (const { tensor, factor, point: at } of relation.terms) {
    const residues = Array.from(tensors[tensor].values, (x) => (x < 0 ? x + 2 ** 31 - 1 : x));
    sum = add(sum, mul(factor, naiveEvaluation(tensors[tensor].axes, residues, at)));
  }
  return sum;
}

describe("slices of random sections", () => {
  const numSlices: number[] = [];

  it.each(Array.from({ length: 60 }, (_, seed) => seed))("have the rows of the whole: section %i", (seed) => {
    const example = randomSection(seed);
    const { axes, columns } = example;
    const sources: NaiveSources = {
      tensor: (id) => example.tensors[id],
      layer: (id) => example.layers[id],
    };
    const whole = rowsOf({ axes, columns }, sources).sort();
    for (const rule of [...RULES, WHOLE]) {
      const slices = sliceSection(axes, columns, rule);
      numSlices.push(slices.length);
      expect(slices.flatMap((slice) => rowsOf(slice, sources)).sort()).toEqual(whole);
    }
  });

  it.each(Array.from({ length: 20 }, (_, seed) => 100 + seed))(
    "mean the same at a point: section %i",
    (seed) => {
      const example = randomSection(seed);
      const sources: NaiveSources = {
        tensor: (id) => example.tensors[id],
        layer: (id) => example.layers[id],
      };
      for (const slice of sliceSection(example.axes, example.columns, RULES[3])) {
        const point = seededExts(seed, totalBits(slice.axes));
        for (const column of slice.columns) {
          const expected = naiveEvaluation(slice.axes, naiveColumn(sources, slice.axes, column), point);
          expect(evaluated(example, slice.axes, column, point)).toEqual(expected);
        }
      }
    },
  );

  it("were several, often more than one axis can have", () => {
    expect(numSlices.filter((count) => count > 1).length).toBeGreaterThan(100);
    expect(numSlices.filter((count) => count > 3).length).toBeGreaterThan(30);
  });
});

describe("every slice", () => {
  it.each(Array.from({ length: 130 }, (_, i) => i + 1))(
    "of %i entries stands at a multiple of its padded length",
    (length) => {
      for (const rule of RULES) {
        // Cut once more along the same axis as often as the rule wants.
        const index = { constant: 0, terms: [{ source: { kind: "index", axis: 0 }, factor: 1 }] } as const;
        const layer = {
          constant: 0,
          terms: [{ source: { kind: "layer", layer: 0, axes: [0] }, factor: 1 }],
        } as const;
        let covered = 0;
        for (const { axes, columns } of sliceSection([length], [index, layer], rule)) {
          const [{ constant }, { terms }] = columns;
          const { slices } = terms[0].source as Extract<Source, { kind: "layer" }>;
          const start = slices?.[0]?.start ?? 0;
          expect(constant).toBe(start);
          expect(start).toBe(covered);
          expect(start % 2 ** axisBits(axes[0])).toBe(0);
          expect(slices?.[0]?.axisLength ?? length).toBe(length);
          covered += axes[0];
        }
        expect(covered).toBe(length);
      }
    },
  );
});

describe("the rule", () => {
  it("cuts nothing where that saves no power of two", () => {
    const rule = chooseSliceRule([[96, 2 ** 12]], 2 ** 18);
    expect(sliceSection([96, 2 ** 12], [], rule)).toHaveLength(1);
  });

  it.each([
    ["one large section", [[96, 2 ** 13]], 0],
    [
      "several that fit once they are cut",
      [
        [24, 24, 20],
        [24, 24, 20],
        [24, 24, 20],
      ],
      2 ** 14,
    ],
  ])("never takes more leaves than whole sections do: %s", (_, sections, others) => {
    const leaves = (rule: SliceRule): number =>
      sections
        .flatMap((axes) => sliceSection(axes, [], rule))
        .reduce((sum, { axes }) => sum + 2 ** totalBits(axes), others + 1);
    const chosen = chooseSliceRule(sections, others);
    expect(axisBits(leaves(chosen))).toBeLessThan(axisBits(leaves(WHOLE)));
  });
});
