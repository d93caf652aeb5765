/**
 * Operators whose every output element is one input element (or a constant), chosen axis by axis: Slice, Gather, Pad,
 * Expand, Tile, Resize (nearest) and the like. Which element goes where is what the float reference itself does to an
 * input of positions, so that no attribute is read twice.
 */

import { attribute, floatAttribute } from "../../graph/attributes.ts";
import type { Node } from "../../graph/node.ts";
import { operatorOf } from "../../graph/operators/registry.ts";
import { elementCount, type Shape, stridesOf } from "../../tensor/shape.ts";
import { floatTensor, type Tensor } from "../../tensor/tensor.ts";
import { type LoweringContext, type LoweringRule, NotLowerable } from "./context.ts";
import { defineReshaped } from "./shape.ts";

/** Single precision tells this many positions apart. */
const MAX_ELEMENTS = 2 ** 24;

/** For each element of each output, the position of its input element, or −1 for a fill (of 0, except in Pad). */
export function sourcesOf(context: LoweringContext, node: Node, input: string): ArrayLike<number>[] {
  const shape = context.shapeOf(input);
  const count = elementCount(shape);
  if (count >= MAX_ELEMENTS) throw new NotLowerable("rearranges too many elements");
  if (input !== node.inputs[0]) throw new NotLowerable("chooses among constants by computed indices");
  const leading = context.graph.batched ? [1] : [];
  // From 1 on: a 0 in the result stands for a fill.
  const positions = Float32Array.from({ length: count }, (_, position) => position + 1);
  const inputs = node.inputs.map((name, at): Tensor | undefined => {
    if (name === input) return floatTensor([...leading, ...shape], positions);
    const constant = context.constant(name);
    return node.operator === "Pad" && at === 2 && constant !== undefined
      ? floatTensor(constant.shape, [0])
      : constant;
  });
  const attributes = new Map(node.attributes);
  if (node.operator === "Pad" && (inputs[2] === undefined || node.inputs[2] === "")) {
    attributes.set("value", { type: "float", value: 0 });
    if (node.inputs.length >= 2) inputs[2] = floatTensor([], [0]);
  }
  const shapes = node.outputs.map((name) => (name === "" ? [] : [...leading, ...context.shapeOf(name)]));
  const results = operatorOf(node)?.evaluate({ ...node, attributes }, inputs, shapes);
  if (results === undefined) throw new NotLowerable("has no integer form yet");
  return results.map(({ data }) => Int32Array.from(data, (source) => source - 1));
}

interface AxisSource {
  readonly axis: number;
  readonly indices: Int32Array;
}

/** Indices along each axis that together give these sources; null if there are none. */
function separate(sources: ArrayLike<number>, from: Shape, to: Shape): AxisSource[] | null {
  if (from.length !== to.length) return null;
  const strides = stridesOf(from);
  const toStrides = stridesOf(to);
  let anchor = 0;
  while (anchor < sources.length && sources[anchor] < 0) anchor++;
  if (anchor === sources.length) return null;
  const along = to.map((length, axis) => {
    const start = anchor - (Math.floor(anchor / toStrides[axis]) % length) * toStrides[axis];
    return Int32Array.from({ length }, (_, j) => {
      const source = sources[start + j * toStrides[axis]];
      return source < 0 ? -1 : Math.floor(source / strides[axis]) % from[axis];
    });
  });
  for (let j = 0; j < sources.length; j++) {
    let expected = 0;
    for (let axis = 0; axis < to.length && expected >= 0; axis++) {
      const index = along[axis][Math.floor(j / toStrides[axis]) % to[axis]];
      expected = index < 0 ? -1 : expected + index * strides[axis];
    }
    if (expected !== sources[j]) return null;
  }
  return along.map((indices, axis) => ({ axis, indices }));
}

const isWhole = (indices: Int32Array, length: number): boolean =>
  indices.length === length && indices.every((index, at) => index === at);

/** The tensor `output` of shape `to` gathers from `input` along every axis. */
function addTakes(
  context: LoweringContext,
  node: Node,
  input: string,
  output: string,
  sources: readonly AxisSource[],
  fill: number,
): void {
  const { permutation, flattened } = context.valueOf(input);
  const shape = context.shapeOf(input);
  const order = flattened === null ? permutation : shape.map((_, axis) => axis);
  let id = context.read(input, order);
  const changed = sources.filter(({ axis, indices }) => !isWhole(indices, shape[axis]));
  if (changed.length === 0) {
    defineReshaped(context, output, input);
    return;
  }
  let current = order.map((_, axis) => shape[order.indexOf(axis)]);
  changed.forEach(({ axis, indices }, at) => {
    current = current.map((length, position) => (position === order[axis] ? indices.length : length));
    const step = {
      kind: "take",
      input: id,
      axis: order[axis],
      indices,
      fill: indices.includes(-1) ? fill : 0,
    } as const;
    if (at < changed.length - 1) {
      const name = `${node.name} (along axis ${axis})`;
      id = context.add({ ...step, name, result: name, shape: current });
    } else {
      context.addFor(output, order, (result, stepShape) => ({
        ...step,
        name: node.name,
        result,
        shape: stepShape,
      }));
    }
  });
}

export function fillOf(context: LoweringContext, node: Node): number {
  if (node.operator !== "Pad") return 0;
  return context.finite(context.constantInput(node, 2)?.data[0] ?? floatAttribute(node, "value", 0));
}

export const lowerByAxis: LoweringRule = (context, node) => {
  const input = context.dataInput(node);
  const shape = context.shapeOf(input);
  const sources = sourcesOf(context, node, input);
  node.outputs.forEach((output, index) => {
    if (output === "") return;
    const target = context.shapeOf(output);
    const missing = target.length - shape.length;
    const along = bestSeparation(sources[index], shape, target);
    if (along === null) throw new NotLowerable("rearranges elements in a way that is not axis by axis");
    let from = input;
    if (missing > 0) {
      from = `${output} (more axes)`;
      context.hide(from, [...new Array<number>(missing).fill(1), ...shape], context.typeOf(input));
      defineReshaped(context, from, input);
    }
    const gathered = along.map(({ indices }) => indices.length);
    const isReshaped = gathered.length !== target.length;
    const name = isReshaped ? `${output} (all axes)` : output;
    if (isReshaped) context.hide(name, gathered, context.typeOf(input));
    addTakes(context, node, from, name, along, fillOf(context, node));
    if (isReshaped) defineReshaped(context, output, name);
  });
};

/** The separation with axes of length 1 put in front where there are more of them, or put back where one was removed. */
function bestSeparation(sources: ArrayLike<number>, from: Shape, to: Shape): AxisSource[] | null {
  if (to.length >= from.length) {
    const padded = [...new Array<number>(to.length - from.length).fill(1), ...from];
    return separate(sources, padded, to);
  }
  for (let axis = 0; axis <= to.length; axis++) {
    const found = separate(sources, from, [...to.slice(0, axis), 1, ...to.slice(axis)]);
    if (found !== null) return found;
  }
  return null;
}

/** Nearest neighbours are elements of the input; every other mode computes new ones. */
export const lowerResize: LoweringRule = (context, node) => {
  const mode = attribute(node, "mode", "string") ?? "nearest";
  if (mode !== "nearest") throw new NotLowerable(`interpolates (mode "${mode}")`);
  lowerByAxis(context, node);
};
