import { describe, expect, it } from "vitest";
import type { Attribute } from "../graph/node.ts";
import { floatTensor, type IntegerType, intTensor, type Tensor } from "../tensor/tensor.ts";
import { compareOperators, type GraphOfOperators } from "./testing/operatorGraphs.ts";
import { int, randomTensor } from "./testing/smallGraphs.ts";

const bytes = (shape: readonly number[], data: readonly number[], type: IntegerType = "uint8"): Tensor =>
  intTensor(shape, data, type);
const two = (a: Tensor, b: Tensor): Record<string, Tensor> => ({ a, b });
const text = (value: string): Attribute => ({ type: "string", value });
const A = bytes([6], [0, 1, 7, 200, 255, 128]);
const B = bytes([6], [3, 255, 2, 100, 255, 3]);

describe("integers of a model", () => {
  it.each(["Add", "Sub", "Mul", "Div", "Mod", "BitwiseAnd", "BitwiseXor", "Max", "Min"])(
    "%s of bytes is exact, wrapping included",
    (operator) => {
      const { worst, program } = compareOperators({
        inputs: two(A, B),
        nodes: [{ operator, inputs: ["a", "b"] }],
      });
      expect(worst).toBe(0);
      expect(program.tensors[0].range).toEqual({ lo: 0, hi: 255 });
    },
  );

  it.each(["Less", "LessOrEqual", "Greater", "GreaterOrEqual", "Equal"])(
    "%s of 24-bit integers needs no table of them",
    (operator) => {
      const wide = (...data: number[]): Tensor => intTensor([5], data, "int32");
      const inputs = two(wide(2 ** 23, -(2 ** 23), 5, 0, -1), wide(2 ** 23 - 1, -(2 ** 23), 6, 0, -2));
      expect(compareOperators({ inputs, nodes: [{ operator, inputs: ["a", "b"] }] }).worst).toBe(0);
    },
  );

  it.each(["And", "Or", "Xor"])("%s of truth values", (operator) => {
    const inputs = two(bytes([4], [0, 0, 1, 1], "bool"), bytes([4], [0, 1, 0, 1], "bool"));
    expect(compareOperators({ inputs, nodes: [{ operator, inputs: ["a", "b"] }] }).worst).toBe(0);
  });

  it("refuses by name what no table of pairs holds", () => {
    const wide = intTensor([2], [30000, -30000], "int16");
    const sketch: GraphOfOperators = {
      inputs: two(wide, wide),
      nodes: [{ operator: "BitShift", inputs: ["a", "b"], attributes: { direction: text("LEFT") } }],
    };
    expect(() => compareOperators(sketch)).not.toThrow(TypeError);
    expect(() =>
      compareOperators({
        ...sketch,
        nodes: [{ operator: "BitwiseOr", inputs: ["a", "b"] }],
        inputs: two(wide, intTensor([2], [1, 30000], "int16")),
      }),
    ).toThrow(
      expect.objectContaining({
        code: "program.rangeTooLarge",
        message: expect.stringContaining("BitwiseOr0"),
      }),
    );
  });
});

describe("order and choice by data", () => {
  const values = bytes([2, 5], [3, 9, 9, 1, 0, 7, 7, 7, 2, 8]);

  it("TopK puts equals in the order of their indices", () => {
    const { got, worst } = compareOperators({
      inputs: { x: values },
      constants: { k: intTensor([1], [3]) },
      nodes: [{ operator: "TopK", inputs: ["x", "k"], outputs: ["v", "i"] }],
      outputs: ["v", "i"],
    });
    expect(worst).toBe(0);
    expect(got).toEqual([
      [9, 9, 3, 8, 7, 7],
      [1, 2, 0, 4, 0, 1],
    ]);
  });

  it("ArgMin with the last index among equals", () => {
    const attributes = { axis: int(1), keepdims: int(0), select_last_index: int(1) };
    const { got } = compareOperators({
      inputs: { x: bytes([2, 4], [5, 2, 2, 9, 1, 1, 1, 1]) },
      nodes: [{ operator: "ArgMin", inputs: ["x"], attributes }],
    });
    expect(got).toEqual([[2, 3]]);
  });

  it("GatherElements and ScatterElements by computed indices, negative ones too", () => {
    const data = randomTensor([3, 4], 5);
    const indices = intTensor([3, 2], [0, -1, 2, 1, 3, 0]);
    const gathered = compareOperators(
      {
        inputs: { data, indices },
        nodes: [{ operator: "GatherElements", inputs: ["data", "indices"], attributes: { axis: int(1) } }],
      },
      { activationBits: 12 },
    );
    expect(gathered.worst).toBeLessThan(1e-3);
    const scattered = compareOperators(
      {
        inputs: { data, indices, updates: randomTensor([3, 2], 6) },
        nodes: [
          {
            operator: "ScatterElements",
            inputs: ["data", "indices", "updates"],
            attributes: { axis: int(1) },
          },
        ],
      },
      { activationBits: 12 },
    );
    expect(scattered.worst).toBeLessThan(2e-3);
  });

  it("a scatter by constant indices multiplies an element as often as it is named", () => {
    const { got } = compareOperators({
      inputs: { data: bytes([4], [1, 2, 3, 4], "int32"), updates: bytes([3], [5, 6, 7], "int32") },
      constants: { indices: intTensor([3, 1], [1, 3, 1]) },
      nodes: [
        {
          operator: "ScatterND",
          inputs: ["data", "indices", "updates"],
          attributes: { reduction: text("mul") },
        },
      ],
    });
    expect(got).toEqual([[1, 70, 3, 24]]);
  });

  it("a table of constants is read by computed indices", () => {
    const { worst } = compareOperators(
      {
        inputs: { indices: intTensor([3], [4, 0, -2]) },
        constants: { table: randomTensor([5, 3], 9) },
        nodes: [{ operator: "Gather", inputs: ["table", "indices"] }],
      },
      { activationBits: 12 },
    );
    expect(worst).toBeLessThan(1e-3);
  });

  it("Trilu and Pad tell what they fill in from the first element", () => {
    const x = bytes([3, 3], [9, 8, 7, 6, 5, 4, 3, 2, 1]);
    const trilu = compareOperators({
      inputs: { x },
      nodes: [{ operator: "Trilu", inputs: ["x"], attributes: { upper: int(0) } }],
    });
    expect(trilu.got).toEqual([[9, 0, 0, 6, 5, 0, 3, 2, 1]]);
    const constants = { pads: intTensor([4], [0, 1, 0, 0]), value: intTensor([], [6], "uint8") };
    const pad = compareOperators({
      inputs: { x },
      constants,
      nodes: [{ operator: "Pad", inputs: ["x", "pads", "value"] }],
    });
    expect(pad.got[0].slice(0, 4)).toEqual([6, 9, 8, 7]);
  });
});

describe("products of computed tensors", () => {
  it("MatMul with stretched leading axes", () => {
    const inputs = { a: randomTensor([2, 3, 4, 5], 1), b: randomTensor([3, 5, 2], 2) };
    const { worst, program } = compareOperators({
      inputs,
      nodes: [{ operator: "MatMul", inputs: ["a", "b"] }],
    });
    expect(worst).toBeLessThan(0.05);
    expect(program.operators.map(({ kind }) => kind)).toContain("batchMatMul");
  });

  it.each(["bij,bjk->bik", "ij,ik->jk", "i,j->ij", "bii->bi", "ij,jk,kl->il"])("Einsum %s", (equation) => {
    const operands = equation.split("->")[0].split(",");
    const inputs = Object.fromEntries(
      operands.map((labels, i) => [
        `x${i}`,
        randomTensor(
          [...labels].map(() => 3),
          10 + i,
        ),
      ]),
    );
    const nodes = [
      { operator: "Einsum", inputs: Object.keys(inputs), attributes: { equation: text(equation) } },
    ];
    expect(compareOperators({ inputs, nodes }, { activationBits: 12 }).worst).toBeLessThan(0.01);
  });

  it("a convolution whose weight is computed", () => {
    const inputs = { x: randomTensor([1, 4, 5, 6], 3), w: randomTensor([6, 2, 3, 3], 4) };
    const attributes = { group: int(2), pads: { type: "ints", value: [1, 0, 1, 1] } as const };
    const nodes = [{ operator: "Conv", inputs: ["x", "w"], attributes }];
    expect(compareOperators({ inputs, nodes }, { activationBits: 12 }).worst).toBeLessThan(0.02);
  });
});

describe("masks", () => {
  it("hide what they hide, whole lines too", () => {
    const inputs = {
      q: randomTensor([1, 2, 3, 4], 21),
      k: randomTensor([1, 2, 5, 4], 22),
      v: randomTensor([1, 2, 5, 4], 23),
      mask: bytes([3, 5], [1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1, 1, 0], "bool"),
    };
    const nodes = [{ operator: "Attention", inputs: ["q", "k", "v", "mask"], opset: 23 }];
    const { worst, got } = compareOperators({ inputs, nodes }, { activationBits: 12 });
    expect(worst).toBeLessThan(0.01);
    expect(got[0].slice(4, 8).every((value) => Math.abs(value) < 0.01)).toBe(true);
  });
});

describe("the bound on the error", () => {
  const x = floatTensor(
    [1, 40],
    Float32Array.from({ length: 40 }, (_, i) => Math.sin(i) * 3),
  );
  const sketch: GraphOfOperators = {
    inputs: { x },
    nodes: [
      { operator: "Tanh", inputs: ["x"], outputs: ["t"] },
      { operator: "Mul", inputs: ["t", "x"] },
    ],
  };

  it("takes more bits where fewer will not do", () => {
    const coarse = compareOperators(sketch, { maxError: 0.02 });
    const fine = compareOperators(sketch, { maxError: 0.0005 });
    expect(coarse.program.tensors[0].range.hi).toBe(127);
    expect(fine.program.tensors[0].range.hi).toBeGreaterThan(127);
    expect(fine.worst).toBeLessThan(0.0005 * 3);
  });

  it("is refused where it cannot be kept, with what was reached", () => {
    expect(() => compareOperators(sketch, { maxError: 1e-9 })).toThrow(
      expect.objectContaining({
        code: "model.precision",
        message: expect.stringMatching(/the least error is [\d.e-]+ %/),
      }),
    );
  });

  it("excludes a number of bits, and asks for samples", () => {
    expect(() => compareOperators(sketch, { maxError: 0.01, activationBits: 9 })).toThrow(
      expect.objectContaining({ code: "options.invalid" }),
    );
  });
});
