import { elementCount, stridesOf } from "../../tensor/shape.ts";

/** A tensor of unbounded integers, the batch as its first axis. */
export interface BigIntTensor {
  readonly shape: readonly number[];
  readonly data: readonly bigint[];
}

/** The integer at these coordinates; null outside the tensor. */
export function entryOf(tensor: BigIntTensor, coordinates: readonly number[]): bigint | null {
  if (!coordinates.every((at, axis) => at >= 0 && at < tensor.shape[axis])) return null;
  const strides = stridesOf(tensor.shape);
  return tensor.data[coordinates.reduce((sum, at, axis) => sum + at * strides[axis], 0)];
}

/** All coordinates of a shape, in row-major order. */
export function coordinatesOf(shape: readonly number[]): number[][] {
  const strides = stridesOf(shape);
  return Array.from({ length: elementCount(shape) }, (_, at) =>
    shape.map((length, axis) => Math.floor(at / strides[axis]) % length),
  );
}

/** The tensor whose entry at each coordinates is what the function says. */
export function tensorOf(shape: readonly number[], entry: (coordinates: number[]) => bigint): BigIntTensor {
  return { shape, data: coordinatesOf(shape).map(entry) };
}
