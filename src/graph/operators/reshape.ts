/** Operators that keep the elements and their order: Reshape, Flatten, Squeeze and Unsqueeze. */

import { elementCount, formatShape, resolveAxis, type Shape } from "../../tensor/shape.ts";
import { reshaped } from "../../tensor/tensor.ts";
import { attribute, intAttribute } from "../attributes.ts";
import type { Node } from "../node.ts";
import {
  type InferenceContext,
  type OperatorDefinition,
  requiredFacts,
  requiredIntegers,
  requiredTensor,
  shapeMismatch,
  type ValueFacts,
} from "../operator.ts";

type Facts = readonly (ValueFacts | undefined)[];

function keepingOrder(
  operator: string,
  shapeOf: (node: Node, input: Shape, inputs: Facts, context: InferenceContext) => number[],
): OperatorDefinition {
  return {
    operator,
    shapeOnlyInputs: [1],
    infer(node, inputs, context) {
      const { shape, type } = requiredFacts(node, inputs, 0);
      const output = shapeOf(node, shape, inputs, context);
      if (elementCount(output) !== elementCount(shape)) {
        throw shapeMismatch(node, `${formatShape(shape)} cannot become ${formatShape(output)}`);
      }
      return [{ shape: output, type }];
    },
    evaluate: (node, inputs, [shape]) => [reshaped(requiredTensor(node, inputs, 0), shape)],
  };
}

/** Axes from the attribute (operator sets before 13) or from the second input. */
function axesOf(node: Node, inputs: Facts): readonly number[] | undefined {
  if (inputs[1] !== undefined) return requiredIntegers(node, inputs, 1);
  return attribute(node, "axes", "ints");
}

function resolveAxes(node: Node, axes: readonly number[], rank: number): Set<number> {
  const resolved = new Set<number>();
  for (const axis of axes) {
    const found = resolveAxis(axis, rank);
    if (found === undefined || resolved.has(found)) {
      throw shapeMismatch(node, `axis ${axis} does not fit a tensor of ${rank} axes`);
    }
    resolved.add(found);
  }
  return resolved;
}

export const reshape: OperatorDefinition = keepingOrder("Reshape", (node, input, inputs, context) => {
  const wanted =
    inputs[1] === undefined ? attribute(node, "shape", "ints") : requiredIntegers(node, inputs, 1);
  if (wanted === undefined) throw shapeMismatch(node, "has neither a shape input nor a shape attribute");
  const zeroMeansZero = intAttribute(node, "allowzero", 0) === 1;
  const target = wanted.map((length, axis) => {
    if (length === 0 && !zeroMeansZero) {
      if (axis >= input.length)
        throw shapeMismatch(node, `axis ${axis} copies a length that the input does not have`);
      return input[axis];
    }
    return length;
  });
  // A model traced with one sample writes that 1 down. Read as the batch, samples stay apart and one sample is as before.
  if (context.batch !== undefined && input[0] === context.batch && target[0] === 1) target[0] = context.batch;
  const open = target.indexOf(-1);
  if (open >= 0) {
    const known = elementCount(target.filter((_, axis) => axis !== open));
    target[open] = known === 0 ? 0 : elementCount(input) / known;
  }
  if (target.some((length) => !Number.isInteger(length) || length < 0)) {
    throw shapeMismatch(node, `${formatShape(input)} cannot become ${formatShape(wanted)}`);
  }
  return target;
});

export const flatten: OperatorDefinition = keepingOrder("Flatten", (node, input) => {
  const axis = intAttribute(node, "axis", 1);
  const split = axis < 0 ? axis + input.length : axis;
  if (split < 0 || split > input.length)
    throw shapeMismatch(node, `axis ${axis} is outside ${formatShape(input)}`);
  return [elementCount(input.slice(0, split)), elementCount(input.slice(split))];
});

export const squeeze: OperatorDefinition = keepingOrder("Squeeze", (node, input, inputs) => {
  const axes = axesOf(node, inputs);
  if (axes === undefined) return input.filter((length) => length !== 1);
  const dropped = resolveAxes(node, axes, input.length);
  for (const axis of dropped) {
    if (input[axis] !== 1)
      throw shapeMismatch(node, `axis ${axis} of ${formatShape(input)} is not of length 1`);
  }
  return input.filter((_, axis) => !dropped.has(axis));
});

export const unsqueeze: OperatorDefinition = keepingOrder("Unsqueeze", (node, input, inputs) => {
  const axes = axesOf(node, inputs);
  if (axes === undefined) throw shapeMismatch(node, "names no axes");
  const rank = input.length + axes.length;
  const inserted = resolveAxes(node, axes, rank);
  const remaining = [...input];
  return Array.from({ length: rank }, (_, axis) => (inserted.has(axis) ? 1 : remaining.shift()!));
});
