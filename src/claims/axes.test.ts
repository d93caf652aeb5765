import { describe, expect, it, vi } from "vitest";
import { add, type Ext, mul, ONE, scale, sub, ZERO } from "../field/ext.ts";
import { dotBase } from "../field/extVector.ts";
import { fromInteger } from "../field/m31.ts";
import { seededExts } from "../field/testing/seededExt.ts";
import { HiddenScalar } from "../masking/hiddenScalar.ts";
import { eqAtIndex, eqTable } from "../poly/eq.ts";
import { axisBits, forEachRealCell, realCells, realIndicator, splitPoint, totalBits } from "./axes.ts";
import { directWires, type Expression } from "./plan.ts";
import { evaluateTensor, Relation } from "./relation.ts";

const SHAPES: readonly (readonly number[])[] = [[], [1], [5], [8], [3, 5], [1, 7], [2, 3, 5], [4, 1, 6]];

/** Virtual index of each real cell, by counting through all multi-indices. */
function naiveCells(axes: readonly number[]): { virtual: number; index: number[] }[] {
  return Array.from({ length: realCells(axes) }, (_, real) => {
    const index: number[] = [];
    let rest = real;
    for (let i = axes.length - 1; i >= 0; i--) {
      index[i] = rest % axes[i];
      rest = Math.floor(rest / axes[i]);
    }
    const bits = index.map((value, i) => value.toString(2).padStart(axisBits(axes[i]), "0"));
    const digits = bits.filter((_, i) => axes[i] > 1).join("");
    return { virtual: digits === "" ? 0 : Number.parseInt(digits, 2), index };
  });
}

describe.each(SHAPES.map((axes) => [axes]))("axes %j", (axes) => {
  const cells = naiveCells(axes);
  const point = seededExts(11, totalBits(axes));
  const sum = (value: (real: number) => number): Ext =>
    cells.reduce(
      (total, { virtual }, real) => add(total, scale(eqAtIndex(point, virtual), fromInteger(value(real)))),
      ZERO,
    );

  it("visits every real cell once, in order", () => {
    const visited: number[] = [];
    forEachRealCell(axes, (real, virtual) => {
      visited[real] = virtual;
    });
    expect(visited).toEqual(cells.map(({ virtual }) => virtual));
  });

  it("has the indicator of its real cells as brute force gives it", () => {
    expect(realIndicator(axes, point)).toEqual(sum(() => 1));
  });

  it("evaluates tensors and expressions on real cells only", () => {
    const values = Int32Array.from(cells, (_, real) => 1000 * real - 1700);
    expect(evaluateTensor(axes, values, point)).toEqual(sum((real) => values[real]));
    if (axes.length === 0) return;
    const axis = axes.length - 1;
    const expression: Expression = {
      constant: 3,
      terms: [
        { factor: 5, source: { kind: "index", axis } },
        { factor: 7, source: { kind: "tensor", tensor: 0, wires: directWires([0]) } },
      ],
    };
    const along = Int32Array.from({ length: axes[0] }, (_, i) => 10 * i - 15);
    const relation = new Relation("test");
    const context = {
      tensors: [{ name: "t", axes: [axes[0]], holder: "public" as const }],
      publicValues: () => along,
      layerValue: () => HiddenScalar.known(ZERO),
    };
    const factor: Ext = [2, 0, 1, 0];
    relation.addExpression(context, axes, expression, point, factor);
    const expected = sum((real) => 3 + 5 * cells[real].index[axis] + 7 * along[cells[real].index[0]]);
    expect(relation.hidden.constant).toEqual(mul(factor, expected));
    expect(relation.terms).toEqual([]);
  });

  it("refuses points of another length", () => {
    expect(() => splitPoint(axes, [...point, ZERO])).toThrow(RangeError);
  });
});

describe("bits of an axis", () => {
  it("are exact around every power of two", () => {
    expect([1, 2, 3, 4, 5].map(axisBits)).toEqual([0, 1, 2, 2, 3]);
    for (let bits = 2; bits < 53; bits++) {
      expect([2 ** bits - 1, 2 ** bits, 2 ** bits + 1].map(axisBits)).toEqual([bits, bits, bits + 1]);
    }
  });

  it("do not depend on how an engine rounds logarithms", () => {
    const log2 = vi.spyOn(Math, "log2").mockReturnValue(Number.NaN);
    expect(axisBits(2 ** 29 + 1)).toBe(30);
    log2.mockRestore();
  });
});

describe("hidden scalars", () => {
  it("combine like the values they stand for", () => {
    const [a, b, padA, padB, factor] = seededExts(5, 5);
    const reveal = (scalar: HiddenScalar): Ext => {
      const pads = [padA, padB];
      return [...scalar.pads].reduce((value, [pad, c]) => add(value, mul(c, pads[pad])), scalar.constant);
    };
    const x = HiddenScalar.masked(a, 0);
    const y = HiddenScalar.masked(b, 1);
    const expected = add(add(a, padA), mul(factor, add(b, padB)));
    expect(reveal(x.plus(y, factor))).toEqual(expected);
    expect(reveal(x.minus(x))).toEqual(ZERO);
    expect(reveal(x.plusKnown(b).times(factor))).toEqual(mul(factor, add(add(a, padA), b)));
  });
});

it("evaluates a tensor whose padding no memory would hold", () => {
  const axes = Array.from({ length: 7 }, () => 5).concat(9, 3);
  expect(2 ** totalBits(axes)).toBeGreaterThan(60 * realCells(axes));
  const point = seededExts(12, totalBits(axes));
  const ones = new Int32Array(realCells(axes)).fill(1);
  expect(evaluateTensor(axes, ones, point)).toEqual(realIndicator(axes, point));
});

it.each([1024, 1025, 3000, 4096])("evaluates an axis of %i entries block by block", (length) => {
  const values = Int32Array.from({ length: 2 * length }, (_, i) => ((i * 7919) % 4001) - 2000);
  const point = seededExts(13, totalBits([2, length]));
  const table = eqTable(point.slice(1), length);
  const expected = [sub(ONE, point[0]), point[0]].map((weight, row) =>
    mul(
      weight,
      dotBase(Uint32Array.from(values.subarray(row * length, (row + 1) * length), fromInteger), table),
    ),
  );
  expect(evaluateTensor([2, length], values, point)).toEqual(expected.reduce(add));
});
