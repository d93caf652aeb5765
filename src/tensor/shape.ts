/** Shapes and row-major index arithmetic. A shape lists axis lengths, outermost first; `[]` is a scalar. */

export type Shape = readonly number[];

/** Number of elements; 1 for a scalar. */
export function elementCount(shape: Shape): number {
  let count = 1;
  for (const length of shape) count *= length;
  return count;
}

/** Row-major strides in elements: the last axis has stride 1. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}

/** `[2, 3]`, as messages show it. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

/**
 * Counts a negative axis from the end. `undefined` when the axis does not exist in a tensor of this rank, so that the
 * caller can name the node.
 */
export function resolveAxis(axis: number, rank: number): number | undefined {
  const resolved = axis < 0 ? axis + rank : axis;
  return Number.isInteger(resolved) && resolved >= 0 && resolved < rank ? resolved : undefined;
}

/** The shape two operands broadcast to (trailing axes aligned, length 1 stretches), or `undefined` if they do not fit. */
export function broadcastShapes(a: Shape, b: Shape): number[] | undefined {
  const rank = Math.max(a.length, b.length);
  const result = new Array<number>(rank);
  for (let i = 1; i <= rank; i++) {
    const x = a[a.length - i] ?? 1;
    const y = b[b.length - i] ?? 1;
    if (x !== y && x !== 1 && y !== 1) return undefined;
    result[rank - i] = x === 1 ? y : x;
  }
  return result;
}

/**
 * Strides that read a tensor of shape `shape` as if it had been broadcast to `target`: stretched axes get stride 0.
 * Expects that `shape` broadcasts to `target`.
 */
export function broadcastStrides(shape: Shape, target: Shape): number[] {
  const strides = stridesOf(shape);
  const offset = target.length - shape.length;
  return target.map((_, axis) => (axis < offset || shape[axis - offset] === 1 ? 0 : strides[axis - offset]));
}
