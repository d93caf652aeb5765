/** Dense row-major tensors. */

import { elementCount, formatShape, type Shape } from "./shape.ts";

/** Real numbers, rounded to single precision. */
export interface FloatTensor {
  readonly shape: Shape;
  readonly data: Float32Array;
}

/**
 * Integers, booleans (0 and 1) and indices. Held as doubles because every index is below 2^53; the limits of int64,
 * which model files use to say "to the end", are clamped to ±(2^53 − 1).
 */
export interface IntTensor {
  readonly shape: Shape;
  readonly data: Float64Array;
  /** How wide the integers are in the model, which matters where they saturate; int64 unless stated. */
  readonly integers?: IntegerType;
}

export type Tensor = FloatTensor | IntTensor;

export type IntegerType =
  | "int8"
  | "uint8"
  | "int16"
  | "uint16"
  | "int32"
  | "uint32"
  | "int64"
  | "uint64"
  /** 0 and 1. */
  | "bool";

export type ElementType = "float32" | IntegerType;

export function isFloatTensor(tensor: Tensor): tensor is FloatTensor {
  return tensor.data instanceof Float32Array;
}

export function elementTypeOf(tensor: Tensor): ElementType {
  return isFloatTensor(tensor) ? "float32" : (tensor.integers ?? "int64");
}

/** Wraps `data` without copying. Throws a RangeError when its length is not the size of `shape`. */
export function floatTensor(shape: Shape, data: Float32Array | readonly number[]): FloatTensor {
  requireSize(shape, data.length);
  return { shape, data: data instanceof Float32Array ? data : Float32Array.from(data) };
}

/** Wraps `data` without copying. Throws a RangeError when its length is not the size of `shape`. */
export function intTensor(
  shape: Shape,
  data: Float64Array | readonly number[],
  integers: IntegerType = "int64",
): IntTensor {
  requireSize(shape, data.length);
  return { shape, data: data instanceof Float64Array ? data : Float64Array.from(data), integers };
}

/** The same elements in the same order under another shape; shares the data. */
export function reshaped<T extends Tensor>(tensor: T, shape: Shape): T {
  requireSize(shape, tensor.data.length);
  return { ...tensor, shape };
}

/** A zeroed tensor of the given element type. */
export function zeros(type: ElementType, shape: Shape): Tensor {
  const count = elementCount(shape);
  return type === "float32"
    ? { shape, data: new Float32Array(count) }
    : { shape, data: new Float64Array(count), integers: type };
}

function requireSize(shape: Shape, length: number): void {
  if (elementCount(shape) !== length) {
    throw new RangeError(
      `data of a tensor of shape ${formatShape(shape)}: expected ${elementCount(shape)} elements, got ${length}`,
    );
  }
}
