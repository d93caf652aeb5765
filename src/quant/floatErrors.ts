import type { Graph } from "../graph/graph.ts";
import { runGraph } from "../graph/run.ts";
import { runProgram } from "../program/interpreter.ts";
import type { Program, ProgramTensor } from "../program/program.ts";
import { elementCount, stridesOf } from "../tensor/shape.ts";
import { walkStrided } from "../tensor/strided.ts";
import { intTensor, isFloatTensor, type Tensor } from "../tensor/tensor.ts";
import type { Samples } from "./compileOptions.ts";
import { quantiseInput } from "./realValues.ts";
import { seededSamples } from "./seededSamples.ts";
import { meaningOf } from "./tensorNames.ts";

const NUM_SEEDED_SAMPLES = 64;
/** Values of the graph that are kept at once. */
const MAX_VALUES = 2 ** 25;

/** How many samples, `most` at most, can have all their values kept. */
export function samplesAtOnce(graph: Graph, most: number): number {
  let values = 1;
  for (const { shape } of graph.values.values()) values += elementCount(shape);
  return Math.min(Math.max(1, Math.floor(MAX_VALUES / values)), most);
}

/** The largest |scale · (q − zeroPoint) − real|. */
export function largestError(
  q: Int32Array,
  quant: { readonly scale: number; readonly zeroPoint: number },
  real: ArrayLike<number>,
): number {
  let largest = 0;
  for (let j = 0; j < q.length; j++) {
    largest = Math.max(largest, Math.abs(quant.scale * (q[j] - quant.zeroPoint) - real[j]));
  }
  return largest;
}

/** What a graph takes for real samples: the integers of the program's inputs where it takes integers itself. */
export function graphInputs(graph: Graph, samples: Samples, integers: readonly Int32Array[]): Tensor[] {
  return graph.inputs.map(({ type }, index) => {
    const sample = samples[index];
    if (type === "float32") return sample;
    return intTensor(sample.shape, Float64Array.from(integers[index]), type);
  });
}

/**
 * The reals of the graph's tensor that a program's tensor stands for, in the order of the program's. A tensor that a
 * quantised graph stores as integers has the program's scale and zero point.
 */
export function referenceOf(
  { name, quant }: Pick<ProgramTensor, "name" | "quant">,
  graph: Graph,
  reference: ReadonlyMap<string, Tensor>,
): ArrayLike<number> | null {
  const { graphValue, permutation } = meaningOf(name);
  const tensor = reference.get(graphValue);
  const shape = graph.values.get(graphValue)?.shape;
  if (tensor === undefined || shape === undefined) return null;
  const data = isFloatTensor(tensor)
    ? tensor.data
    : tensor.data.map((q) => quant.scale * (q - quant.zeroPoint));
  const axes = permutation(shape.length);
  if (axes === null) return data;
  const order = axes.map((_, axis) => axes.indexOf(axis));
  const size = elementCount(shape);
  const moved = new Float64Array(data.length);
  const strides = stridesOf(shape);
  walkStrided(
    order.map((axis) => shape[axis]),
    order.map((axis) => strides[axis]),
    (position, offset) => {
      for (let start = 0; start < data.length; start += size) moved[start + position] = data[start + offset];
    },
  );
  return moved;
}

/** Pseudo-random samples over the whole declared range of the program's inputs, always the same. */
function declaredRangeSamples(program: Program, graph: Graph): Samples {
  const ranges = program.inputs.map((id) => {
    const { range, quant } = program.tensors[id];
    return { lo: quant.scale * (range.lo - quant.zeroPoint), hi: quant.scale * (range.hi - quant.zeroPoint) };
  });
  return seededSamples(graph, ranges, samplesAtOnce(graph, NUM_SEEDED_SAMPLES));
}

/**
 * By TensorId, the largest error of the tensor's real-valued meaning against the float reference; null for tensors that
 * the graph does not have. `samples` default to pseudo-random ones.
 */
export function floatErrors(program: Program, graph: Graph, samples?: Samples): (number | null)[] {
  const chosen = samples ?? declaredRangeSamples(program, graph);
  const inputs = program.inputs.map((_, index) => quantiseInput(program, index, chosen[index].data));
  const reference = runGraph(graph, graphInputs(graph, chosen, inputs), { keep: "all" });
  const { tensors } = runProgram(program, inputs, chosen[0].shape[0]);
  return program.tensors.map((tensor, id) => {
    const real = referenceOf(tensor, graph, reference);
    return real === null ? null : largestError(tensors[id], tensor.quant, real);
  });
}
