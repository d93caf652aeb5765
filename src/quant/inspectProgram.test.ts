import { describe, expect, it } from "vitest";
import { compileGraph } from "./compileGraph.ts";
import { inspectProgram } from "./inspectProgram.ts";
import { classifier, randomTensor } from "./testing/smallGraphs.ts";

const graph = classifier();
const samples = [randomTensor([50, 20], 4)];
const { program } = compileGraph(graph, { calibration: samples });

describe("inspectProgram", () => {
  it("says what each node of the graph became", () => {
    const { nodes } = inspectProgram(program, graph, samples);
    expect(nodes.map(({ name, operator, becomes }) => [name, operator, becomes])).toEqual([
      ["gemm0", "Gemm", "matmul"],
      ["relu1", "Relu", "requantise"],
      ["gemm2", "Gemm", "matmul"],
      ["softmax3", "Softmax", "left out: the scores before it are the result"],
    ]);
    for (const { floatError } of nodes.slice(0, 3)) {
      expect(floatError).toBeGreaterThan(0);
      expect(floatError).toBeLessThan(0.05);
    }
  });

  it("counts parameters, products, activations and lookups", () => {
    const inspection = inspectProgram(program);
    expect(inspection.parameters).toBe(20 * 12 + 12 + 12 * 5 + 5);
    expect(inspection.multiplyAccumulates).toBe(20 * 12 + 12 * 5);
    expect(inspection.activations).toBe(12);
    expect(inspection.activationBits).toEqual([{ bits: 8, activations: 12 }]);
    expect(inspection.nodes.map(({ name, bits }) => [name, bits])).toContainEqual(["relu1", 8]);
    expect(inspection.inputs[0].bits).toBe(8);
    expect(inspection.lookups).toBe(20 + 2 * 12);
    expect(inspection.nodes.reduce((sum, node) => sum + node.costShare, 0)).toBeCloseTo(1);
  });

  it("needs no graph and no samples", () => {
    expect(inspectProgram(program).nodes.map((node) => node.operator)).toEqual([
      "matmul",
      "requantise",
      "matmul",
    ]);
    expect(inspectProgram(program, graph).nodes[1].floatError).toBeGreaterThan(0);
  });
});
