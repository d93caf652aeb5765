import { describe, expect, it } from "vitest";
import { runGraph } from "../../graph/run.ts";
import { floatTensor } from "../../tensor/tensor.ts";
import type { LinearPart, SumStep } from "../realProgram.ts";
import { runReal } from "../reference/run.ts";
import { type ChainLink, chainGraph, float, gemmLink, int, randomTensor } from "../testing/smallGraphs.ts";
import { lowerGraph, unsupportedNodes } from "./lowerGraph.ts";

/** One sum of one matrix product, and its value against the float reference on random samples. */
function checkOneDense(links: readonly ChainLink[]): { step: SumStep; part: LinearPart } {
  const graph = chainGraph([6], links);
  const real = lowerGraph(graph, "scores");
  expect(real.steps.map((step) => step.kind)).toEqual(["sum"]);
  const step = real.steps[0] as SumStep;
  expect(step.parts.length).toBe(1);
  const x = randomTensor([5, 6], 3);
  const reference = runGraph(graph, [x]).get(graph.outputs[0].name)!.data;
  const { result } = runReal(real, [x.data], 5).get(real.outputs[0].id)!;
  result.forEach((value, j) => {
    expect(value).toBeCloseTo(reference[j], 5);
  });
  return { step, part: step.parts[0] };
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
    expect(checkOneDense([matMul]).part.bias).toBeNull();
    const { step, part } = checkOneDense([matMul, { operator: "Add", constants: { b: vector(9) } }]);
    expect(part).toMatchObject({ name: "matmul0", biasName: "b" });
    expect(step).toMatchObject({ name: "matmul0", result: "v1" });
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
    expect(steps.map((step) => step.kind)).toEqual(["reshape", "sum"]);
    expect(outputs).toEqual([{ id: steps[1].id, stripped: [] }]);
  });

  it("keeps an ArgMax behind a Softmax, which it leaves out", () => {
    const links = [
      gemmLink("", 4, 6, 1),
      { operator: "Softmax" },
      { operator: "ArgMax", attributes: { axis: int(1) } },
    ];
    const { steps, outputs } = lowerGraph(chainGraph([6], links), "argmax");
    expect(steps.map((step) => step.kind)).toEqual(["sum", "argmax", "reshape"]);
    expect(outputs).toEqual([{ id: steps[2].id, stripped: [] }]);
  });

  it("lists every node that has no integer form", () => {
    const graph = chainGraph(
      [6],
      [gemmLink("A", 4, 6, 1), { operator: "Strange" }, gemmLink("B", 4, 4, 1), { operator: "Unheard" }],
    );
    const expected = [
      { node: "strange1", operator: "Strange" },
      { node: "unheard3", operator: "Unheard" },
    ];
    expect(unsupportedNodes(graph)).toMatchObject(expected);
    expect(() => lowerGraph(graph, "scores")).toThrow(
      expect.objectContaining({ code: "model.unsupportedOperator", details: unsupportedNodes(graph) }),
    );
  });
});
