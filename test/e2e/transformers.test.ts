/** Small transformers with random weights: tokens in, proven with everything hidden but the output, near to floating point. */

import { describe, expect, test } from "vitest";
import type { Graph } from "../../src/graph/graph.ts";
import { runGraph } from "../../src/graph/run.ts";
import { runProgram } from "../../src/program/interpreter.ts";
import { compileGraph } from "../../src/quant/compileGraph.ts";
import { dequantise, quantiseInput } from "../../src/quant/realValues.ts";
import { floatTensor, intTensor } from "../../src/tensor/tensor.ts";
import { proveProgram } from "../coverage/proveProgram.ts";

interface RandomGraphs {
  decoder(name: string, shape: object): Graph;
  encoder(name: string, shape: object): Graph;
}

const GENERATORS = new URL("../../benchmarks/models/random.mjs", import.meta.url).href;
const { randomGraphs } = (await import(/* @vite-ignore */ GENERATORS)) as {
  randomGraphs(library: (path: string) => Promise<object>): Promise<RandomGraphs>;
};
const graphs = await randomGraphs(
  (path) =>
    import(/* @vite-ignore */ new URL(`../../src/${path.replace(/js$/, "ts")}`, import.meta.url).href),
);

const [VOCABULARY, LENGTH, SAMPLES, TESTED] = [29, 8, 24, 12];
const SHAPE = { layers: 1, width: 16, heads: 4, length: LENGTH, vocabulary: VOCABULARY };

/** Sequences of tokens; the largest token is among them, so that all are in the declared range. */
function sequences(count: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count * LENGTH }, (_, i) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return i === 0 ? VOCABULARY - 1 : (state >> 8) % VOCABULARY;
  });
}

/** Rows whose largest entry stands at another place. */
function disagreements(got: ArrayLike<number>, expected: ArrayLike<number>, width: number): number {
  const best = (values: ArrayLike<number>, row: number): number => {
    const line = Array.from({ length: width }, (_, j) => values[row * width + j]);
    return line.indexOf(Math.max(...line));
  };
  const rows = got.length / width;
  return Array.from({ length: rows }, (_, row) => row).filter((row) => best(got, row) !== best(expected, row))
    .length;
}

describe("a transformer", () => {
  test.each([
    ["GPT", graphs.decoder("gpt", { family: "gpt", ...SHAPE }), 0.03],
    ["LLaMA", graphs.decoder("llama", { family: "llama", keyHeads: 2, hidden: 40, ...SHAPE }), 0.03],
    ["BERT", graphs.encoder("bert", SHAPE), 0.03],
  ])("%s", (_, graph, bound) => {
    const calibration = [floatTensor([SAMPLES, LENGTH], sequences(SAMPLES, 3))];
    const { program } = compileGraph(graph, { calibration, activationBits: 12 });
    const tokens = sequences(TESTED, 77);
    const inputs = [quantiseInput(program, 0, tokens)];
    const [output] = graph.outputs;
    const [integers] = runProgram(program, inputs, TESTED).outputs;
    const got = dequantise(integers, program.tensors[program.outputs[0]].quant);
    const given = [intTensor([TESTED, LENGTH], Float64Array.from(inputs[0]))];
    const expected = runGraph(graph, given).get(output.name)?.data ?? [];
    let [lo, hi, worst] = [0, 0, 0];
    got.forEach((value, i) => {
      lo = Math.min(lo, expected[i]);
      hi = Math.max(hi, expected[i]);
      worst = Math.max(worst, Math.abs(value - expected[i]));
    });
    expect(worst / (hi - lo)).toBeLessThan(bound);
    const width = output.shape.at(-1) ?? 1;
    expect(disagreements(got, expected, width)).toBeLessThanOrEqual(0.05 * (got.length / width));

    const one = [inputs[0].slice(0, LENGTH)];
    const { outputs, refusal } = proveProgram(program, one);
    expect(refusal).toBeNull();
    expect(outputs).toEqual([...runProgram(program, one, 1).outputs]);
  });
});
