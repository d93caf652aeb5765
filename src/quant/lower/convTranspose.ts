/**
 * A transposed convolution is a convolution, with the kernel reversed, of its input with stride − 1 zeros between
 * neighbours and zeros around it. Both kinds of zeros are one `take` per axis.
 */

import { attribute, intAttribute } from "../../graph/attributes.ts";
import type { Node } from "../../graph/node.ts";
import {
  extentOf,
  splitPadding,
  type WindowSettings,
  windowSettings,
} from "../../graph/operators/windows.ts";
import { elementCount, type Shape } from "../../tensor/shape.ts";
import type { LoweringRule } from "./context.ts";
import { addConvolution, constantWeight, weightChannelsLast } from "./conv.ts";
import { readSpatial } from "./spatial.ts";

/** How much of the sum over all windows is cut off at the beginning of an axis. */
function cutAtBegin(
  node: Node,
  settings: WindowSettings,
  axis: number,
  inputLength: number,
  outputLength: number,
): number {
  if (settings.pads !== undefined && attribute(node, "output_shape", "ints") === undefined)
    return settings.pads[axis];
  const extra = attribute(node, "output_padding", "ints")?.[axis] ?? 0;
  const whole = settings.strides[axis] * (inputLength - 1) + extra + extentOf(settings, axis);
  const more = settings.autoPad === "SAME_UPPER" ? "end" : "begin";
  return splitPadding(Math.max(0, whole - outputLength), more).begin;
}

/** [C, M / groups, kernel …] → [M, C / groups, kernel reversed …]. */
function reversedKernel(data: ArrayLike<number>, shape: Shape, groups: number): Float64Array {
  const [numInputs, outputsPerGroup, ...kernel] = shape;
  const inputsPerGroup = numInputs / groups;
  const taps = elementCount(kernel);
  const reversed = new Float64Array(data.length);
  for (let c = 0; c < numInputs; c++) {
    const group = Math.floor(c / inputsPerGroup);
    for (let j = 0; j < outputsPerGroup; j++) {
      const row = (group * outputsPerGroup + j) * inputsPerGroup + (c % inputsPerGroup);
      for (let k = 0; k < taps; k++) {
        reversed[row * taps + taps - 1 - k] = data[(c * outputsPerGroup + j) * taps + k];
      }
    }
  }
  return reversed;
}

export const lowerConvTranspose: LoweringRule = (context, node) => {
  const { shape, data } = constantWeight(context, node);
  const { id, spatial, numChannels } = readSpatial(context, node.inputs[0]);
  const kernel = shape.slice(2);
  const groups = intAttribute(node, "group", 1);
  const settings = windowSettings(node, kernel);
  const outputSpatial = context.shapeOf(node.outputs[0]).slice(context.graph.batched ? 1 : 2);
  let input = id;
  let current: number[] = [...spatial];
  spatial.forEach((length, axis) => {
    const reach = extentOf(settings, axis) - 1;
    const cut = cutAtBegin(node, settings, axis, length, outputSpatial[axis]);
    const stride = settings.strides[axis];
    const indices = Int32Array.from({ length: outputSpatial[axis] + reach }, (_, position) => {
      const source = (position - reach + cut) / stride;
      return Number.isInteger(source) && source >= 0 && source < length ? source : -1;
    });
    current = current.map((old, at) => (at === axis ? indices.length : old));
    const name = `${node.name} (spread along axis ${axis})`;
    const step = { kind: "take", name, result: name, shape: [...current, numChannels] } as const;
    input = context.add({ ...step, input, axis, indices, fill: 0 });
  });
  const zeros = kernel.map(() => 0);
  const ones = kernel.map(() => 1);
  const weightShape = [shape[1] * groups, shape[0] / groups, ...kernel];
  const weight = weightChannelsLast(reversedKernel(data, shape, groups), weightShape);
  const geometry = { strides: ones, dilations: settings.dilations, padBegin: zeros, padEnd: zeros, groups };
  addConvolution(context, node, input, [weightShape[0], ...kernel, weightShape[1]], weight, geometry);
};
