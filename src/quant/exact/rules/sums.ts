/** Conv, Gemm and MatMul: sums of products in integers, then one rescaling to the output. */

import { floatAttribute, intAttribute } from "../../../graph/attributes.ts";
import type { Node } from "../../../graph/node.ts";
import { windowAxes, windowSettings } from "../../../graph/operators/windows.ts";
import type { ConstantId, TensorId } from "../../../program/program.ts";
import { resultRange } from "../arithmetic.ts";
import type { ExactContext, ExactRule } from "../context.ts";
import { withSmallBiases, withUnitMultipliers } from "../deadChannels.ts";
import { PLAIN, type Result } from "../emitter.ts";
import { layoutName, remarked } from "../names.ts";
import { NotExact } from "../notExact.ts";
import { type Rescaling, rescalingOf, sumScaling } from "../sumScaling.ts";
import { addBias, addWeight, outputScales, reordered } from "../trained.ts";
import {
  type ConstantValue,
  identityPermutation,
  inversePermutation,
  type RealValue,
  type Target,
  type View,
} from "../values.ts";

/** Sums as stored integers. `zeroPoint` is what is added to the rescaled sum. */
export function rescaled(
  context: ExactContext,
  node: Node,
  sums: View,
  { rounding, multipliers }: Rescaling,
  target: Target,
  zeroPoint: number = target.quant.zeroPoint,
): View {
  const { lo, hi } = resultRange(context.arithmetic, target.quant, target.bounds);
  if (lo > hi) throw new NotExact("has an activation that leaves no value of its output's range");
  for (const { shift } of multipliers) {
    if (shift > 30) throw new NotExact(`multiplies by 2^${shift}, which no 32-bit arithmetic holds`);
  }
  const id = context.emitter.add(
    {
      kind: "rescale",
      name: remarked(node.name, "rescale"),
      input: sums.id,
      ...{ rounding, multipliers, zeroPoint, lo, hi },
    },
    { name: layoutName(target.name, sums.permutation), quant: target.quant },
  );
  return { ...sums, id };
}

interface Layer {
  readonly kind: "conv" | "dense";
  readonly input: RealValue;
  readonly weight: ConstantValue;
  readonly bias: ConstantValue | undefined;
  readonly scales: readonly number[];
}

function layerOf(context: ExactContext, node: Node, kind: Layer["kind"], weight: ConstantValue): Layer {
  const bias = node.inputs[2] ? context.constant(node, 2) : undefined;
  return { kind, input: context.real(node, 0), weight, bias, scales: outputScales(weight) };
}

interface LayerConstants {
  readonly weight: ConstantId;
  readonly bias: ConstantId | null;
}

/** Adds the operator that sums (`addSums`) and rescales its result to the output. */
function addLayer(
  context: ExactContext,
  node: Node,
  layer: Layer,
  target: Target,
  permutation: readonly number[],
  addSums: (constants: LayerConstants, result: Result) => TensorId,
): View {
  const { emitter, arithmetic } = context;
  const { kind, input, weight, scales } = layer;
  const { quant } = target;
  const scaling = sumScaling(arithmetic, kind, input.quant, scales, quant);
  const { bias, dead } = withSmallBiases(weight, layer.bias, scaling, quant);
  const constants = {
    weight: addWeight(emitter, arithmetic, kind, weight),
    bias: bias === undefined ? null : addBias(emitter, bias, weight.shape[0]),
  };
  const scale = scales.length === 1 ? input.quant.scale * scales[0] : PLAIN.scale;
  const id = addSums(constants, { name: remarked(node.outputs[0], "sums"), quant: { scale, zeroPoint: 0 } });
  const { lo, hi } = resultRange(arithmetic, quant, target.bounds);
  const steps = { lo: lo - quant.zeroPoint, hi: hi - quant.zeroPoint };
  const exact = rescalingOf(scaling, emitter.tensor(id).range, steps);
  const rescaling = withUnitMultipliers(exact, dead, weight.shape[0]);
  return rescaled(context, node, { id, permutation }, rescaling, target);
}

export const lowerConv: ExactRule = (context, node) => {
  const { emitter } = context;
  const given = context.constant(node, 1);
  const rank = given.shape.length - 1;
  // Outputs, spatial axes, channels: channels last as in the program.
  const channelsLast = [...identityPermutation(rank).slice(1), 0];
  const weight = reordered(given, [0, ...channelsLast.map((axis) => axis + 1)]);
  const layer = layerOf(context, node, "conv", weight);
  const inputShape = emitter.shapeOf(layer.input.view);
  if (inputShape.length !== rank)
    throw new NotExact(`convolves a tensor of shape [${inputShape}] per sample`);
  const axes = windowAxes(node, inputShape.slice(1), windowSettings(node, given.shape.slice(2)));
  const windows = {
    strides: axes.map(({ stride }) => stride),
    dilations: axes.map(({ dilation }) => dilation),
    padBegin: axes.map(({ padBegin }) => padBegin),
    padEnd: axes.map(({ padEnd }) => padEnd),
    groups: intAttribute(node, "group", 1),
  };
  const permutation = inversePermutation(channelsLast);
  context.setPending(node, (target) => {
    const input = emitter.centred(emitter.stored(layer.input.view, permutation), layer.input.quant);
    return addLayer(context, node, layer, target, permutation, (constants, result) =>
      emitter.add({ kind: "conv", name: node.name, input, ...constants, ...windows }, result),
    );
  });
};

function lowerDense(context: ExactContext, node: Node, weight: ConstantValue): void {
  const { emitter } = context;
  const layer = layerOf(context, node, "dense", weight);
  const permutation = layer.input.view.permutation.map((_, axis) => axis);
  context.setPending(node, (target) => {
    const input = emitter.centred(emitter.materialise(layer.input.view), layer.input.quant);
    return addLayer(context, node, layer, target, permutation, (constants, result) =>
      emitter.add({ kind: "matmul", name: node.name, input, ...constants }, result),
    );
  });
}

export const lowerGemm: ExactRule = (context, node) => {
  if (intAttribute(node, "transA", 0) === 1) throw new NotExact("transposes its input (transA)");
  if (floatAttribute(node, "alpha", 1) !== 1 || floatAttribute(node, "beta", 1) !== 1)
    throw new NotExact("has an alpha or beta other than 1");
  const weight = context.constant(node, 1);
  lowerDense(context, node, intAttribute(node, "transB", 0) === 1 ? weight : reordered(weight, [1, 0]));
};

export const lowerMatMul: ExactRule = (context, node) => {
  const weight = context.constant(node, 1);
  if (weight.shape.length !== 2) throw new NotExact(`multiplies by a constant of shape [${weight.shape}]`);
  lowerDense(context, node, reordered(weight, [1, 0]));
};
