/** Conv: convolution over any number of spatial axes, in groups, channels first. */

import { elementCount, formatShape, type Shape } from "../../tensor/shape.ts";
import type { FloatTensor } from "../../tensor/tensor.ts";
import { attribute, intAttribute } from "../attributes.ts";
import type { Node } from "../node.ts";
import {
  type OperatorDefinition,
  requiredFacts,
  requiredTensor,
  shapeMismatch,
  type ValueFacts,
} from "../operator.ts";
import { type WindowAxis, type WindowRuns, windowRuns } from "./windowRuns.ts";
import { autoPadProblem, windowAxes, windowSettings } from "./windows.ts";

/** Checks what Conv and ConvTranspose have in common: three or more axes, reals, a kernel of the weights' shape. */
export function checkConvolution(node: Node, inputs: readonly (ValueFacts | undefined)[]): void {
  const x = requiredFacts(node, inputs, 0);
  const w = requiredFacts(node, inputs, 1);
  if ([x, w, inputs[2]].some((facts) => facts !== undefined && facts.type !== "float32"))
    throw shapeMismatch(node, "convolves integers");
  if (x.shape.length < 3 || w.shape.length !== x.shape.length)
    throw shapeMismatch(node, `weights ${formatShape(w.shape)} do not fit an input ${formatShape(x.shape)}`);
  const stated = attribute(node, "kernel_shape", "ints");
  if (stated?.some((length, axis) => length !== w.shape[axis + 2]))
    throw shapeMismatch(
      node,
      `kernel_shape ${formatShape(stated)} differs from weights ${formatShape(w.shape)}`,
    );
  const group = intAttribute(node, "group", 1);
  if (!(group >= 1) || x.shape[1] % group !== 0)
    throw shapeMismatch(node, `${x.shape[1]} channels cannot be split into ${group} groups`);
}

/** Throws unless a bias is one number for each of `channels`. */
export function checkBias(node: Node, bias: ValueFacts | undefined, channels: number): void {
  if (bias !== undefined && (bias.shape.length !== 1 || bias.shape[0] !== channels))
    throw shapeMismatch(
      node,
      `bias ${formatShape(bias.shape)} is not one number for each of ${channels} channels`,
    );
}

function axesOf(node: Node, x: Shape, w: Shape): readonly WindowAxis[] {
  return windowAxes(node, x.slice(2), windowSettings(node, w.slice(2)));
}

export const conv: OperatorDefinition = {
  operator: "Conv",
  unsupported: autoPadProblem,
  infer(node, inputs) {
    checkConvolution(node, inputs);
    const x = requiredFacts(node, inputs, 0).shape;
    const w = requiredFacts(node, inputs, 1).shape;
    const group = intAttribute(node, "group", 1);
    if (w[1] * group !== x[1] || w[0] % group !== 0) {
      const counts = `in ${group} groups do not fit ${x[1]} channels`;
      throw shapeMismatch(node, `weights ${formatShape(w)} ${counts}`);
    }
    checkBias(node, inputs[2], w[0]);
    const windows = axesOf(node, x, w).map((axis) => axis.windows);
    return [{ shape: [x[0], w[0], ...windows], type: "float32" }];
  },
  evaluate(node, inputs, [shape]) {
    const x = requiredTensor(node, inputs, 0) as FloatTensor;
    const w = requiredTensor(node, inputs, 1) as FloatTensor;
    const runs = windowRuns(axesOf(node, x.shape, w.shape));
    const [samples, channels] = shape;
    const perGroup = w.shape[1];
    const outputsPerGroup = channels / intAttribute(node, "group", 1);
    const data = new Float32Array(elementCount(shape));
    const sums = new Float64Array(runs.windows);
    for (let sample = 0; sample < samples; sample++) {
      for (let channel = 0; channel < channels; channel++) {
        sums.fill(inputs[2]?.data[channel] ?? 0);
        const firstInput = Math.floor(channel / outputsPerGroup) * perGroup;
        for (let i = 0; i < perGroup; i++) {
          const plane = (sample * x.shape[1] + firstInput + i) * runs.elements;
          addConvolved(sums, x.data, plane, w.data, (channel * perGroup + i) * runs.kernel, runs);
        }
        data.set(sums, (sample * channels + channel) * runs.windows);
      }
    }
    return [{ shape, data }];
  },
  multiplyAccumulates: ([, w], output) =>
    w === undefined ? 0 : elementCount(output) * elementCount(w.slice(1)),
};

/** sums[w] += Σ_k kernel[k] · plane[element k of window w]: the loop in which convolutions spend their time. */
function addConvolved(
  sums: Float64Array,
  x: Float32Array,
  plane: number,
  weights: Float32Array,
  kernelAt: number,
  { kernel, step, starts, windowAt, elementAt, lengths }: WindowRuns,
): void {
  for (let k = 0; k < kernel; k++) {
    const weight = weights[kernelAt + k];
    const end = starts[k + 1];
    for (let run = starts[k]; run < end; run++) {
      const from = plane + elementAt[run];
      const to = windowAt[run];
      const length = lengths[run];
      if (step === 1) for (let j = 0; j < length; j++) sums[to + j] += weight * x[from + j];
      else for (let j = 0; j < length; j++) sums[to + j] += weight * x[from + j * step];
    }
  }
}
