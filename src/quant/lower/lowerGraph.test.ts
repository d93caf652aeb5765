import { describe, expect, it } from "vitest";
import { runGraph } from "../../graph/run.ts";
import { floatTensor } from "../../tensor/tensor.ts";
import type { DenseStep } from "../realProgram.ts";
import { type ChainLink, chainGraph, float, gemmLink, int, randomTensor } from "../testing/smallGraphs.ts";
import { lowerGraph, unsupportedNodes } from "./lowerGraph.ts";

/** One dense step, and its value against the float reference on random samples. */
function checkOneDense(links: readonly ChainLink[]): DenseStep {
  const graph = chainGraph([6], links);
  const { steps } = lowerGraph(graph, "scores");
  expect(steps.map((step) => step.kind)).toEqual(["dense"]);
  const step = steps[0] as DenseStep;
  const x = randomTensor([5, 6], 3);
  const reference = runGraph(graph, [x]).get(graph.outputs[0].name)!;
  for (let n = 0; n < 5; n++) {
    for (let m = 0; m < step.numOutputs; m++) {
      let sum = step.bias?.[m] ?? 0;
      for (let k = 0; k < 6; k++) sum += x.data[n * 6 + k] * step.weight[m * 6 + k];
      expect(sum).toBeCloseTo(reference.data[n * step.numOutputs + m], 5);
    }
  }
  return step;
}

const vector = (seed: number): ReturnType<typeof randomTensor> => randomTensor([4], seed);
const matMul: ChainLink = { operator: "MatMul", constants: { w: randomTensor([6, 4], 5) } };

describe("lowerGraph", () => {
  it("reads Gemm with any transB, alpha and beta", () => {
    checkOneDense([gemmLink("", 4, 6, 1)]);
    const constants = { w: randomTensor([6, 4], 5), b: floatTensor([1], [0.5]) };
    checkOneDense([{ operator: "Gemm", constants, attributes: { alpha: float(0.7), beta: float(-2) } }]);
  });

  it("folds what multiplies and adds constants into the layer before", () => {
    expect(checkOneDense([matMul]).bias).toBeNull();
    const step = checkOneDense([matMul, { operator: "Add", constants: { b: vector(9) } }]);
    expect(step).toMatchObject({ name: "matmul0", biasName: "b", graphValue: "v1" });
    checkOneDense([matMul, { operator: "Sub", constants: { b: vector(9) } }]);
    checkOneDense([
      matMul,
      { operator: "Mul", constants: { b: vector(9) } },
      { operator: "Div", constants: { c: vector(2) } },
    ]);
    const variance = floatTensor([4], [0.5, 1, 2, 3]);
    const parameters = { s: vector(1), t: vector(2), mean: vector(3), variance };
    checkOneDense([gemmLink("", 4, 6, 1), { operator: "BatchNormalization", constants: parameters }]);
  });

  it("drops operators that hand their input on and keeps reshapes", () => {
    const links = [
      { operator: "Flatten" },
      { operator: "Identity" },
      gemmLink("", 4, 6, 1),
      { operator: "Dropout" },
    ];
    const { steps, outputs } = lowerGraph(chainGraph([2, 3], links), "scores");
    expect(steps.map((step) => step.kind)).toEqual(["reshape", "dense"]);
    expect(outputs).toEqual([{ id: 2, stripped: [] }]);
  });

  it("keeps an ArgMax behind a Softmax, which it leaves out", () => {
    const links = [
      gemmLink("", 4, 6, 1),
      { operator: "Softmax" },
      { operator: "ArgMax", attributes: { axis: int(1) } },
    ];
    const { steps, outputs } = lowerGraph(chainGraph([6], links), "argmax");
    expect(steps.map((step) => step.kind)).toEqual(["dense", "argmax", "reshape"]);
    expect(outputs).toEqual([{ id: 3, stripped: [] }]);
  });

  it("lists every node that has no integer form", () => {
    const graph = chainGraph(
      [6],
      [
        { operator: "Mul", constants: { c: floatTensor([1], [2]) } },
        gemmLink("", 4, 6, 1),
        { operator: "Softmax" },
        { operator: "Relu" },
        { operator: "Elu" },
      ],
    );
    const expected = [
      { node: "elu4", operator: "Elu" },
      { node: "mul0", operator: "Mul" },
    ];
    expect(unsupportedNodes(graph)).toMatchObject(expected);
    expect(() => lowerGraph(graph, "scores")).toThrow(
      expect.objectContaining({ code: "model.unsupportedOperator", details: unsupportedNodes(graph) }),
    );
  });
});
