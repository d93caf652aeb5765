/** Operators that choose, count or order elements by data, in comparisons and products with the truth values they give. */

import { attribute, intAttribute } from "../../../graph/attributes.ts";
import type { Node } from "../../../graph/node.ts";
import { requiredFacts, requiredIntegers } from "../../../graph/operator.ts";
import { requiredAxis } from "../../../graph/operators/axes.ts";
import type { Body, Expand } from "../../../graph/operators/expansion.ts";
import { elementCount } from "../../../tensor/shape.ts";
import { type ElementType, intTensor } from "../../../tensor/tensor.ts";
import { NotLowerable } from "../context.ts";

const FLOAT = 1;
const INT64 = 7;

function toType(type: ElementType): number {
  return type === "float32" ? FLOAT : INT64;
}

/** 0 … length − 1 along one axis of a tensor of so many. */
function counting(body: Body, length: number, axis: number, rank: number): string {
  const shape = new Array<number>(rank).fill(1).with(axis, length);
  return body.constant(
    intTensor(
      shape,
      Array.from({ length }, (_, i) => i),
    ),
  );
}

function scalar(body: Body, value: number): string {
  return body.constant(intTensor([], [value]));
}

/** Indices that count from the end count from the front. */
function fromFront(body: Body, indices: string, length: number): string {
  const isNegative = body.add("Less", [indices, scalar(body, 0)]);
  const shift = body.add("Mul", [body.add("Cast", [isNegative], { to: INT64 }), scalar(body, length)]);
  return body.add("Add", [indices, shift]);
}

/** The last index among equals: the first one of the reversed axis. */
export const argMax: Expand = (body, node, inputs) => {
  const { shape } = requiredFacts(node, inputs, 0);
  const axis = requiredAxis(node, intAttribute(node, "axis", 0), shape);
  const x = node.operator === "ArgMin" ? body.add("Neg", [node.inputs[0]]) : node.inputs[0];
  const keepdims = intAttribute(node, "keepdims", 1);
  if (intAttribute(node, "select_last_index", 0) === 0) return [body.add("ArgMax", [x], { axis, keepdims })];
  const length = shape[axis];
  const backwards = body.integers(...Array.from({ length }, (_, i) => length - 1 - i));
  const reversed = body.add("ArgMax", [body.add("Gather", [x, backwards], { axis })], { axis, keepdims });
  return [body.add("Sub", [scalar(body, length - 1), reversed])];
};

export const hardmax: Expand = (body, node, inputs) => {
  const { shape, type } = requiredFacts(node, inputs, 0);
  const axis = requiredAxis(node, intAttribute(node, "axis", node.opset < 13 ? 1 : -1), shape);
  const isFlat = node.opset < 13;
  const lines = isFlat ? [...shape.slice(0, axis), elementCount(shape.slice(axis))] : shape;
  const x = isFlat ? body.reshape(node.inputs[0], lines) : node.inputs[0];
  const best = body.add("ArgMax", [x], { axis, keepdims: 1 });
  const chosen = body.add("Equal", [best, counting(body, lines[axis], axis, lines.length)]);
  const result = body.add("Cast", [chosen], { to: toType(type) });
  return [isFlat ? body.reshape(result, shape) : result];
};

/** off + (on − off) · [index = j]. */
export const oneHot: Expand = (body, node, inputs) => {
  const { shape, type } = requiredFacts(node, inputs, 0);
  const depth = requiredIntegers(node, inputs, 1)[0];
  const values = requiredFacts(node, inputs, 2);
  const [off, on] = requiredIntegers(node, inputs, 2);
  const rank = shape.length + 1;
  const axis = requiredAxis(node, intAttribute(node, "axis", -1), [...shape, depth]);
  const indices = type === "float32" ? body.add("Cast", [node.inputs[0]], { to: INT64 }) : node.inputs[0];
  const column = body.add("Unsqueeze", [fromFront(body, indices, depth), body.integers(axis)]);
  const isHere = body.add("Cast", [body.add("Equal", [column, counting(body, depth, axis, rank)])], {
    to: toType(values.type),
  });
  const number = (value: number): string =>
    values.type === "float32" ? body.real(value) : scalar(body, value);
  return [body.add("Add", [body.add("Mul", [isHere, number(on - off)]), number(off)])];
};

/** [indices…, length] truth values: which entry each index names. */
function selector(body: Body, indices: string, rank: number, length: number, type: ElementType): string {
  const column = body.add("Unsqueeze", [fromFront(body, indices, length), body.integers(rank)]);
  const chosen = body.add("Equal", [column, counting(body, length, rank, rank + 1)]);
  return body.add("Cast", [chosen], { to: toType(type) });
}

/** Entries of an axis by data: a matrix of truth values times the tensor with that axis first. */
export const gather: Expand = (body, node, inputs) => {
  const data = requiredFacts(node, inputs, 0);
  const indices = requiredFacts(node, inputs, 1).shape;
  const axis = requiredAxis(node, intAttribute(node, "axis", 0), data.shape);
  const length = data.shape[axis];
  const others = data.shape.map((_, at) => at).filter((at) => at !== axis);
  const before = others.filter((at) => at < axis).map((at) => data.shape[at]);
  const after = others.filter((at) => at > axis).map((at) => data.shape[at]);
  const rows = body.reshape(body.transpose(node.inputs[0], [axis, ...others]), [
    length,
    elementCount([...before, ...after]),
  ]);
  if (axis === 0) {
    // Indices keep their axes, of which the first may be the batch.
    const choice = selector(body, node.inputs[1], indices.length, length, data.type);
    const chosen = body.add("MatMul", [choice, rows]);
    return [after.length === 1 ? chosen : body.reshape(chosen, [...indices, ...after])];
  }
  const count = elementCount(indices);
  const flat = body.reshape(node.inputs[1], [count]);
  const chosen = body.add("MatMul", [selector(body, flat, 1, length, data.type), rows]);
  const wide = body.reshape(chosen, [...indices, ...before, ...after]);
  const order = [
    ...before.map((_, i) => indices.length + i),
    ...indices.map((_, i) => i),
    ...after.map((_, i) => indices.length + before.length + i),
  ];
  return [body.transpose(wide, order)];
};

/** Σ_j [index = j] · data[…, j, …], along one axis whose other indices are the element's own. */
export const gatherElements: Expand = (body, node, inputs) => {
  const data = requiredFacts(node, inputs, 0);
  const indices = requiredFacts(node, inputs, 1).shape;
  const rank = data.shape.length;
  const axis = requiredAxis(node, intAttribute(node, "axis", 0), data.shape);
  let x = node.inputs[0];
  indices.forEach((length, at) => {
    if (at !== axis && length < data.shape[at]) x = body.slice(x, at, 0, length);
  });
  const length = data.shape[axis];
  const last = [...Array.from({ length: rank }, (_, at) => at).filter((at) => at !== axis), axis];
  const lines = body.transpose(x, last);
  const positions = body.transpose(node.inputs[1], last);
  const count = indices[axis];
  const lead = last.slice(0, -1).map((at) => indices[at]);
  const choice = selector(body, positions, rank, length, data.type);
  const columns = body.reshape(lines, [...lead, length, 1]);
  const chosen = body.reshape(body.add("MatMul", [choice, columns]), [...lead, count]);
  const back = Array.from({ length: rank }, (_, at) => last.indexOf(at));
  return [body.transpose(chosen, back)];
};

/** The position in the flattened leading axes that an index tuple names. */
function flatPositions(
  body: Body,
  indices: string,
  shape: readonly number[],
  lengths: readonly number[],
): string {
  const last = shape.length - 1;
  let sum: string | null = null;
  lengths.forEach((length, i) => {
    const column = body.add("Squeeze", [body.slice(indices, last, i, i + 1), body.integers(last)]);
    const stride = elementCount(lengths.slice(i + 1));
    const part = body.add("Mul", [fromFront(body, column, length), scalar(body, stride)]);
    sum = sum === null ? part : body.add("Add", [sum, part]);
  });
  return sum ?? scalar(body, 0);
}

export const gatherND: Expand = (body, node, inputs) => {
  const data = requiredFacts(node, inputs, 0);
  const indices = requiredFacts(node, inputs, 1).shape;
  const batch = intAttribute(node, "batch_dims", 0);
  const depth = indices[indices.length - 1];
  const lengths = data.shape.slice(batch, batch + depth);
  const rest = data.shape.slice(batch + depth);
  const lead = data.shape.slice(0, batch);
  const flat = flatPositions(body, node.inputs[1], indices, lengths);
  const inner = indices.slice(batch, -1);
  const positions = body.reshape(flat, [...lead, elementCount(inner)]);
  const rows = body.reshape(node.inputs[0], [...lead, elementCount(lengths), elementCount(rest)]);
  const choice = selector(body, positions, batch + 1, elementCount(lengths), data.type);
  return [body.reshape(body.add("MatMul", [choice, rows]), [...lead, ...inner, ...rest])];
};

function plainReduction(node: Node): "none" | "add" {
  const reduction = attribute(node, "reduction", "string") ?? "none";
  if (reduction === "none" || reduction === "add") return reduction;
  throw new NotLowerable(`scatters with the reduction "${reduction}" by computed indices`);
}

/**
 * data · (1 − Σ chosen) + chosenᵀ · updates, or with "add" data + chosenᵀ · updates. Indices of one scatter are distinct,
 * as ONNX demands where nothing is added.
 */
function scattered(
  body: Body,
  parts: {
    readonly data: string;
    readonly choice: string;
    readonly updates: string;
    readonly type: ElementType;
  },
  reduction: "none" | "add",
  rank: number,
): string {
  const { data, choice, updates, type } = parts;
  const order = [...Array.from({ length: rank - 2 }, (_, at) => at), rank - 1, rank - 2];
  const turned = body.transpose(choice, order);
  const added = body.add("MatMul", [turned, updates]);
  if (reduction === "add") return body.add("Add", [data, added]);
  const covered = body.add("ReduceSum", [turned, body.integers(rank - 1)], { keepdims: 1 });
  const one = type === "float32" ? body.real(1) : scalar(body, 1);
  const kept = body.add("Mul", [data, body.add("Sub", [one, covered])]);
  return body.add("Add", [kept, added]);
}

export const scatterND: Expand = (body, node, inputs) => {
  const { shape, type } = requiredFacts(node, inputs, 0);
  const indices = requiredFacts(node, inputs, 1).shape;
  const depth = indices[indices.length - 1];
  const [lengths, rest] = [shape.slice(0, depth), shape.slice(depth)];
  const count = elementCount(indices.slice(0, -1));
  const positions = body.reshape(flatPositions(body, node.inputs[1], indices, lengths), [count]);
  const choice = selector(body, positions, 1, elementCount(lengths), type);
  const updates = body.reshape(node.inputs[2], [count, elementCount(rest)]);
  const data = body.reshape(node.inputs[0], [elementCount(lengths), elementCount(rest)]);
  return [body.reshape(scattered(body, { data, choice, updates, type }, plainReduction(node), 2), shape)];
};

/** Only where the indices cover the other axes whole: lines along the axis are scattered each by itself. */
export const scatterElements: Expand = (body, node, inputs) => {
  const { shape, type } = requiredFacts(node, inputs, 0);
  const indices = requiredFacts(node, inputs, 1).shape;
  const rank = shape.length;
  const axis = requiredAxis(node, intAttribute(node, "axis", 0), shape);
  if (indices.some((length, at) => at !== axis && length !== shape[at]))
    throw new NotLowerable("scatters by computed indices that leave out part of another axis");
  const last = [...shape.map((_, at) => at).filter((at) => at !== axis), axis];
  const lead = last.slice(0, -1).map((at) => shape[at]);
  const column = (name: string, length: number): string =>
    body.reshape(body.transpose(name, last), [...lead, length, 1]);
  const positions = body.transpose(node.inputs[1], last);
  const choice = selector(body, positions, rank, shape[axis], type);
  const data = column(node.inputs[0], shape[axis]);
  const updates = column(node.inputs[2], indices[axis]);
  const result = scattered(body, { data, choice, updates, type }, plainReduction(node), rank + 1);
  const back = shape.map((_, at) => last.indexOf(at));
  return [body.transpose(body.reshape(result, [...lead, shape[axis]]), back)];
};

/**
 * The rank of an element is the number of those that come before it: larger ones (or smaller, for `largest` = 0), and
 * equal ones of a lower index. The k first ranks choose the elements.
 */
export const topK: Expand = (body, node, inputs) => {
  const { shape, type } = requiredFacts(node, inputs, 0);
  const axis = requiredAxis(node, intAttribute(node, "axis", -1), shape);
  const k = inputs[1] === undefined ? intAttribute(node, "k", 1) : requiredIntegers(node, inputs, 1)[0];
  const rank = shape.length;
  const length = shape[axis];
  const last = [...shape.map((_, at) => at).filter((at) => at !== axis), axis];
  const lead = last.slice(0, -1).map((at) => shape[at]);
  const lines = body.transpose(node.inputs[0], last);
  const [own, other] = [body.reshape(lines, [...lead, length, 1]), body.reshape(lines, [...lead, 1, length])];
  const isLargest = intAttribute(node, "largest", 1) === 1;
  const number = (name: string): string => body.add("Cast", [name], { to: INT64 });
  const before = number(body.add(isLargest ? "Less" : "Greater", [own, other]));
  const notAfter = number(body.add(isLargest ? "LessOrEqual" : "GreaterOrEqual", [own, other]));
  const isLower = intTensor(
    [length, length],
    Array.from({ length: length * length }, (_, at) => (at % length < Math.floor(at / length) ? 1 : 0)),
  );
  // Among equals those of a lower index count: not after, but not before either.
  const equal = body.add("Mul", [body.add("Sub", [notAfter, before]), body.constant(isLower)]);
  const ranks = body.add("ReduceSum", [body.add("Add", [before, equal]), body.integers(rank)], {
    keepdims: 0,
  });
  const row = body.reshape(ranks, [...lead, 1, length]);
  const chosen = body.add("Equal", [row, counting(body, k, rank - 1, rank + 1)]);
  const positions = body.constant(
    intTensor(
      [length, 1],
      Array.from({ length }, (_, i) => i),
    ),
  );
  const back = shape.map((_, at) => last.indexOf(at));
  const result = (kind: ElementType, column: string): string => {
    const product = body.add("MatMul", [body.add("Cast", [chosen], { to: toType(kind) }), column]);
    return body.transpose(body.reshape(product, [...lead, k]), back);
  };
  return [result(type, own), result("int64", positions)];
};
