/**
 * Published networks, from file to verified proof. A quantised one must state the integers of TensorFlow Lite's reference
 * kernels, one in floating point must be near its results; a proof with a flipped bit is refused. Heavy networks are
 * proven with TENSORPROOF_HEAVY=1 (docs/guide/models.md).
 */

import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, test } from "vitest";
import {
  compileGraph,
  completeOutputs,
  type DataTensor,
  dequantise,
  type Graph,
  loadModel,
  type Program,
  quantiseInput,
  readDataFile,
} from "../../src/index.ts";
import { type ProvenRun, proveModel } from "./proveModel.ts";
import { DATA, PUBLISHED_MODELS } from "./publishedModels.ts";

const isHeavyWanted = process.env.TENSORPROOF_HEAVY === "1";
const LIGHT_MS = 120_000;
const HEAVY_MS = 900_000;
/** Of a probability: eight bits of activations through as many layers as these networks have. */
const NEAR = 0.1;

/** The first sample of a file. */
function firstSample(goldens: string, file: "in0" | "out0"): Float32Array {
  const path = `${DATA}/tflite-goldens/${goldens}/${file}.npy`;
  const [{ shape, data }]: readonly DataTensor[] = readDataFile(readFileSync(path), path).tensors;
  return Float32Array.from(data.subarray(0, data.length / shape[0]));
}

async function load(path: string): Promise<Graph> {
  return loadModel(readFileSync(path), basename(path));
}

function requireProven({ verdict, tampered }: ProvenRun): void {
  expect(verdict).toMatchObject({ ok: true });
  for (const refused of tampered) expect(refused.ok).toBe(false);
}

/** What the model's Softmax at the end makes of the scores that the program ends with. */
function probabilities(scores: Float64Array): number[] {
  const largest = Math.max(...scores);
  const powers = Array.from(scores, (score) => Math.exp(score - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** Expected are probabilities where they sum up to 1: a file in another format may lack the Softmax that made them so. */
function requireNear(program: Program, stated: Int32Array, expected: Float32Array): void {
  const reals = dequantise(stated, program.tensors[program.outputs[0]].quant);
  const sum = expected.reduce((total, value) => total + value, 0);
  const given = Math.abs(sum - 1) < 1e-3 ? probabilities(reals) : Array.from(reals);
  const largest = Math.max(1, ...expected.map(Math.abs));
  given.forEach((value, i) => {
    expect(Math.abs(value - expected[i])).toBeLessThan(NEAR * largest);
  });
}

describe.skipIf(!existsSync(DATA))(`published networks (skipped without ${DATA})`, () => {
  for (const { path, mode, goldens, isHeavy = false } of PUBLISHED_MODELS) {
    const title = isHeavy && !isHeavyWanted ? `${path} (skipped without TENSORPROOF_HEAVY=1)` : path;
    test.skipIf(isHeavy && !isHeavyWanted)(title, { timeout: isHeavy ? HEAVY_MS : LIGHT_MS }, async () => {
      const graph = await load(`${DATA}/${path}`);
      const given = firstSample(goldens, "in0");
      const expected = firstSample(goldens, "out0");
      const isExact = mode === "exact-int8";
      const { program } = compileGraph(graph, isExact ? { mode } : { inputRange: [0, 1] });
      const input = isExact ? Int32Array.from(given) : quantiseInput(program, 0, given);
      const proven = proveModel(program, [input]);
      requireProven(proven);
      const [stated] = proven.outputs;
      if (stated === null) throw new TypeError("expected a public output");
      if (isExact) expect(completeOutputs(graph, [stated])).toEqual([Int32Array.from(expected)]);
      else requireNear(program, stated, expected);
    });
  }

  test("one network in two formats makes one statement", { timeout: LIGHT_MS }, async () => {
    const [tflite, msgpack] = await Promise.all(
      ["tflite", "msgpack"].map(async (format) => {
        const graph = await load(`${DATA}/zkml/mnist_model.${format}`);
        const { program } = compileGraph(graph, { inputRange: [0, 1] });
        const { outputs } = proveModel(program, [
          quantiseInput(program, 0, firstSample("mnist_model", "in0")),
        ]);
        return dequantise(outputs[0] as Int32Array, program.tensors[program.outputs[0]].quant);
      }),
    );
    const largest = Math.max(...tflite.map(Math.abs));
    tflite.forEach((score, i) => {
      expect(Math.abs(score - msgpack[i])).toBeLessThan(0.05 * largest);
    });
  });
});
