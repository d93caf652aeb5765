import { describe, expect, it } from "vitest";
import { runGraph } from "../../graph/run.ts";
import { runProgram } from "../../program/interpreter.ts";
import type { Program } from "../../program/program.ts";
import { compileGraph } from "../compileGraph.ts";
import { inspectProgram } from "../inspectProgram.ts";
import { dequantise, quantiseInput } from "../realValues.ts";
import { type ChainLink, chainGraph, int, randomTensor } from "../testing/smallGraphs.ts";

const WIDTH = 16;
const NORM: ChainLink = {
  operator: "LayerNormalization",
  constants: { gain: randomTensor([WIDTH], 3), shift: randomTensor([WIDTH], 4) },
  attributes: { axis: int(-1) },
};
const PRODUCT: ChainLink = { operator: "MatMul", constants: { weight: randomTensor([WIDTH, 5], 6) } };
const x = randomTensor([64, 3, WIDTH], 7);

function compiled(links: readonly ChainLink[]): { program: Program; worst: number } {
  const graph = chainGraph([3, WIDTH], links);
  const { program } = compileGraph(graph, { calibration: [x] });
  const [q] = runProgram(program, [quantiseInput(program, 0, x.data)], 64).outputs;
  const got = dequantise(q, program.tensors[program.outputs[0]].quant);
  const expected = runGraph(graph, [x]).get(graph.outputs[0].name)?.data ?? [];
  const farthest = Math.max(...Array.from(expected, Math.abs));
  return { program, worst: Math.max(...got.map((value, i) => Math.abs(value - expected[i]))) / farthest };
}

const bitsOf = (program: Program): number[] => inspectProgram(program).activationBits.map(({ bits }) => bits);

describe("bits of results", () => {
  it("are those of activations for a matrix product, more within a norm", () => {
    const { program, worst } = compiled([NORM, PRODUCT]);
    expect(bitsOf(program)).toEqual([8, 12, 16]);
    expect(worst).toBeLessThan(0.02);
  });

  it("are those of activations for what the model puts out", () => {
    expect(bitsOf(compiled([PRODUCT, { operator: "Sigmoid" }]).program)).toEqual([8]);
  });
});

describe("gains and shifts", () => {
  it("become part of the matrix product that reads them", () => {
    const { program } = compiled([NORM, PRODUCT]);
    expect(program.operators.map(({ kind }) => kind)).not.toContain("conv");
    expect(program.constants.map(({ shape }) => shape)).toEqual([[5, WIDTH], [5]]);
  });

  it("are one layer where something else reads them", () => {
    const { program, worst } = compiled([NORM, { operator: "Sigmoid" }]);
    expect(program.operators.filter(({ kind }) => kind === "conv")).toHaveLength(1);
    expect(worst).toBeLessThan(0.02);
  });
});
