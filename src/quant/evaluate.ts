import { TensorproofError } from "../errors/tensorproofError.ts";
import type { Graph } from "../graph/graph.ts";
import { runGraph } from "../graph/run.ts";
import { runProgram } from "../program/interpreter.ts";
import type { Program, TensorId } from "../program/program.ts";
import { elementCount } from "../tensor/shape.ts";
import { floatTensor, isFloatTensor, type Tensor } from "../tensor/tensor.ts";
import type { Samples } from "./compileOptions.ts";
import { graphInputs, largestError, referenceOf, samplesAtOnce } from "./floatErrors.ts";
import {
  type ClassificationMetrics,
  classificationMetrics,
  type RegressionMetrics,
  regressionMetrics,
} from "./metrics.ts";
import { quantiseInput } from "./realValues.ts";

const CHUNK_SAMPLES = 500;

/** Float against integer on the same samples. */
export interface Evaluation {
  readonly count: number;
  readonly float: ClassificationMetrics | RegressionMetrics;
  readonly integer: ClassificationMetrics | RegressionMetrics;
  /** Share of samples for which both give the same class; null for a regression. */
  readonly agreement: number | null;
  /** Largest difference of a score, before any Softmax; null where the graph has no such tensor. */
  readonly maxError: number | null;
}

/** The tensor of scores behind the first output: the output itself, or what its ArgMax reads. */
function scoresOf(program: Program): { id: TensorId; hasArgMax: boolean } {
  let id = program.outputs[0];
  for (;;) {
    const operator = program.operators[id - program.inputs.length];
    if (operator?.kind === "argmax") return { id: operator.input, hasArgMax: true };
    if (operator?.kind !== "reshape") return { id: program.outputs[0], hasArgMax: false };
    id = operator.input;
  }
}

/** For each of `count` samples, the index of the largest of its numbers. */
function classesOf(scores: ArrayLike<number>, count: number): number[] {
  const size = scores.length / count;
  return Array.from({ length: count }, (_, n) => {
    let best = n * size;
    for (let j = best + 1; j < (n + 1) * size; j++) {
      if (scores[j] > scores[best]) best = j;
    }
    return best - n * size;
  });
}

function chunkOf(samples: Samples, start: number, end: number): Samples {
  return samples.map(({ shape: [, ...shape], data }) => {
    const size = elementCount(shape);
    return floatTensor([end - start, ...shape], data.subarray(start * size, end * size));
  });
}

interface Predictions {
  readonly float: number[];
  readonly integer: number[];
  maxError: number | null;
}

function predictChunk(
  graph: Graph,
  program: Program,
  samples: Samples,
  isRegression: boolean,
  into: Predictions,
): void {
  const count = samples[0].shape[0];
  const inputs = program.inputs.map((_, index) => quantiseInput(program, index, samples[index].data));
  const real = runGraph(graph, graphInputs(graph, samples, inputs), { keep: "all" });
  const { tensors } = runProgram(program, inputs, count);
  const { id } = scoresOf(program);
  const scores = program.tensors[id];
  const output = real.get(graph.outputs[0].name) as Tensor;
  const meaningOf = (q: number): number => scores.quant.scale * (q - scores.quant.zeroPoint);
  if (isRegression) {
    into.float.push(...(isFloatTensor(output) ? output.data : output.data.map(meaningOf)));
    for (const q of tensors[id]) into.integer.push(meaningOf(q));
  } else {
    // One number for each sample is a class already.
    into.float.push(...(output.data.length > count ? classesOf(output.data, count) : output.data));
    into.integer.push(...classesOf(tensors[id], count));
  }
  const reference = referenceOf(scores, graph, real);
  if (reference === null) return;
  into.maxError = Math.max(into.maxError ?? 0, largestError(tensors[id], scores.quant, reference));
}

/**
 * Runs graph and program on the same samples and compares both with the labels: class indices, or real targets for a
 * model with a single number as its output (reported as R² and mean squared error).
 *
 * @param onProgress called with the number of samples done, several times
 * @throws TensorproofError `input.shape` if labels and samples differ in number, `input.outOfRange` for samples outside
 * the range that the program was compiled for
 */
export function evaluate(
  graph: Graph,
  program: Program,
  samples: Samples,
  labels: ArrayLike<number>,
  onProgress?: (done: number) => void,
): Evaluation {
  const count = samples[0].shape[0];
  if (labels.length !== count) {
    throw new TensorproofError(
      "input.shape",
      `expected ${count} labels, one per sample, got ${labels.length}`,
    );
  }
  const { id, hasArgMax } = scoresOf(program);
  const isRegression = !hasArgMax && elementCount(program.tensors[id].shape) === 1;
  const predictions: Predictions = { float: [], integer: [], maxError: null };
  const size = samplesAtOnce(graph, CHUNK_SAMPLES);
  for (let start = 0; start < count; start += size) {
    const end = Math.min(start + size, count);
    predictChunk(graph, program, chunkOf(samples, start, end), isRegression, predictions);
    onProgress?.(end);
  }
  const { float, integer, maxError } = predictions;
  if (isRegression) {
    const metrics = { float: regressionMetrics(float, labels), integer: regressionMetrics(integer, labels) };
    return { count, ...metrics, agreement: null, maxError };
  }
  const metrics = {
    float: classificationMetrics(float, labels),
    integer: classificationMetrics(integer, labels),
  };
  const numEqual = float.filter((label, n) => label === integer[n]).length;
  return { count, ...metrics, agreement: numEqual / count, maxError };
}
