/** Each rule of an operator at its limit: the last value that it allows, and the first that it refuses by name. */
import { describe, expect, it } from "vitest";
import type { IntFunction, IntRange } from "../program.ts";
import { type OperatorBody, ProgramDraft } from "../testing/programDraft.ts";

const BYTE: IntRange = { lo: -128, hi: 127 };
const BIT: IntRange = { lo: 0, hi: 1 };

/** One operator on inputs and constants of these shapes. */
function one(
  inputs: readonly (readonly number[])[],
  constants: readonly (readonly number[])[],
  body: object,
): () => void {
  return () => {
    const draft = new ProgramDraft();
    for (const shape of inputs) draft.input(shape, BYTE);
    for (const shape of constants) {
      draft.constant(shape, BIT, new Int32Array(shape.reduce((product, n) => product * n, 1)));
    }
    draft.add(body as OperatorBody);
  };
}

const refused = (message: RegExp) =>
  expect.objectContaining({ code: "program.invalid", message: expect.stringMatching(message) });

function convolution(
  numAxes: number,
  change: object = {},
  bias: readonly number[] | null = null,
): () => void {
  const ones = Array.from({ length: numAxes }, () => 1);
  const zeros = ones.map(() => 0);
  const own = { kind: "conv", input: 0, weight: 0, bias: bias === null ? null : 1, groups: 1 };
  const body = { ...own, strides: ones, dilations: ones, padBegin: zeros, padEnd: zeros, ...change };
  const lengths = ones.map(() => 3);
  return one([[...lengths, 4]], [[6, ...ones, 4], ...(bias === null ? [] : [bias])], body);
}

describe("a convolution", () => {
  it.each([1, 2, 3])("may have %i spatial axes", (numAxes) => {
    expect(convolution(numAxes)).not.toThrow();
    expect(convolution(numAxes, {}, [6])).not.toThrow();
  });

  it.each([
    ["no spatial axes", convolution(0), /cannot convolve/],
    ["four spatial axes", convolution(4), /cannot convolve/],
    [
      "a weight of fewer axes",
      one([[3, 3, 4]], [[6, 1, 4]], {
        kind: "conv",
        input: 0,
        weight: 0,
        bias: null,
        strides: [1, 1],
        dilations: [1, 1],
        padBegin: [0, 0],
        padEnd: [0, 0],
        groups: 1,
      }),
      /cannot convolve/,
    ],
    ["a stride too many", convolution(2, { strides: [1, 1, 1] }), /expected 2 strides/],
    ["a dilation too many", convolution(2, { dilations: [1, 1, 1] }), /expected 2 strides/],
    ["a padding before too many", convolution(2, { padBegin: [0, 0, 0] }), /expected 2 strides/],
    ["a padding behind too many", convolution(2, { padEnd: [0, 0, 0] }), /expected 2 strides/],
    ["groups that do not divide the inputs", convolution(2, { groups: 4 }), /4 groups of a weight/],
    ["a bias of two axes", convolution(2, {}, [6, 1]), /expected a bias/],
    ["a bias for another number of outputs", convolution(2, {}, [5]), /expected a bias/],
  ])("may not have %s", (_, make, message) => {
    expect(make).toThrow(refused(message));
  });

  it("may not share its outputs unevenly between groups", () => {
    const lists = { strides: [1], dilations: [1], padBegin: [0], padEnd: [0] };
    const grouped = (numOutputs: number): (() => void) =>
      one([[3, 4]], [[numOutputs, 1, 2]], {
        kind: "conv",
        input: 0,
        weight: 0,
        bias: null,
        groups: 2,
        ...lists,
      });
    expect(grouped(6)).not.toThrow();
    expect(grouped(5)).toThrow(refused(/2 groups of a weight/));
  });
});

describe("a matrix product", () => {
  it.each([
    [
      "a weight of three axes",
      one([[2]], [[3, 2, 1]], { kind: "matmul", input: 0, weight: 0, bias: null }),
      /a weight of two axes/,
    ],
    [
      "a bias of two axes",
      one(
        [[2]],
        [
          [3, 2],
          [3, 1],
        ],
        { kind: "matmul", input: 0, weight: 0, bias: 1 },
      ),
      /expected a bias/,
    ],
    ["a scalar", one([[], []], [], { kind: "batchMatMul", left: 0, right: 1 }), /I, K/],
    ["vectors", one([[2], [2]], [], { kind: "batchMatMul", left: 0, right: 1 }), /I, K/],
  ])("may not have %s", (_, make, message) => {
    expect(make).toThrow(refused(message));
  });
});

describe("argmax", () => {
  it("needs an axis", () => {
    expect(one([[1]], [], { kind: "argmax", input: 0 })).not.toThrow();
    expect(one([[]], [], { kind: "argmax", input: 0 })).toThrow(refused(/at least one axis/));
  });
});

describe("sums and parts", () => {
  it.each([
    [
      "a factor too few",
      one([[2], [2]], [], { kind: "combine", inputs: [0, 1], factors: [1], offset: 0 }),
      /factor/,
    ],
    ["nothing to join", one([[2]], [], { kind: "concat", inputs: [], axis: 0 }), /./],
    [
      "parts of other lengths",
      one(
        [
          [2, 3],
          [2, 2],
        ],
        [],
        { kind: "concat", inputs: [0, 1], axis: 0 },
      ),
      /./,
    ],
    [
      "a fill that nothing takes",
      one([[2]], [], { kind: "take", input: 0, axis: 0, indices: Int32Array.of(1, 0), fill: 3 }),
      /fill/,
    ],
  ])("may not have %s", (_, make, message) => {
    expect(make).toThrow(refused(message));
  });
});

function requantised(f: IntFunction, change: object = {}): () => void {
  return one([[2]], [], {
    kind: "requantise",
    input: 0,
    shift: 0,
    rounding: "half-up",
    function: f,
    ...change,
  });
}

const clamp = (lo: number, hi: number) => ({ kind: "clamp", lo, hi }) as const;
const values = (length: number) => ({ kind: "values", values: new Int32Array(length) }) as const;

describe("a requantisation", () => {
  it.each([
    [
      "a domain of 2^16 integers",
      requantised({ domain: { lo: -(2 ** 15), hi: 2 ** 15 - 1 }, map: clamp(0, 1) }),
    ],
    ["a clamp to one value", requantised({ domain: BYTE, map: clamp(5, 5) })],
    ["a clamp to 32 bits", requantised({ domain: BYTE, map: clamp(-(2 ** 29), 2 ** 29) })],
    ["a shift of 0", requantised({ domain: BYTE, map: clamp(0, 1) })],
    ["a shift of 29", requantised({ domain: { lo: 0, hi: 0 }, map: clamp(0, 1) }, { shift: 29 })],
    ["a table of its domain", requantised({ domain: BYTE, map: values(256) })],
  ])("may have %s", (_, make) => {
    expect(make).not.toThrow();
  });

  it.each([
    ["a domain above 0", requantised({ domain: { lo: 1, hi: 127 }, map: clamp(0, 1) }), /is not of the form/],
    [
      "a domain below 0",
      requantised({ domain: { lo: -128, hi: -1 }, map: clamp(0, 1) }),
      /is not of the form/,
    ],
    [
      "a domain that ends within a power",
      requantised({ domain: { lo: -128, hi: 128 }, map: clamp(0, 1) }),
      /is not of the form/,
    ],
    [
      "a domain of more than 2^16 integers",
      requantised({ domain: { lo: -1, hi: 2 ** 16 - 1 }, map: clamp(0, 1) }),
      /exceeds 65536/,
    ],
    ["a clamp from half an integer", requantised({ domain: BYTE, map: clamp(0.5, 3) }), /is not a range/],
    ["a clamp to half an integer", requantised({ domain: BYTE, map: clamp(0, 3.5) }), /is not a range/],
    ["a clamp upside down", requantised({ domain: BYTE, map: clamp(1, 0) }), /is not a range/],
    ["a value too few", requantised({ domain: BYTE, map: values(255) }), /expected 256 values/],
    ["a value too many", requantised({ domain: BYTE, map: values(257) }), /expected 256 values/],
    ["half a shift", requantised({ domain: BYTE, map: clamp(0, 1) }, { shift: 0.5 }), /expected a shift/],
    ["a negative shift", requantised({ domain: BYTE, map: clamp(0, 1) }, { shift: -1 }), /expected a shift/],
    ["a shift of 30", requantised({ domain: BYTE, map: clamp(0, 1) }, { shift: 30 }), /expected a shift/],
    [
      "another rounding",
      requantised({ domain: BYTE, map: clamp(0, 1) }, { rounding: "half-even" }),
      /unknown rounding/,
    ],
  ])("may not have %s", (_, make, message) => {
    expect(make).toThrow(refused(message));
  });
});

describe("a rescaling by a float32", () => {
  const rescaled = (multiplier: number): (() => void) =>
    one([[2]], [], {
      kind: "rescale",
      input: 0,
      rounding: "float-half-even",
      multipliers: [{ multiplier, shift: 0 }],
      zeroPoint: 0,
      lo: 0,
      hi: 255,
    });

  it.each([2 ** -40, 0.5, 2, 2 ** 31 - 2 ** 7])("may be by %d", (multiplier) => {
    expect(rescaled(multiplier)).not.toThrow();
  });

  it.each([0, -0.5, 2 ** 31, 0.1, Number.NaN])("may not be by %d", (multiplier) => {
    expect(rescaled(multiplier)).toThrow(refused(/a float32 above 0 and below 2\^31/));
  });
});

describe("a transposition", () => {
  it.each([[[0]], [[0, 0]], [[0, 1, 1]], [[0, 1, 0]]])("may not be %j of two axes", (permutation) => {
    const turned = one([[2, 3]], [], { kind: "transpose", input: 0, permutation });
    expect(turned).toThrow(refused(/is not an order of the axes/));
  });
});
