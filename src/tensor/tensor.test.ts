import { describe, expect, test } from "vitest";
import {
  broadcastShapes,
  broadcastStrides,
  elementCount,
  formatShape,
  resolveAxis,
  sameShape,
  stridesOf,
} from "./shape.ts";
import { walkStrided, walkStridedPair } from "./strided.ts";
import { elementTypeOf, floatTensor, intTensor, isFloatTensor, reshaped, zeros } from "./tensor.ts";

describe("shapes", () => {
  test("counts and strides are row-major", () => {
    expect(elementCount([])).toBe(1);
    expect(elementCount([2, 0, 3])).toBe(0);
    expect(stridesOf([2, 3, 4])).toEqual([12, 4, 1]);
    expect(formatShape([2, 3])).toBe("[2, 3]");
    expect(sameShape([2, 3], [2, 3])).toBe(true);
    expect(sameShape([2, 3], [2, 3, 1])).toBe(false);
  });

  test("axes count from either end", () => {
    expect(resolveAxis(-1, 3)).toBe(2);
    expect(resolveAxis(3, 3)).toBeUndefined();
    expect(resolveAxis(-4, 3)).toBeUndefined();
    expect(resolveAxis(0.5, 3)).toBeUndefined();
  });

  test("broadcasting stretches lengths of 1", () => {
    expect(broadcastShapes([2, 1, 4], [3, 1])).toEqual([2, 3, 4]);
    expect(broadcastShapes([], [3])).toEqual([3]);
    expect(broadcastShapes([0], [1])).toEqual([0]);
    expect(broadcastShapes([2], [3])).toBeUndefined();
    expect(broadcastStrides([3, 1], [2, 3, 4])).toEqual([0, 1, 0]);
  });
});

describe("walks", () => {
  test("of a transpose", () => {
    const offsets: number[] = [];
    walkStrided([3, 2], [1, 3], (position, offset) => {
      offsets[position] = offset;
    });
    expect(offsets).toEqual([0, 3, 1, 4, 2, 5]);
  });

  test("of two operands, a scalar and nothing", () => {
    const pairs: number[][] = [];
    walkStridedPair([2, 2], [2, 1], [0, 1], (_, a, b) => pairs.push([a, b]));
    expect(pairs).toEqual([
      [0, 0],
      [1, 1],
      [2, 0],
      [3, 1],
    ]);
    let visits = 0;
    walkStrided([], [], () => visits++);
    walkStrided([2, 0], [0, 1], () => visits++);
    expect(visits).toBe(1);
  });
});

describe("tensors", () => {
  test("hold as many elements as their shape says", () => {
    expect(() => floatTensor([2], [1])).toThrow(/expected 2 elements, got 1/);
    expect(() => intTensor([2], [1])).toThrow(RangeError);
    expect(() => reshaped(floatTensor([2], [1, 2]), [3])).toThrow(RangeError);
    expect(reshaped(floatTensor([2], [1, 2]), [2, 1]).shape).toEqual([2, 1]);
  });

  test("are told apart by their data", () => {
    expect(isFloatTensor(zeros("float32", [2]))).toBe(true);
    expect(elementTypeOf(intTensor([1], [1]))).toBe("int64");
    expect(zeros("int64", [2, 2]).data).toEqual(new Float64Array(4));
  });
});
