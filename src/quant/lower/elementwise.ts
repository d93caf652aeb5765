/** Sums, products and maxima of two tensors, computed or constant. */

import type { Node } from "../../graph/node.ts";
import { elementCount, type Shape, sameShape } from "../../tensor/shape.ts";
import type { RealId } from "../realProgram.ts";
import { namedInLayout } from "../tensorNames.ts";
import { broadcastData } from "./channelAffine.ts";
import { type LoweringContext, NotLowerable } from "./context.ts";
import { elementOrder, identityPermutation, isIdentity } from "./layout.ts";

/** The order of axes in which a step over these operands moves the least: that of a convolution, if one has it. */
function orderOf(context: LoweringContext, names: readonly string[], rank: number): readonly number[] {
  for (const name of names) {
    if (!context.isData(name)) continue;
    const { permutation, flattened } = context.valueOf(name);
    if (flattened === null && permutation.length === rank && !isIdentity(permutation)) return permutation;
  }
  return identityPermutation(rank);
}

function constantOperand(
  context: LoweringContext,
  name: string,
  target: Shape,
  order: readonly number[],
): RealId {
  const tensor = context.constant(name);
  if (tensor === undefined) throw new RangeError(`"${name}" is not constant`);
  const plain = broadcastData(context, tensor, target);
  const shape = order.map((_, axis) => target[order.indexOf(axis)]);
  const positions = elementOrder({ shape, permutation: order });
  const data = new Float64Array(plain.length);
  for (let j = 0; j < data.length; j++) data[positions[j]] = context.finite(plain[j]);
  return context.add({ kind: "constant", name, result: name, shape, data, ...context.exactness(name) });
}

/** A computed tensor stretched to `target`, its axes in this order. */
function stretched(context: LoweringContext, name: string, target: Shape, order: readonly number[]): RealId {
  const shape = context.shapeOf(name);
  let id: RealId;
  let current: number[];
  if (shape.length === target.length) {
    id = context.read(name, order);
    current = order.map((_, axis) => shape[order.indexOf(axis)]);
  } else {
    const padded = [...new Array<number>(target.length - shape.length).fill(1), ...shape];
    if (padded.length !== target.length) throw new NotLowerable("stretches a tensor of more axes");
    const moved = order.map((_, axis) => order.indexOf(axis));
    const plain = context.readPlain(name);
    const reshape = { kind: "reshape", name: `${name} (more axes)`, result: `${name} (more axes)` } as const;
    const exactness = context.exactnessOf(plain);
    id = context.add({ ...reshape, shape: padded, input: plain, ...exactness });
    current = moved.map((axis) => padded[axis]);
    if (!isIdentity(moved)) {
      const transpose = {
        kind: "transpose",
        name: `${name} (transpose)`,
        result: namedInLayout(name, order),
      } as const;
      id = context.add({ ...transpose, shape: current, input: id, permutation: moved, ...exactness });
    }
  }
  const wanted = order.map((_, axis) => target[order.indexOf(axis)]);
  for (let axis = 0; axis < wanted.length; axis++) {
    if (current[axis] === wanted[axis]) continue;
    current = current.map((length, at) => (at === axis ? wanted[axis] : length));
    const indices = new Int32Array(wanted[axis]);
    const take = { kind: "take", name: `${name} (stretched)`, result: `${name} (stretched)` } as const;
    id = context.add({
      ...take,
      shape: current,
      input: id,
      axis,
      indices,
      fill: 0,
      ...context.exactnessOf(id),
    });
  }
  return id;
}

/** A computed tensor read as `shape`, which has as many elements, and repeated along axes of length 1 up to `target`. */
export function stretchedTo(context: LoweringContext, name: string, shape: Shape, target: Shape): RealId {
  const padded = [...new Array<number>(target.length - shape.length).fill(1), ...shape];
  let id = context.readPlain(name);
  const exactness = context.exactnessOf(id);
  if (!sameShape(padded, context.shapeOf(name))) {
    const reshape = { kind: "reshape", name: `${name} (more axes)`, result: `${name} (more axes)` } as const;
    id = context.add({ ...reshape, shape: padded, input: id, ...exactness });
  }
  let current = padded;
  for (let axis = 0; axis < target.length; axis++) {
    if (current[axis] === target[axis]) continue;
    current = current.with(axis, target[axis]);
    const indices = new Int32Array(target[axis]);
    const take = { kind: "take", name: `${name} (stretched)`, result: `${name} (stretched)` } as const;
    id = context.add({ ...take, shape: current, input: id, axis, indices, fill: 0, ...exactness });
  }
  return id;
}

interface Operands {
  readonly order: readonly number[];
  readonly ids: readonly RealId[];
}

export function operandsOf(context: LoweringContext, node: Node, names: readonly string[]): Operands {
  const target = context.shapeOf(node.outputs[0]);
  if (elementCount(target) === 0) throw new NotLowerable("has no elements");
  const order = orderOf(context, names, target.length);
  const ids = names.map((name) =>
    context.isData(name)
      ? stretched(context, name, target, order)
      : constantOperand(context, name, target, order),
  );
  return { order, ids };
}

export interface NamedTerm {
  readonly name: string;
  readonly factor: number;
}

/** The node computes Σ factor · tensor. */
export function addSum(context: LoweringContext, node: Node, named: readonly NamedTerm[]): void {
  const { order, ids } = operandsOf(
    context,
    node,
    named.map(({ name }) => name),
  );
  const terms = ids.map((input, index) => ({ input, factor: named[index].factor }));
  context.addFor(node.outputs[0], order, (result, shape) => ({
    kind: "sum",
    name: node.name,
    result,
    shape,
    parts: [],
    terms,
    activation: null,
    sums: result,
  }));
}

/** The node computes the product of two tensors. */
export function addProduct(context: LoweringContext, node: Node, names: readonly [string, string]): void {
  const {
    order,
    ids: [left, right],
  } = operandsOf(context, node, names);
  context.addFor(node.outputs[0], order, (result, shape) => ({
    kind: "product",
    name: node.name,
    result,
    shape,
    left,
    right,
    activation: null,
    sums: result,
  }));
}

/** The node computes the larger of two tensors. */
export function addMax(context: LoweringContext, node: Node, names: readonly [string, string]): void {
  const {
    order,
    ids: [left, right],
  } = operandsOf(context, node, names);
  context.addFor(node.outputs[0], order, (result, shape) => ({
    kind: "max",
    name: node.name,
    result,
    shape,
    left,
    right,
  }));
}
