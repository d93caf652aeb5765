import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runProgram } from "../program/interpreter.ts";
import { rangeSize } from "../program/intRange.ts";
import type { MatMul, Program, Requantise } from "../program/program.ts";
import { parseProgram, serialiseProgram } from "../program/programFile.ts";
import { floatTensor } from "../tensor/tensor.ts";
import { compileGraph } from "./compileGraph.ts";
import { floatErrors } from "./floatErrors.ts";
import {
  type ChainLink,
  chainGraph,
  classifier,
  float,
  gemmLink,
  randomTensor,
} from "./testing/smallGraphs.ts";

const samples = [randomTensor([200, 20], 99)];

function kindsOf(program: Program): string[] {
  return program.operators.map((operator) => operator.kind);
}

/** The largest error of the output against float, on samples in [−1, 1). */
function outputError(links: readonly ChainLink[], options: Parameters<typeof compileGraph>[1]): number {
  const graph = chainGraph([20], links);
  const { program } = compileGraph(graph, options);
  return floatErrors(program, graph, samples)[program.outputs[0]] ?? Number.NaN;
}

describe("compileGraph", () => {
  it("turns dense layers into matmuls, activations into requantisations and leaves Softmax out", () => {
    const { program, report } = compileGraph(classifier(), { calibration: samples });
    expect(kindsOf(program)).toEqual(["matmul", "requantise", "matmul"]);
    expect(program.tensors[program.outputs[0]].name).toBe("v2 (before Softmax)");
    expect(report.stripped).toEqual([["Softmax"]]);
    expect(report.calibration).toEqual({ source: "samples", count: 200 });
  });

  it("makes every rescaling an exact power of two", () => {
    const { program } = compileGraph(classifier(), { calibration: samples });
    const [matmul, requantise] = program.operators as [MatMul, Requantise];
    const sums = program.tensors[matmul.output].quant.scale;
    expect(sums).toBe(program.tensors[0].quant.scale * program.constants[matmul.weight].quant.scale);
    expect(program.tensors[requantise.output].quant.scale).toBe(sums * 2 ** requantise.shift);
    expect(program.tensors.every(({ quant }) => quant.zeroPoint === 0)).toBe(true);
  });

  it("declares weights by their bits and biases by powers of two", () => {
    for (const bits of [4, 8, 12]) {
      const { program } = compileGraph(classifier(), { calibration: samples, bits });
      const hi = 2 ** (bits - 1) - 1;
      expect(program.constants[0].range).toEqual({ lo: -hi, hi });
      expect(Math.max(...program.constants[0].data.map(Math.abs))).toBeLessThanOrEqual(hi);
      const { range } = program.constants[1];
      expect(range.lo).toBe(-(range.hi + 1));
      expect(Math.log2(-range.lo) % 1).toBe(0);
    }
  });

  it("holds unsigned inputs in [0, 255] and signed ones in [−128, 127]", () => {
    const inputOf = (inputRange: [number, number]): Program["tensors"][number] =>
      compileGraph(classifier(), { inputRange }).program.tensors[0];
    expect(inputOf([0, 2])).toMatchObject({ range: { lo: 0, hi: 255 }, quant: { scale: 2 / 255 } });
    expect(inputOf([-2, 1])).toMatchObject({ range: { lo: -128, hi: 127 }, quant: { scale: 2 / 127 } });
    expect(compileGraph(classifier()).report.inputRangeSource).toBe("default");
  });

  it("gives the same bytes for the same graph and options", () => {
    for (const options of [{}, { calibration: samples }]) {
      const first = serialiseProgram(compileGraph(classifier(), options).program);
      expect(serialiseProgram(compileGraph(classifier(), options).program)).toEqual(first);
      expect(serialiseProgram(parseProgram(first))).toEqual(first);
    }
  });

  it("never leaves a function's domain, whatever the input", () => {
    const programs = [{}, { calibration: samples }, { bits: 10, activationBits: 10 }].map(
      (options) => compileGraph(classifier(3), options).program,
    );
    fc.assert(
      fc.property(
        fc.nat(programs.length - 1),
        fc.array(fc.boolean(), { minLength: 20, maxLength: 20 }),
        (which, high) => {
          const { range } = programs[which].tensors[0];
          runProgram(programs[which], [Int32Array.from(high, (bit) => (bit ? range.hi : range.lo))], 1);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("appends an ArgMax for the argmax head", () => {
    const { program } = compileGraph(classifier(), { head: "argmax", calibration: samples });
    expect(kindsOf(program)).toEqual(["matmul", "requantise", "matmul", "argmax"]);
    expect(program.tensors[program.outputs[0]].shape).toEqual([]);
  });

  it("puts an identity requantisation between dense layers without activation", () => {
    const links = [gemmLink("A", 12, 20, 1), gemmLink("B", 5, 12, 3)];
    const { program } = compileGraph(chainGraph([20], links), { calibration: samples });
    expect(kindsOf(program)).toEqual(["matmul", "requantise", "matmul"]);
    expect(outputError(links, { calibration: samples })).toBeLessThan(0.03);
  });

  const activations: Record<string, ChainLink> = {
    Relu: { operator: "Relu" },
    LeakyRelu: { operator: "LeakyRelu", attributes: { alpha: float(0.1) } },
    Sigmoid: { operator: "Sigmoid" },
    Tanh: { operator: "Tanh" },
    Clip: { operator: "Clip", constants: { lo: floatTensor([], [-0.2]), hi: floatTensor([], [0.3]) } },
  };
  for (const [operator, link] of Object.entries(activations)) {
    it(`is close to float with ${operator}, closer with more bits`, () => {
      const links = [gemmLink("A", 12, 20, 1), link, gemmLink("B", 5, 12, 3)];
      const coarse = outputError(links, { calibration: samples, bits: 8 });
      const fine = outputError(links, { calibration: samples, bits: 12, activationBits: 12 });
      expect(coarse).toBeLessThan(0.03);
      expect(fine).toBeLessThan(0.003);
    });
  }

  it("gives an activation of its own a table of its own", () => {
    const links = [{ operator: "Tanh" }, gemmLink("A", 5, 20, 3)];
    const { program } = compileGraph(chainGraph([20], links), { calibration: samples });
    expect(kindsOf(program)).toEqual(["requantise", "matmul"]);
    expect(rangeSize((program.operators[0] as Requantise).function.domain)).toBe(256);
    expect(outputError(links, { calibration: samples })).toBeLessThan(0.03);
  });

  it("copes with layers whose weights are all zero", () => {
    const weight = floatTensor([3, 20], new Float32Array(60));
    const links = [
      { operator: "MatMul", constants: { w: floatTensor([20, 3], weight.data) } },
      { operator: "Relu" },
    ];
    expect(outputError(links, { calibration: samples })).toBe(0);
  });

  it("copes with a bias far above the weights", () => {
    const constants = { w: floatTensor([1, 20], new Float32Array(20).fill(1e-9)), b: floatTensor([1], [1]) };
    expect(outputError([{ ...gemmLink("", 1, 20, 1), constants }], {})).toBeLessThan(1e-6);
  });

  it("refuses options out of range", () => {
    const invalid = [
      { bits: 3 },
      { activationBits: 15 },
      { inputRange: [1, 1] as const },
      { calibration: [] },
    ];
    for (const options of invalid) {
      expect(() => compileGraph(classifier(), options)).toThrow(
        expect.objectContaining({ code: "options.invalid" }),
      );
    }
  });

  it("names the node whose sums could wrap in the field", () => {
    const graph = chainGraph([100_000], [gemmLink("A", 4, 100_000, 1)]);
    expect(() => compileGraph(graph, { bits: 12, activationBits: 12 })).toThrow(
      expect.objectContaining({ code: "program.rangeTooLarge", where: 'node "gemm0"' }),
    );
  });
});
