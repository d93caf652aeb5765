/** The labelled samples that quality is measured on. */
import { toLabels } from "../data/labels.ts";
import { TensorproofError } from "../errors/tensorproofError.ts";
import type { Graph } from "../graph/graph.ts";
import type { Program } from "../program/program.ts";
import type { Samples } from "../quant/compileOptions.ts";
import { requireLabels } from "../quant/evaluate.ts";
import { elementCount } from "../tensor/shape.ts";
import { programInputs, readData, readSamples } from "./inputs.ts";
import type { PixelOptions } from "./options.ts";

export interface HeldOut {
  /** Bytes of files are a quantised program's own integers, so that samples may depend on the program. */
  readonly samplesFor: (program: Program) => Samples;
  /** For a graph that is not quantised. */
  readonly samples: Samples;
  readonly labels: ArrayLike<number>;
}

function isRegression({ outputs: [output] }: Graph): boolean {
  return output.type === "float32" && elementCount(output.shape) === 1;
}

/** Class numbers, or the real targets of a model with a single real output. @throws TensorproofError `input.*` */
export function readTargets(graph: Graph, path: string): ArrayLike<number> {
  const file = readData(path);
  if (!isRegression(graph) || file.tensors.length !== 1) return toLabels(file);
  const [{ data }] = file.tensors;
  const bad = data.findIndex((target) => !Number.isFinite(target));
  if (bad < 0) return data;
  throw new TensorproofError("input.dtype", `"${path}": ${data[bad]} at index ${bad} is no target`, {
    where: path,
  });
}

/** Samples and labels that can be compared. @throws TensorproofError `input.*` */
export function requireComparable(graph: Graph, samples: Samples, labels: ArrayLike<number>): void {
  requireLabels(labels, samples[0].shape[0]);
  samples.forEach(({ data }, i) => {
    const bad = data.findIndex((value) => !Number.isFinite(value));
    if (bad < 0) return;
    const where = `input "${graph.inputs[i].name}"`;
    const message = `${where}: the value at index ${bad} is ${data[bad]}: missing values cannot be run; fill or drop them`;
    throw new TensorproofError("input.dtype", message, { where });
  });
  const [output] = graph.outputs;
  const numClasses = elementCount(output.shape);
  if (isRegression(graph) || numClasses < 2) return;
  for (let n = 0; n < labels.length; n++) {
    if (labels[n] < numClasses) continue;
    const message = `label ${labels[n]} of sample ${n}: the model has ${numClasses} classes, numbered from 0`;
    throw new TensorproofError("input.dtype", message, { where: "--labels" });
  }
}

export function readHeldOut(graph: Graph, data: string, labels: string, options: PixelOptions): HeldOut {
  const samples = readSamples(data, graph.inputs, options);
  const targets = readTargets(graph, labels);
  requireComparable(graph, samples, targets);
  const samplesFor = (program: Program): Samples => {
    if (program.mode !== "exact-int8") return samples;
    const inputs = programInputs(program).map((input, i) => ({ ...input, name: graph.inputs[i].name }));
    return readSamples(data, inputs, options);
  };
  return { samplesFor, samples, labels: targets };
}
