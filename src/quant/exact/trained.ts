/** Trained tensors as constants of the program: the integers of the file, less their zero points. */

import type { ConstantId, IntRange } from "../../program/program.ts";
import { elementCount, type Shape, stridesOf } from "../../tensor/shape.ts";
import { walkStrided } from "../../tensor/strided.ts";
import type { Arithmetic } from "./arithmetic.ts";
import { byteRange } from "./byteQuant.ts";
import type { Emitter } from "./emitter.ts";
import { NotExact } from "./notExact.ts";
import type { ConstantValue } from "./values.ts";

/** The constant with its axes in another order: axis i of the result is axis order[i]. */
export function reordered(constant: ConstantValue, order: readonly number[]): ConstantValue {
  const strides = stridesOf(constant.shape);
  const shape = order.map((axis) => constant.shape[axis]);
  const data = new Float64Array(constant.data.length);
  walkStrided(
    shape,
    order.map((axis) => strides[axis]),
    (position, offset) => {
      data[position] = constant.data[offset];
    },
  );
  return { ...constant, shape, data, axis: order.indexOf(constant.axis) };
}

/** Scales of weights whose first axis counts outputs: one, or one for each. */
export function outputScales(weight: ConstantValue): readonly number[] {
  const { scales, axis, shape } = weight;
  if (scales.length === 1) return scales;
  if (axis === 0 && scales.length === shape[0]) return scales;
  throw new NotExact(`has weights "${weight.name}" with scales along another axis than their outputs`);
}

function zeroPointOf(arithmetic: Arithmetic, kind: "conv" | "dense", weight: ConstantValue): number {
  const [zeroPoint] = weight.zeroPoints;
  if (weight.zeroPoints.some((other) => other !== zeroPoint))
    throw new NotExact(`has weights "${weight.name}" with several zero points`);
  // The reference kernel of int8 convolutions reads weights as if their zero point were 0.
  const isIgnored = arithmetic.kind === "tflite" && kind === "conv" && weight.type === "int8";
  if (isIgnored && zeroPoint !== 0)
    throw new NotExact(`has int8 weights "${weight.name}" with zero point ${zeroPoint} instead of 0`);
  return zeroPoint;
}

/** The smallest [−2^b, 2^b − 1] that holds all integers: the exact bounds of a secret bias stay secret. */
function roundedRange(data: Int32Array): IntRange {
  let bound = 1;
  for (const value of data) while (bound < -value || bound - 1 < value) bound *= 2;
  return { lo: -bound, hi: bound - 1 };
}

/** w − zeroPoint in the order of the program's weights: outputs first, then as `shape` says. */
export function addWeight(
  emitter: Emitter,
  arithmetic: Arithmetic,
  kind: "conv" | "dense",
  weight: ConstantValue,
): ConstantId {
  if (weight.type === "int32") throw new NotExact(`has weights "${weight.name}" of 32 bits`);
  const zeroPoint = zeroPointOf(arithmetic, kind, weight);
  const { lo, hi } = byteRange(weight.type);
  return emitter.addConstant({
    name: weight.name,
    shape: weight.shape,
    range: { lo: lo - zeroPoint, hi: hi - zeroPoint },
    quant: { scale: weight.scales.length === 1 ? weight.scales[0] : 1, zeroPoint: 0 },
    data: Int32Array.from(weight.data, (w) => w - zeroPoint),
  });
}

/** The 32-bit bias of a layer, one for each output. */
export function addBias(emitter: Emitter, bias: ConstantValue, numOutputs: number): ConstantId {
  if (bias.type !== "int32" || bias.zeroPoints.some((zeroPoint) => zeroPoint !== 0))
    throw new NotExact(`has a bias "${bias.name}" that is not of 32 bits with zero point 0`);
  if (bias.data.length !== numOutputs)
    throw new NotExact(`has a bias "${bias.name}" of ${bias.data.length} numbers for ${numOutputs} outputs`);
  const data = Int32Array.from(bias.data);
  return emitter.addConstant({
    name: bias.name,
    shape: [numOutputs],
    range: roundedRange(data),
    quant: { scale: bias.scales.length === 1 ? bias.scales[0] : 1, zeroPoint: 0 },
    data,
  });
}

/** A trained tensor of 8 bits as it is stored, as a tensor of the program. */
export function addStored(emitter: Emitter, constant: ConstantValue, shape: Shape): number {
  if (constant.type === "int32" || constant.scales.length !== 1)
    throw new NotExact(`combines a trained tensor "${constant.name}" that is not of 8 bits with one scale`);
  if (elementCount(shape) !== constant.data.length) throw new RangeError("expected a shape of the same size");
  const quant = { scale: constant.scales[0], zeroPoint: constant.zeroPoints[0] };
  const data = Int32Array.from(constant.data);
  const range = byteRange(constant.type);
  const id = emitter.addConstant({ name: constant.name, shape, range, quant, data });
  return emitter.add({ kind: "constant", name: constant.name, constant: id }, { name: constant.name });
}
