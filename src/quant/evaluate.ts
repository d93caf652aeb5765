import { TensorproofError } from "../errors/tensorproofError.ts";
import type { Graph } from "../graph/graph.ts";
import { runGraph } from "../graph/run.ts";
import { runProgram } from "../program/interpreter.ts";
import type { Program, TensorId } from "../program/program.ts";
import { elementCount } from "../tensor/shape.ts";
import { floatTensor, isFloatTensor, type Tensor } from "../tensor/tensor.ts";
import type { Samples } from "./compileOptions.ts";
import { graphInputs, referenceOf, samplesAtOnce } from "./floatErrors.ts";
import { classesOf, type Evaluation, Predictions } from "./predictions.ts";
import { quantiseInput } from "./realValues.ts";

const CHUNK_SAMPLES = 500;

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

function chunkOf(samples: Samples, start: number, end: number): Samples {
  return samples.map(({ shape: [, ...shape], data }) => {
    const size = elementCount(shape);
    return floatTensor([end - start, ...shape], data.subarray(start * size, end * size));
  });
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
    for (const q of tensors[id]) into.own.push(meaningOf(q));
  } else {
    // One number for each sample is a class already.
    into.float.push(...(output.data.length > count ? classesOf(output.data, count) : output.data));
    into.own.push(...classesOf(tensors[id], count));
  }
  const reference = referenceOf(scores, graph, real);
  if (reference !== null) into.compareScores(reference, Float64Array.from(tensors[id], meaningOf), count);
}

/** @throws TensorproofError `input.shape` */
export function requireLabels(labels: ArrayLike<number>, count: number): void {
  if (labels.length === count) return;
  const message = `expected ${count} labels, one per sample, got ${labels.length}`;
  throw new TensorproofError("input.shape", message);
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
  requireLabels(labels, count);
  const { id, hasArgMax } = scoresOf(program);
  const isRegression = !hasArgMax && elementCount(program.tensors[id].shape) === 1;
  const predictions = new Predictions();
  const size = samplesAtOnce(graph, CHUNK_SAMPLES);
  for (let start = 0; start < count; start += size) {
    const end = Math.min(start + size, count);
    predictChunk(graph, program, chunkOf(samples, start, end), isRegression, predictions);
    onProgress?.(end);
  }
  return predictions.evaluation(labels, isRegression);
}
