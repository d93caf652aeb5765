import { describe, expect, it, vi } from "vitest";
import { add, type Ext, mul, ONE, scale, ZERO } from "../field/ext.ts";
import { getExt, toExtVector } from "../field/extVector.ts";
import { fromInteger } from "../field/m31.ts";
import { seededExts } from "../field/testing/seededExt.ts";
import { HiddenScalar } from "../masking/hiddenScalar.ts";
import { eqAtIndex } from "../poly/eq.ts";
import { realCells, splitPoint, totalBits } from "./axes.ts";
import { directWires, type PlanTensor } from "./plan.ts";
import { Relation } from "./relation.ts";
import { allIndices, naiveColumn, naiveEvaluation } from "./testing/naiveExpression.ts";
import { type RandomView, randomView } from "./testing/randomView.ts";
import { type AxisWeights, blockOf, eqCost, evaluateWeighted, isMappedSource, resolveWires } from "./view.ts";

const VIEWS = Array.from({ length: 200 }, (_, seed) => randomView(seed));

function naiveValue({ axes, tensorAxes, values, source }: RandomView, point: readonly Ext[]): Ext {
  const missing = () => {
    throw new Error("no layer");
  };
  const sources = { tensor: () => ({ axes: tensorAxes, values }), layer: missing };
  const value = { constant: 0, terms: [{ source, factor: 1 }] };
  return naiveEvaluation(axes, naiveColumn(sources, axes, value), point);
}

describe("the evaluation of a view", () => {
  it("is the sum over all of its cells", () => {
    VIEWS.forEach((view, seed) => {
      const { axes, tensorAxes, values, source } = view;
      const point = seededExts(seed, totalBits(axes));
      const [factor] = seededExts(seed + 1000, 1);
      const read = source.tensor === null ? [] : tensorAxes;
      const resolved = resolveWires(axes, read, source.wires, splitPoint(axes, point), factor);
      expect(resolved.weights).toHaveLength(read.length);
      const weighted = mul(resolved.factor, evaluateWeighted(read, values, resolved.weights));
      expect(weighted, `view ${seed}`).toEqual(mul(factor, naiveValue(view, point)));
    });
  });

  it("of little of a long axis takes no table of it", () => {
    const length = 1000;
    const point = seededExts(5, 10);
    const places = [0, 17, 999];
    const map = { from: Int32Array.of(1, 0, 1), to: [Int32Array.from(places)] };
    const made = vi.spyOn(Uint32Array.prototype, "subarray");
    const { weights } = resolveWires([length], [2], [{ axes: [0], map }], [point], ONE);
    const tables = made.mock.calls.length;
    made.mockRestore();
    expect(tables).toBe(0);
    const [first, second, third] = places.map((place) => eqAtIndex(point, place));
    expect(weights).toEqual([{ kind: "vector", values: toExtVector([second, add(first, third)]) }]);
    expect([eqCost(length, 3), eqCost(length, 100), eqCost(length, 101), eqCost(1, 7)]).toEqual([
      30, 1000, 1000, 0,
    ]);
  });

  it.each([
    ["a short axis behind a long one", [5000, 3]],
    ["short axes behind a long one", [4097, 2, 3]],
    ["short axes alone", [3, 2, 5, 2]],
    ["axes of length 1", [70, 1, 1]],
    ["short axes in front", [2, 3, 80]],
    ["many short axes", [3, 2, 3, 2, 3, 2, 3, 2, 3]],
  ])("of a public tensor, %s, is that of its cells", (_, axes) => {
    const values = Int32Array.from({ length: realCells(axes) }, (__, i) => ((i * 7919) % 4001) - 2000);
    const point = seededExts(6, totalBits(axes));
    const parts = splitPoint(axes, point);
    const weights = parts.map((own) => ({ kind: "point", point: own }) as const);
    let expected = ZERO;
    const tables = axes.map((length, axis) => Array.from({ length }, (__, i) => eqAtIndex(parts[axis], i)));
    for (let cell = 0; cell < values.length; cell++) {
      let rest = cell;
      let weight = ONE;
      for (let axis = axes.length - 1; axis >= 0; axis--) {
        weight = mul(weight, tables[axis][rest % axes[axis]]);
        rest = Math.floor(rest / axes[axis]);
      }
      expected = add(expected, scale(weight, fromInteger(values[cell])));
    }
    expect(evaluateWeighted(axes, values, weights)).toEqual(expected);
  });

  it("covers wires of every form", () => {
    const wires = VIEWS.flatMap(({ source }) => source.wires);
    expect(wires.some(({ map }) => map === null)).toBe(true);
    expect(wires.some(({ axes }) => axes.length === 2)).toBe(true);
    expect(wires.some(({ map }) => map?.from.length === 0)).toBe(true);
    expect(VIEWS.some(({ source }) => source.tensor === null && source.wires.length > 1)).toBe(true);
    const hasUnread = ({ axes, source }: RandomView): boolean =>
      axes.some((length, axis) => length > 1 && !source.wires.some((wire) => wire.axes.includes(axis)));
    expect(VIEWS.some(hasUnread)).toBe(true);
    const addsUp = ({ source }: RandomView): boolean =>
      source.wires.some(({ map }) => map !== null && new Set(map.to[0]).size < map.to[0].length);
    expect(VIEWS.some(addsUp)).toBe(true);
  });

  it("is what a relation adds, whoever holds the tensor", () => {
    VIEWS.forEach((view, seed) => {
      const { axes, tensorAxes, values, source } = view;
      const point = seededExts(seed, totalBits(axes));
      const value = { constant: 0, terms: [{ source, factor: fromInteger(-3) }] };
      const [factor] = seededExts(seed + 1000, 1);
      const expected = mul(factor, scale(naiveValue(view, point), fromInteger(-3)));
      for (const holder of ["public", "advice"] as const) {
        const tensors: PlanTensor[] = [{ name: "t", axes: tensorAxes, holder }];
        const relation = new Relation("test");
        const layerValue = () => HiddenScalar.known(ZERO);
        relation.addExpression(
          { tensors, publicValues: () => values, layerValue },
          axes,
          value,
          point,
          factor,
        );
        let sum = relation.hidden.constant;
        for (const term of relation.views)
          sum = add(sum, mul(term.factor, evaluateWeighted(tensorAxes, values, term.weights)));
        for (const term of relation.terms)
          sum = add(sum, mul(term.factor, naiveEvaluation(tensorAxes, residues(values), term.point)));
        expect(sum, `view ${seed}`).toEqual(expected);
        // Only hidden tensors that are read otherwise than as they are take a sumcheck.
        const isKnown = holder === "public" || source.tensor === null;
        const isMapped = !isKnown && source.wires.slice(0, tensorAxes.length).some(({ map }) => map !== null);
        expect(isMappedSource(tensors, source)).toBe(isMapped);
        expect([relation.views.length, relation.terms.length]).toEqual([
          isMapped ? 1 : 0,
          isKnown || isMapped ? 0 : 1,
        ]);
      }
    });
  });
});

function residues(values: Int32Array): number[] {
  return Array.from(values, fromInteger);
}

describe("weighted sums of a tensor", () => {
  it.each([[[]], [[1]], [[5]], [[3, 4]], [[2, 3, 5]], [[1, 7, 1, 2]]])("axes %j", (axes) => {
    const values = Int32Array.from({ length: realCells(axes) }, (_, i) => 37 * i - 400);
    const weights = axes.map((length, axis): AxisWeights => {
      const bits = totalBits([length]);
      if (axis % 2 === 0) return { kind: "point", point: seededExts(axis, bits) };
      return { kind: "vector", values: toExtVector(seededExts(axis, length)) };
    });
    const weightOf = (axis: number, entry: number): Ext => {
      const weight = weights[axis];
      return weight.kind === "point" ? eqAtIndex(weight.point, entry) : getExt(weight.values, entry);
    };
    const expected = allIndices(axes).reduce((sum, index, i) => {
      const product = index.reduce((value, entry, axis) => mul(value, weightOf(axis, entry)), ONE);
      return add(sum, scale(product, fromInteger(values[i])));
    }, ZERO);
    expect(evaluateWeighted(axes, values, weights)).toEqual(expected);
    expect(() => evaluateWeighted([...axes, 2], values, weights)).toThrow(RangeError);
  });
});

describe("the block of axes that a sumcheck binds", () => {
  const axes = [4, 3, 1, 5, 2];

  it("reaches from the first to the last that is not read as it is", () => {
    const mapped = (...list: number[]) => blockOf(axes, (axis) => list.includes(axis));
    expect(mapped()).toEqual({ from: 5, to: 5, bits: 0 });
    expect(mapped(0)).toEqual({ from: 0, to: 1, bits: 2 });
    expect(mapped(1, 3)).toEqual({ from: 1, to: 4, bits: 5 });
    expect(mapped(4)).toEqual({ from: 4, to: 5, bits: 1 });
    expect(mapped(0, 4)).toEqual({ from: 0, to: 5, bits: 8 });
    expect(mapped(2)).toEqual({ from: 2, to: 3, bits: 0 });
  });

  it("is empty for a view that only names its axes in another order", () => {
    const tensors: PlanTensor[] = [{ name: "t", axes: [2, 3], holder: "input" }];
    expect(isMappedSource(tensors, { kind: "tensor", tensor: 0, wires: directWires([1, 0]) })).toBe(false);
  });
});
