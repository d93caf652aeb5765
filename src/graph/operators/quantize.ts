/**
 * QuantizeLinear and DequantizeLinear: between reals and the integers that stand for them, per tensor or per index of
 * one axis. `src/graph/quantization.ts` says how graphs use them.
 */

import { TensorproofError } from "../../errors/tensorproofError.ts";
import { elementCount, formatShape, resolveAxis, type Shape } from "../../tensor/shape.ts";
import { elementTypeOf, type IntegerType, type Tensor, zeros } from "../../tensor/tensor.ts";
import { intAttribute } from "../attributes.ts";
import { INTEGER_RANGES } from "../integers.ts";
import type { Node } from "../node.ts";
import {
  type OperatorDefinition,
  requiredFacts,
  requiredTensor,
  shapeMismatch,
  type ValueFacts,
} from "../operator.ts";

// Element types as the ONNX file format numbers them.
const OUTPUT_TYPES: ReadonlyMap<number, IntegerType> = new Map([
  [2, "uint8"],
  [3, "int8"],
  [4, "uint16"],
  [5, "int16"],
]);

function unsupported(node: Node): string | undefined {
  if (intAttribute(node, "block_size", 0) !== 0) return "blocked quantisation (block_size)";
  const stated = intAttribute(node, "output_dtype", 0);
  const known = stated === 0 || OUTPUT_TYPES.has(stated) || node.operator === "DequantizeLinear";
  return known ? undefined : `quantisation to element type ${stated}`;
}

/** Runs of elements that share a scale: `count` scales, each for `run` elements, again and again. */
interface ScaleLayout {
  readonly count: number;
  readonly run: number;
}

/** Checks scale and zero point against the tensor. One scale is for all of it; several lie along `axis`. */
function layoutOf(node: Node, shape: Shape, scale: Shape, zeroPoint: Shape | undefined): ScaleLayout {
  const count = elementCount(scale);
  if (scale.length > 1 || (zeroPoint !== undefined && elementCount(zeroPoint) !== count))
    throw shapeMismatch(
      node,
      `has scales ${formatShape(scale)} and zero points ${formatShape(zeroPoint ?? [])}`,
    );
  if (scale.length === 0 || (count === 1 && shape.length === 0))
    return { count: 1, run: elementCount(shape) };
  const axis = resolveAxis(intAttribute(node, "axis", 1), shape.length);
  if (axis !== undefined && shape[axis] === count) return { count, run: elementCount(shape.slice(axis + 1)) };
  if (count === 1) return { count, run: elementCount(shape) };
  throw shapeMismatch(node, `has ${count} scales, which do not fit ${formatShape(shape)}`);
}

function checkParameters(node: Node, inputs: readonly (ValueFacts | undefined)[]): Shape {
  const { shape } = requiredFacts(node, inputs, 0);
  const scale = requiredFacts(node, inputs, 1);
  const zeroPoint = inputs[2];
  if (scale.type !== "float32" || zeroPoint?.type === "float32")
    throw shapeMismatch(node, "has a scale that is no real number or a zero point that is no integer");
  layoutOf(node, shape, scale.shape, zeroPoint?.shape);
  const type = zeroPoint?.type ?? "float32";
  if (
    type !== "float32" &&
    zeroPoint?.value?.data.some((z) => z < INTEGER_RANGES[type][0] || z > INTEGER_RANGES[type][1])
  )
    throw badNumber(node, `a zero point that is no ${type} number`);
  if (scale.value?.data.some((s) => !(s >= 0) || s === Number.POSITIVE_INFINITY))
    throw badNumber(node, "a scale that is no positive number");
  if (node.operator === "QuantizeLinear" && scale.value?.data.includes(0))
    throw badNumber(node, "a scale of 0");
  return shape;
}

function badNumber(node: Node, reason: string): TensorproofError {
  return new TensorproofError("model.badAttribute", `has ${reason}`, { where: node.name });
}

function targetType(node: Node, zeroPoint: IntegerType | "float32" | undefined): IntegerType {
  if (zeroPoint !== undefined && zeroPoint !== "float32") return zeroPoint;
  return OUTPUT_TYPES.get(intAttribute(node, "output_dtype", 0)) ?? "uint8";
}

/** Calls `map` for every element with its scale and zero point. Quotients and products are those of single precision. */
function mapScaled(
  node: Node,
  inputs: readonly (Tensor | undefined)[],
  output: Tensor,
  map: (x: number, scale: number, zeroPoint: number) => number,
): readonly Tensor[] {
  const x = requiredTensor(node, inputs, 0);
  const scale = requiredTensor(node, inputs, 1);
  const zeroPoint = inputs[2];
  const { count, run } = layoutOf(node, x.shape, scale.shape, zeroPoint?.shape);
  for (let start = 0, block = 0; start < x.data.length; start += run, block++) {
    const s = scale.data[block % count];
    const z = zeroPoint?.data[block % count] ?? 0;
    for (let i = start; i < start + run; i++) output.data[i] = map(x.data[i], s, z);
  }
  return [output];
}

/** To the nearest integer, to the even one where two are as near. */
export function roundHalfEven(x: number): number {
  const lower = Math.floor(x);
  const rest = x - lower;
  if (rest !== 0.5) return rest < 0.5 ? lower : lower + 1;
  return lower % 2 === 0 ? lower : lower + 1;
}

export const quantizeLinear: OperatorDefinition = {
  operator: "QuantizeLinear",
  unsupported,
  infer: (node, inputs) => {
    const shape = checkParameters(node, inputs);
    return [{ shape, type: targetType(node, inputs[2]?.type) }];
  },
  evaluate(node, inputs) {
    const { shape } = requiredTensor(node, inputs, 0);
    const type = targetType(node, inputs[2] && elementTypeOf(inputs[2]));
    const [lo, hi] = INTEGER_RANGES[type];
    return mapScaled(node, inputs, zeros(type, shape), (x, scale, zeroPoint) =>
      Math.min(Math.max(roundHalfEven(Math.fround(x / scale)) + zeroPoint, lo), hi),
    );
  },
};

export const dequantizeLinear: OperatorDefinition = {
  operator: "DequantizeLinear",
  unsupported,
  infer: (node, inputs) => [{ shape: checkParameters(node, inputs), type: "float32" }],
  evaluate(node, inputs) {
    const { shape } = requiredTensor(node, inputs, 0);
    return mapScaled(node, inputs, zeros("float32", shape), (q, scale, zeroPoint) => (q - zeroPoint) * scale);
  },
};
