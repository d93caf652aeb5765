/** ConvTranspose: every input element adds its multiple of the kernel to the window it stands for. */

import { elementCount, formatShape, type Shape } from "../../tensor/shape.ts";
import type { FloatTensor } from "../../tensor/tensor.ts";
import { attribute, intAttribute } from "../attributes.ts";
import type { Node } from "../node.ts";
import { type OperatorDefinition, requiredFacts, requiredTensor, shapeMismatch } from "../operator.ts";
import { checkBias, checkConvolution } from "./conv.ts";
import { type WindowAxis, type WindowRuns, windowRuns } from "./windowRuns.ts";
import { autoPadProblem, checkedAxes, extentOf, MAX_REACH, splitPadding, windowSettings } from "./windows.ts";

/** Windows are the elements of the input (of shape `x`) here, and slide along the output. */
export function convTransposeAxes(node: Node, x: Shape, kernelShape: Shape): readonly WindowAxis[] {
  const settings = windowSettings(node, kernelShape);
  const { kernel, strides, dilations, pads, autoPad } = settings;
  const rank = kernel.length;
  const extra = attribute(node, "output_padding", "ints") ?? kernel.map(() => 0);
  const wanted = attribute(node, "output_shape", "ints");
  // Some writers give it with batch and channels.
  const target = wanted?.slice(-rank);
  if (
    extra.length !== rank ||
    extra.some((x) => !(x >= 0)) ||
    (target !== undefined && target.length !== rank)
  )
    throw shapeMismatch(node, "output_padding or output_shape does not fit the kernel");
  const axes = kernel.map((positions, axis): WindowAxis => {
    const windows = x[axis + 2];
    const stride = strides[axis];
    const whole = stride * (windows - 1) + extra[axis] + extentOf(settings, axis);
    if (whole > MAX_REACH) throw shapeMismatch(node, `its windows reach ${whole} elements far`);
    const shared = { windows, kernel: positions, stride, dilation: dilations[axis] };
    const same = autoPad === "SAME_UPPER" || autoPad === "SAME_LOWER";
    const length = target?.[axis] ?? (same ? windows * stride : undefined);
    if (length === undefined) {
      const padBegin = pads?.[axis] ?? 0;
      const padEnd = pads?.[axis + rank] ?? 0;
      return { ...shared, length: whole - padBegin - padEnd, padBegin, padEnd };
    }
    const { begin, end } = splitPadding(
      Math.max(0, whole - length),
      autoPad === "SAME_UPPER" ? "end" : "begin",
    );
    return { ...shared, length, padBegin: begin, padEnd: end };
  });
  return checkedAxes(node, axes);
}

export const convTranspose: OperatorDefinition = {
  operator: "ConvTranspose",
  unsupported: autoPadProblem,
  infer(node, inputs) {
    checkConvolution(node, inputs);
    const x = requiredFacts(node, inputs, 0).shape;
    const w = requiredFacts(node, inputs, 1).shape;
    if (w[0] !== x[1]) throw shapeMismatch(node, `weights ${formatShape(w)} do not fit ${x[1]} channels`);
    const channels = w[1] * intAttribute(node, "group", 1);
    checkBias(node, inputs[2], channels);
    return [
      {
        shape: [x[0], channels, ...convTransposeAxes(node, x, w.slice(2)).map(({ length }) => length)],
        type: "float32",
      },
    ];
  },
  evaluate(node, inputs, [shape]) {
    const x = requiredTensor(node, inputs, 0) as FloatTensor;
    const w = requiredTensor(node, inputs, 1) as FloatTensor;
    const runs = windowRuns(convTransposeAxes(node, x.shape, w.shape.slice(2)));
    const [samples, channels] = shape;
    const outputsPerGroup = w.shape[1];
    const perGroup = x.shape[1] / intAttribute(node, "group", 1);
    const data = new Float32Array(elementCount(shape));
    const sums = new Float64Array(runs.elements);
    for (let sample = 0; sample < samples; sample++) {
      for (let channel = 0; channel < channels; channel++) {
        sums.fill(inputs[2]?.data[channel] ?? 0);
        const firstInput = Math.floor(channel / outputsPerGroup) * perGroup;
        for (let i = firstInput; i < firstInput + perGroup; i++) {
          const kernelAt = (i * outputsPerGroup + (channel % outputsPerGroup)) * runs.kernel;
          addSpread(sums, x.data, (sample * x.shape[1] + i) * runs.windows, w.data, kernelAt, runs);
        }
        data.set(sums, (sample * channels + channel) * runs.elements);
      }
    }
    return [{ shape, data }];
  },
  multiplyAccumulates: ([x, w]) =>
    x === undefined || w === undefined ? 0 : elementCount(x) * elementCount(w.slice(1)),
};

function addSpread(
  sums: Float64Array,
  x: Float32Array,
  plane: number,
  weights: Float32Array,
  kernelAt: number,
  { kernel, step, starts, windowAt, elementAt, lengths }: WindowRuns,
): void {
  for (let k = 0; k < kernel; k++) {
    const weight = weights[kernelAt + k];
    for (let run = starts[k]; run < starts[k + 1]; run++) {
      const from = plane + windowAt[run];
      const to = elementAt[run];
      for (let j = 0; j < lengths[run]; j++) sums[to + j * step] += weight * x[from + j];
    }
  }
}
