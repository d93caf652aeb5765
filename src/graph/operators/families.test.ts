import { describe, expect, test } from "vitest";
import { floatTensor, type IntegerType, intTensor, type Tensor } from "../../tensor/tensor.ts";
import { evaluateDraft } from "../evaluateDraft.ts";
import type { Attribute } from "../node.ts";
import { draftOf, int, ints, reals } from "../testing/draft.ts";
import { errorFunction } from "./functions.ts";

/** The first output of one node on these inputs. */
function evaluate(
  operator: string,
  inputs: readonly Tensor[],
  attributes: Readonly<Record<string, Attribute>> = {},
  opset = 18,
): Tensor {
  const names = inputs.map((_, i) => `x${i}`);
  const draft = draftOf({ inputs: {}, nodes: [{ operator, inputs: names, attributes, opset }] });
  const given = new Map(inputs.map((tensor, i) => [names[i], tensor]));
  const withInputs = {
    ...draft,
    inputs: names.map((name) => ({ name, type: "float32" as const, shape: undefined })),
  };
  return evaluateDraft(withInputs, given)[0];
}

const typed = (type: IntegerType, ...data: number[]): Tensor => intTensor([data.length], data, type);
const text = (value: string): Attribute => ({ type: "string", value });
const list = (tensor: Tensor): number[] => Array.from(tensor.data);

describe("integers wrap as their types do", () => {
  test.each([
    ["Add", "uint8", 250, 10, 4],
    ["Sub", "uint8", 3, 5, 254],
    ["Mul", "int8", 100, 3, 44],
    ["Add", "int16", 32767, 1, -32768],
    ["Div", "int32", -7, 2, -3],
    ["Mod", "int32", -7, 3, 2],
    ["BitwiseAnd", "int8", -2, 7, 6],
    ["BitwiseXor", "uint16", 65535, 255, 65280],
    ["Pow", "int32", 3, 4, 81],
  ] as const)("%s of %s: %d and %d", (operator, type, a, b, expected) => {
    expect(list(evaluate(operator, [typed(type, a), typed(type, b)]))).toEqual([expected]);
  });

  test("shifts and complements", () => {
    const shift = (direction: string): number[] =>
      list(
        evaluate("BitShift", [typed("uint8", 129, 3), typed("uint8", 1, 2)], { direction: text(direction) }),
      );
    expect(shift("LEFT")).toEqual([2, 12]);
    expect(shift("RIGHT")).toEqual([64, 0]);
    expect(list(evaluate("BitwiseNot", [typed("uint8", 0, 255)]))).toEqual([255, 0]);
    expect(list(evaluate("Cast", [reals([3], 300.7, -1.5, Number.NaN)], { to: int(2) }))).toEqual([
      44, 255, 0,
    ]);
  });
});

test("the error function is right to double precision on both sides of its two formulas", () => {
  // Values from Abramowitz and Stegun, table 7.1.
  for (const [x, y] of [
    [0, 0],
    [0.5, 0.5204998778],
    [1, 0.8427007929],
    [2, 0.995322265],
    [3, 0.9999779095],
  ]) {
    expect(errorFunction(x)).toBeCloseTo(y, 9);
    expect(errorFunction(-x)).toBeCloseTo(-y, 9);
  }
  expect(Math.abs(errorFunction(2.5 - 1e-12) - errorFunction(2.5))).toBeLessThan(1e-11);
});

describe("order", () => {
  test("TopK gives equals in the order of their indices, whichever end is asked for", () => {
    const x = reals([1, 5], 2, 7, 7, 1, 2);
    expect(list(evaluate("TopK", [x, typed("int64", 3)]))).toEqual([7, 7, 2]);
    expect(list(evaluate("TopK", [x, typed("int64", 3)], { largest: int(0) }))).toEqual([1, 2, 2]);
  });

  test("Hardmax and ArgMin choose one", () => {
    expect(list(evaluate("Hardmax", [reals([2, 3], 1, 3, 3, 5, 5, 5)]))).toEqual([0, 1, 0, 1, 0, 0]);
    const attributes = { axis: int(1), keepdims: int(0), select_last_index: int(1) };
    expect(list(evaluate("ArgMin", [reals([1, 3], 1, 0, 0)], attributes))).toEqual([2]);
  });

  test("Unique in order of value or of appearance", () => {
    expect(list(evaluate("Unique", [reals([5], 3, 1, 3, 2, 1)]))).toEqual([1, 2, 3]);
    expect(list(evaluate("Unique", [reals([5], 3, 1, 3, 2, 1)], { sorted: int(0) }))).toEqual([3, 1, 2]);
  });
});

describe("indices", () => {
  const data = reals([2, 3], 1, 2, 3, 4, 5, 6);

  test("count from either end", () => {
    const indices = intTensor([2, 2], [0, -1, 1, -3]);
    expect(list(evaluate("GatherElements", [data, indices], { axis: int(1) }))).toEqual([1, 3, 5, 4]);
    expect(list(evaluate("GatherND", [data, intTensor([2, 2], [0, 2, 1, 0])]))).toEqual([3, 4]);
    expect(list(evaluate("OneHot", [typed("int64", -1, 5), typed("int64", 3), reals([2], 0, 9)]))).toEqual([
      0, 0, 9, 0, 0, 0,
    ]);
  });

  test("outside an axis are refused", () => {
    expect(() => evaluate("GatherElements", [data, intTensor([1, 1], [3])], { axis: int(1) })).toThrow(
      expect.objectContaining({ code: "model.shapeMismatch" }),
    );
  });

  test("scatter with a reduction as often as they occur", () => {
    const indices = intTensor([3, 1], [1, 1, 0]);
    const updates = reals([3, 3], 1, 1, 1, 2, 2, 2, 10, 10, 10);
    const reduce = (reduction: string): number[] =>
      list(evaluate("ScatterND", [data, indices, updates], { reduction: text(reduction) }));
    expect(reduce("add")).toEqual([11, 12, 13, 7, 8, 9]);
    expect(reduce("max")).toEqual([10, 10, 10, 4, 5, 6]);
  });
});

describe("bodies of simpler operators", () => {
  test("a normalised layer has mean 0 and variance 1", () => {
    const x = floatTensor(
      [2, 8],
      Float32Array.from({ length: 16 }, (_, i) => (i * i) % 11),
    );
    const y = list(evaluate("LayerNormalization", [x, reals([8], 1, 1, 1, 1, 1, 1, 1, 1)]));
    for (const row of [y.slice(0, 8), y.slice(8)]) {
      expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(0, 5);
      expect(row.reduce((a, b) => a + b * b, 0) / 8).toBeCloseTo(1, 3);
    }
  });

  test("attention that may see one key only gives its value, and zeros where it may see none", () => {
    const q = reals([1, 1, 2, 2], 1, 2, 3, 4);
    const v = reals([1, 1, 2, 2], 5, 6, 7, 8);
    const mask = intTensor([2, 2], [0, 1, 0, 0], "bool");
    expect(list(evaluate("Attention", [q, q, v, mask], {}, 23))).toEqual([7, 8, 0, 0]);
  });

  test("an LSTM of one step is its formula", () => {
    const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
    const w = reals([1, 4, 1], 0.5, -0.3, 0.8, 0.2);
    const r = reals([1, 4, 1], 0, 0, 0, 0);
    const draft = evaluate("LSTM", [reals([1, 1, 1], 2), w, r], { hidden_size: int(1) });
    const [i, o, , c] = [1, -0.6, 1.6, 0.4];
    expect(draft.data[0]).toBeCloseTo(sigmoid(o) * Math.tanh(sigmoid(i) * Math.tanh(c)), 6);
  });
});

describe("sums over named axes", () => {
  const x = reals([2, 2], 1, 2, 3, 4);
  const einsum = (equation: string, ...operands: Tensor[]): number[] =>
    list(evaluate("Einsum", operands, { equation: text(equation) }));

  test("traces, outer products, ellipses", () => {
    expect(einsum("ii->", x)).toEqual([5]);
    expect(einsum("ii->i", x)).toEqual([1, 4]);
    expect(einsum("i,j->ij", reals([2], 1, 2), reals([2], 3, 4))).toEqual([3, 4, 6, 8]);
    expect(einsum("...ij,...jk->...ik", x, x)).toEqual([7, 10, 15, 22]);
    expect(einsum("ij,jk", x, x)).toEqual([7, 10, 15, 22]);
  });

  test("the determinant changes sign with its rows", () => {
    expect(evaluate("Det", [reals([2, 2], 0, 1, 1, 0)]).data[0]).toBe(-1);
  });

  test("a transform and its inverse", () => {
    const signal = reals([1, 5, 1], 1, 4, 2, 8, 5);
    const forth = evaluate("DFT", [signal, typed("int64", 5), typed("int64", 1)], {}, 20);
    const back = evaluate("DFT", [forth, typed("int64", 5), typed("int64", 1)], { inverse: int(1) }, 20);
    list(back).forEach((value, i) => {
      expect(value).toBeCloseTo(i % 2 === 0 ? signal.data[i / 2] : 0, 5);
    });
  });
});

test("patches put back cover the image as often as they overlap", () => {
  const columns = floatTensor([1, 2, 3], new Float32Array(6).fill(1));
  const image = evaluate("Col2Im", [columns, typed("int64", 4), typed("int64", 2)], { strides: ints(1) });
  expect(list(image)).toEqual([1, 2, 2, 1]);
});
