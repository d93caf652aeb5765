/** Models of the wider world with outputs of the TensorFlow Lite reference kernels. They stand beside the repository. */

import { readFileSync } from "node:fs";
import { readDataFile } from "../../data/readDataFile.ts";
import { checkGraph } from "../../graph/check.ts";
import type { Graph } from "../../graph/graph.ts";
import { runGraph } from "../../graph/run.ts";
import { elementCount } from "../../tensor/shape.ts";
import { zeros } from "../../tensor/tensor.ts";
import { loadModel } from "../load.ts";

export const SHARED_DATA = "../shared/data";
const GOLDENS = `${SHARED_DATA}/tflite-goldens`;

function read(path: string): ArrayLike<number> {
  return readDataFile(readFileSync(path), path).tensors[0].data;
}

export interface Comparison {
  readonly graph: Graph;
  readonly result: ArrayLike<number>;
  readonly expected: ArrayLike<number>;
  /** Of each element, in order. */
  readonly errors: readonly number[];
  /** Largest magnitude among the expected outputs. */
  readonly range: number;
}

/** Runs a model file on the inputs stored under `golden` and compares with the outputs stored there. */
export async function compareWithGolden(file: string, golden: string): Promise<Comparison> {
  const graph = await loadModel(readFileSync(`${SHARED_DATA}/${file}`), file);
  checkGraph(graph);
  const given = read(`${GOLDENS}/${golden}/in0.npy`);
  const expected = read(`${GOLDENS}/${golden}/out0.npy`);
  const [{ shape, type }] = graph.inputs;
  const input = zeros(type, [given.length / elementCount(shape), ...shape]);
  input.data.set(given);
  const result = runGraph(graph, [input]).get(graph.outputs[0].name)?.data ?? [];
  const errors = Array.from(expected, (x, i) => Math.abs(x - (result[i] ?? Number.NaN)));
  const range = Array.from(expected).reduce((largest, x) => Math.max(largest, Math.abs(x)), 0);
  return { graph, result, expected, errors, range };
}
