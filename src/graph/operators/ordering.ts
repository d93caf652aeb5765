/** TopK, Hardmax and Unique: operators that compare elements along an axis. */

import { elementCount } from "../../tensor/shape.ts";
import { elementTypeOf, intTensor, type Tensor, zeros } from "../../tensor/tensor.ts";
import { attribute, intAttribute } from "../attributes.ts";
import type { Node } from "../node.ts";
import {
  type OperatorDefinition,
  requiredFacts,
  requiredIntegers,
  requiredTensor,
  shapeMismatch,
} from "../operator.ts";
import { axisAttribute, axisView, forEachLine } from "./axes.ts";

/** k is an attribute before operator set 10 and an input since. Among equals the lowest index comes first. */
export const topK: OperatorDefinition = {
  operator: "TopK",
  infer(node, inputs) {
    const { shape, type } = requiredFacts(node, inputs, 0);
    const axis = axisAttribute(node, shape, -1);
    const k = inputs[1] === undefined ? intAttribute(node, "k", 1) : requiredIntegers(node, inputs, 1)[0];
    if (k > shape[axis]) throw shapeMismatch(node, `asks for ${k} of ${shape[axis]} elements`);
    const chosen = shape.with(axis, k);
    return [
      { shape: chosen, type },
      { shape: chosen, type: "int64" },
    ];
  },
  evaluate(node, inputs, [shape]) {
    const input = requiredTensor(node, inputs, 0);
    const axis = axisAttribute(node, input.shape, -1);
    const sign = intAttribute(node, "largest", 1) === 1 ? -1 : 1;
    const from = axisView(input.shape, axis);
    const k = shape[axis];
    const values = zeros(elementTypeOf(input), shape);
    const indices = intTensor(shape, new Float64Array(values.data.length));
    forEachLine(from, (start) => {
      const at = (i: number): number => input.data[start + i * from.inner];
      const order = Array.from({ length: from.length }, (_, i) => i);
      order.sort((i, j) => sign * (at(i) - at(j)) || i - j);
      const block = Math.floor(start / (from.length * from.inner));
      const to = block * k * from.inner + (start % from.inner);
      for (let i = 0; i < k; i++) {
        values.data[to + i * from.inner] = at(order[i]);
        indices.data[to + i * from.inner] = order[i];
      }
    });
    return [values, indices];
  },
};

/** 1 at the first largest element of each line, 0 elsewhere. Before operator set 13 a line is all from the axis on. */
export const hardmax: OperatorDefinition = {
  operator: "Hardmax",
  infer(node, inputs) {
    const { shape, type } = requiredFacts(node, inputs, 0);
    axisAttribute(node, shape, node.opset < 13 ? 1 : -1);
    return [{ shape, type }];
  },
  evaluate(node, inputs, [shape]) {
    const input = requiredTensor(node, inputs, 0);
    const axis = axisAttribute(node, shape, node.opset < 13 ? 1 : -1);
    const isFlat = node.opset < 13;
    const whole = {
      outer: elementCount(shape.slice(0, axis)),
      length: elementCount(shape.slice(axis)),
      inner: 1,
    };
    const view = isFlat ? whole : axisView(shape, axis);
    const output = zeros(elementTypeOf(input), shape);
    forEachLine(view, (start) => {
      let best = start;
      for (let i = 1; i < view.length; i++) {
        if (input.data[start + i * view.inner] > input.data[best]) best = start + i * view.inner;
      }
      output.data[best] = 1;
    });
    return [output];
  },
};

interface UniqueParts {
  /** Along the axis: index of each first occurrence, in the order of the output. */
  readonly first: readonly number[];
  readonly inverse: readonly number[];
  readonly counts: readonly number[];
}

function uniqueParts(input: Tensor, axis: number | null, isSorted: boolean): UniqueParts {
  const view =
    axis === null ? { outer: 1, length: input.data.length, inner: 1 } : axisView(input.shape, axis);
  const slice = (j: number): number[] =>
    Array.from(
      { length: view.outer * view.inner },
      (_, i) => input.data[(Math.floor(i / view.inner) * view.length + j) * view.inner + (i % view.inner)],
    );
  const slices = Array.from({ length: view.length }, (_, j) => slice(j));
  const byKey = new Map<string, number>();
  const first: number[] = [];
  const found = slices.map((values, j) => {
    const key = values.join();
    const known = byKey.get(key);
    if (known !== undefined) return known;
    byKey.set(key, first.length);
    return first.push(j) - 1;
  });
  const order = first.map((_, i) => i);
  if (isSorted) {
    order.sort((a, b) => {
      const [x, y] = [slices[first[a]], slices[first[b]]];
      const at = x.findIndex((value, i) => value !== y[i]);
      return at < 0 ? 0 : x[at] - y[at];
    });
  }
  const place = order.map((_, i) => order.indexOf(i));
  const counts = new Array<number>(first.length).fill(0);
  for (const i of found) counts[place[i]]++;
  return { first: order.map((i) => first[i]), inverse: found.map((i) => place[i]), counts };
}

function uniqueOf(node: Node, input: Tensor): UniqueParts & { readonly axis: number | null } {
  const axis = attribute(node, "axis", "int") === undefined ? null : axisAttribute(node, input.shape, 0);
  return { axis, ...uniqueParts(input, axis, intAttribute(node, "sorted", 1) === 1) };
}

export const unique: OperatorDefinition = {
  operator: "Unique",
  infer(node, inputs) {
    const { shape, type, value } = requiredFacts(node, inputs, 0);
    requiredIntegers(node, inputs, 0);
    const { axis, first, inverse } = uniqueOf(node, value as Tensor);
    const kept = axis === null ? [first.length] : shape.with(axis, first.length);
    return [
      { shape: kept, type },
      { shape: [first.length], type: "int64" },
      { shape: [inverse.length], type: "int64" },
      { shape: [first.length], type: "int64" },
    ];
  },
  evaluate(node, inputs, [shape]) {
    const input = requiredTensor(node, inputs, 0);
    const { axis, first, inverse, counts } = uniqueOf(node, input);
    const view =
      axis === null ? { outer: 1, length: input.data.length, inner: 1 } : axisView(input.shape, axis);
    const values = zeros(elementTypeOf(input), shape);
    for (let block = 0; block < view.outer; block++) {
      first.forEach((j, i) => {
        for (let at = 0; at < view.inner; at++) {
          values.data[(block * first.length + i) * view.inner + at] =
            input.data[(block * view.length + j) * view.inner + at];
        }
      });
    }
    return [values, ...[first, inverse, counts].map((list) => intTensor([list.length], [...list]))];
  },
};
