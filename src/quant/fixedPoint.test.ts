import { describe, expect, it } from "vitest";
import { runGraph } from "../graph/run.ts";
import { runProgram } from "../program/interpreter.ts";
import { compileGraph } from "./compileGraph.ts";
import { quantiseInput } from "./realValues.ts";
import { chainGraph, classifier, gemmLink, randomTensor } from "./testing/smallGraphs.ts";

const samples = [randomTensor([50, 20], 4)];

/** Both layers of the classifier in whole steps of 2^−n, rounded to nearest once a layer. */
function byHand(fractionBits: number): number[] {
  const steps = 2 ** fractionBits;
  const graph = classifier();
  const weights = [...graph.initializers.values()];
  const linear = graph.nodes.filter(({ operator }) => operator === "Gemm");
  let values = Array.from(samples[0].data.subarray(0, 20), (x) => Math.round(x * steps));
  linear.forEach((node, layer) => {
    const [weight, bias] = node.inputs.slice(1).map((name) => graph.initializers.get(name));
    const [inputs, outputs] = [values.length, bias?.data.length ?? 0];
    const isTransposed = node.attributes.has("transB");
    const sums = Array.from({ length: outputs }, (_, m) => {
      let sum = Math.round((bias?.data[m] ?? 0) * steps * steps);
      for (let k = 0; k < inputs; k++) {
        const w = weight?.data[isTransposed ? m * inputs + k : k * outputs + m] ?? 0;
        sum += values[k] * Math.round(w * steps);
      }
      return sum;
    });
    const isLast = layer === linear.length - 1;
    values = isLast ? sums : sums.map((sum) => Math.max(0, Math.floor((sum + steps / 2) / steps)));
  });
  expect(weights.length).toBeGreaterThan(0);
  return values;
}

describe("fractionBits", () => {
  it.each([3, 6, 9])("makes every tensor a multiple of 2^-%i, and sums of its square", (fractionBits) => {
    const { program, report } = compileGraph(classifier(), { calibration: samples, fractionBits });
    const allowed = [2 ** -fractionBits, 4 ** -fractionBits];
    for (const { quant } of program.tensors) expect(allowed).toContain(quant.scale);
    expect(report.activationBits).toBeNull();
    const input = quantiseInput(program, 0, samples[0].data.slice(0, 20));
    expect(Array.from(runProgram(program, [input], 1).outputs[0])).toEqual(byHand(fractionBits));
  });

  it("comes nearer the model the more of them there are", () => {
    const graph = classifier();
    const real = runGraph(graph, samples, { keep: "all" }).get("v2")?.data ?? [];
    const errorAt = (fractionBits: number): number => {
      const { program } = compileGraph(graph, { calibration: samples, fractionBits });
      const [q] = runProgram(program, [quantiseInput(program, 0, samples[0].data)], 50).outputs;
      const { scale } = program.tensors[program.outputs[0]].quant;
      return q.reduce((most, value, j) => Math.max(most, Math.abs(scale * value - real[j])), 0);
    };
    expect(errorAt(6)).toBeLessThan(errorAt(2) / 4);
    expect(errorAt(10)).toBeLessThan(errorAt(6) / 4);
  });

  it("is refused beside options that decide scales, out of range, and for other operators, by name", () => {
    const compile = (options: object): unknown => compileGraph(classifier(), options);
    const refusal = (message: string) =>
      expect.objectContaining({ code: "options.invalid", message: expect.stringContaining(message) });
    expect(() => compile({ fractionBits: 3, activationBits: 8, bits: 8 })).toThrow(
      refusal("bits, activationBits"),
    );
    expect(() => compile({ fractionBits: 13 })).toThrow(refusal("0 to 12"));
    const curved = chainGraph([20], [gemmLink("A", 8, 20, 1), { operator: "Sigmoid" }]);
    expect(() => compileGraph(curved, { fractionBits: 4 })).toThrow(refusal("gemm0"));
  });

  it("says where sums leave the field", () => {
    const graph = chainGraph([400], [gemmLink("A", 4, 400, 1), { operator: "Relu" }, gemmLink("B", 2, 4, 2)]);
    expect(() => compileGraph(graph, { inputRange: [-1, 1], fractionBits: 12 })).toThrow(
      expect.objectContaining({ code: "program.rangeTooLarge" }),
    );
  });
});
