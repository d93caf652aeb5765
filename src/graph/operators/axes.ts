/** Axes that attributes and inputs of nodes name. */

import { formatShape, resolveAxis, type Shape } from "../../tensor/shape.ts";
import { intAttribute } from "../attributes.ts";
import type { Node } from "../node.ts";
import { shapeMismatch } from "../operator.ts";

/** The axis, counted from the front. Throws `model.shapeMismatch` if the tensor has none such. */
export function requiredAxis(node: Node, axis: number, shape: Shape): number {
  const resolved = resolveAxis(axis, shape.length);
  if (resolved === undefined) throw shapeMismatch(node, `axis ${axis} is outside ${formatShape(shape)}`);
  return resolved;
}

/** The axis that the attribute "axis" names. */
export function axisAttribute(node: Node, shape: Shape, fallback: number): number {
  return requiredAxis(node, intAttribute(node, "axis", fallback), shape);
}

/** A tensor seen as [outer, length, inner] around one axis. */
export interface AxisView {
  readonly outer: number;
  readonly length: number;
  readonly inner: number;
}

export function axisView(shape: Shape, axis: number): AxisView {
  const product = (lengths: Shape): number => lengths.reduce((count, length) => count * length, 1);
  return { outer: product(shape.slice(0, axis)), length: shape[axis], inner: product(shape.slice(axis + 1)) };
}

/** Calls `visit` for every line along the axis, with the offset of its first element; elements lie `inner` apart. */
export function forEachLine({ outer, length, inner }: AxisView, visit: (start: number) => void): void {
  for (let block = 0; block < outer; block++) {
    for (let at = 0; at < inner; at++) visit(block * length * inner + at);
  }
}
