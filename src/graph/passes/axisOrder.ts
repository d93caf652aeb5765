/** Orders of axes as Transpose has them: axis i of the result is axis `order[i]` of the source. */

export type Order = readonly number[];

/** First `first`, then `second`. */
export function composed(first: Order, second: Order): Order {
  return second.map((axis) => first[axis]);
}

export function inverse(order: Order): Order {
  const result = new Array<number>(order.length);
  order.forEach((axis, i) => {
    result[axis] = i;
  });
  return result;
}

export function isIdentity(order: Order): boolean {
  return order.every((axis, i) => axis === i);
}

export function permuted<T>(items: readonly T[], order: Order): T[] {
  return order.map((axis) => items[axis]);
}

/** Whether the elements keep their sequence because all axes that move are of length 1. */
export function movesNothing(shape: readonly number[], order: Order): boolean {
  const long = order.filter((axis) => shape[axis] !== 1);
  return long.every((axis, i) => i === 0 || axis > long[i - 1]);
}

/** The order that is left when the source's axes in `dropped` vanish. */
export function withoutAxes(order: Order, dropped: ReadonlySet<number>): Order {
  const kept = order.filter((axis) => !dropped.has(axis));
  const sorted = [...kept].sort((a, b) => a - b);
  return kept.map((axis) => sorted.indexOf(axis));
}
