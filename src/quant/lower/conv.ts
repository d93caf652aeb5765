/** Convolutions of any number of spatial axes, in groups: from channels first to channels last. */

import { intAttribute } from "../../graph/attributes.ts";
import type { Node } from "../../graph/node.ts";
import { windowAxes, windowSettings } from "../../graph/operators/windows.ts";
import { elementCount, type Shape } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { ConvGeometry, LinearPart, RealId } from "../realProgram.ts";
import { type LoweringContext, type LoweringRule, NotLowerable } from "./context.ts";
import { readSpatial, spatialOutput } from "./spatial.ts";

/** [M, C', kernel …] → [M, kernel …, C']. */
export function weightChannelsLast(data: ArrayLike<number>, shape: Shape): Float64Array {
  const [numOutputs, numChannels, ...kernel] = shape;
  const taps = elementCount(kernel);
  const moved = new Float64Array(data.length);
  for (let m = 0; m < numOutputs; m++) {
    for (let c = 0; c < numChannels; c++) {
      for (let k = 0; k < taps; k++) {
        moved[(m * taps + k) * numChannels + c] = data[(m * numChannels + c) * taps + k];
      }
    }
  }
  return moved;
}

export function constantWeight(context: LoweringContext, node: Node): Tensor {
  const weight = context.constantInput(node, 1);
  if (weight === undefined) throw new NotLowerable("convolves with a computed weight");
  if (!context.isData(node.inputs[0])) throw new NotLowerable("convolves a constant");
  if (context.isData(node.inputs[2] ?? "")) throw new NotLowerable("adds a computed bias");
  return weight;
}

/** Adds the convolution of the value `input` that computes the node's output. `weight`: [M, kernel …, C']. */
export function addConvolution(
  context: LoweringContext,
  node: Node,
  input: RealId,
  weightShape: Shape,
  weight: Float64Array,
  geometry: ConvGeometry,
): void {
  const bias = context.constantInput(node, 2);
  const part: LinearPart = {
    name: node.name,
    input,
    weightName: node.inputs[1],
    biasName: node.inputs[2] ?? "",
    weightShape,
    weight,
    bias: bias === undefined ? null : Float64Array.from(bias.data),
    geometry,
  };
  spatialOutput(context, node.outputs[0], (result, shape) => ({
    kind: "sum",
    name: node.name,
    result,
    shape,
    parts: [part],
    terms: [],
    activation: null,
    sums: result,
  }));
}

export const lowerConv: LoweringRule = (context, node) => {
  const { shape, data } = constantWeight(context, node);
  const { id, spatial } = readSpatial(context, node.inputs[0]);
  const kernel = shape.slice(2);
  const axes = windowAxes(node, spatial, windowSettings(node, kernel));
  const geometry: ConvGeometry = {
    strides: axes.map(({ stride }) => stride),
    dilations: axes.map(({ dilation }) => dilation),
    padBegin: axes.map(({ padBegin }) => padBegin),
    padEnd: axes.map(({ padEnd }) => padEnd),
    groups: intAttribute(node, "group", 1),
  };
  const weightShape = [shape[0], ...kernel, shape[1]];
  addConvolution(context, node, id, weightShape, weightChannelsLast(data, shape), geometry);
};
