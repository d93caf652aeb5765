/** Resize (and its predecessor Upsample): by the nearest element or by linear interpolation along each axis. */

import { elementCount, formatShape, resolveAxis, type Shape } from "../../tensor/shape.ts";
import { elementTypeOf, type Tensor, zeros } from "../../tensor/tensor.ts";
import { attribute, floatAttribute, intAttribute } from "../attributes.ts";
import type { Node } from "../node.ts";
import { type OperatorDefinition, requiredFacts, requiredTensor, shapeMismatch } from "../operator.ts";
import { takeByMaps } from "./indexMaps.ts";
import { coordinateProblem, coordinatesOf, nearestIndices, type ResizedAxis } from "./resizeCoordinates.ts";
import { cubicTaps } from "./sampling.ts";

/** A constant input, as numbers; `undefined` where it is left out or empty. */
type Numbers = (position: number) => readonly number[] | undefined;

/** Scales and sizes stand in other places in each version: attributes first, then inputs 1, and 2 and 3 since set 11. */
function axesOf(
  node: Node,
  shape: Shape,
  numbers: Numbers,
  batch: number | undefined,
): readonly ResizedAxis[] {
  const first = node.opset < 11 ? 1 : 2;
  const scales = numbers(first) ?? attribute(node, "scales", "floats");
  const sizes = node.opset < 11 ? undefined : numbers(3);
  const stated = attribute(node, "axes", "ints") ?? shape.map((_, axis) => axis);
  const given = sizes ?? scales;
  if (given === undefined || given.length !== stated.length)
    throw shapeMismatch(node, `has no scale or size for each of ${stated.length} axes`);
  const axes = shape.map((length): ResizedAxis => ({ from: length, to: length, scale: 1 }));
  const fit = sizes === undefined ? undefined : fittingScale(node, shape, stated, sizes);
  stated.forEach((number, i) => {
    const axis = resolveAxis(number, shape.length);
    const value = given[i];
    if (axis === undefined || !(value > 0))
      throw shapeMismatch(node, `cannot resize ${formatShape(shape)} by ${formatShape(given)}`);
    const from = shape[axis];
    if (sizes === undefined) axes[axis] = { from, to: Math.floor(from * value), scale: value };
    else if (axis === 0 && from === batch && value === 1) axes[axis] = { from, to: from, scale: 1 };
    else if (fit !== undefined) axes[axis] = { from, to: Math.floor(from * fit + 0.5), scale: fit };
    else axes[axis] = { from, to: value, scale: value / from };
  });
  return axes;
}

/** One scale for all axes, where the sizes are bounds and proportions stay. */
function fittingScale(
  node: Node,
  shape: Shape,
  axes: readonly number[],
  sizes: readonly number[],
): number | undefined {
  const policy = attribute(node, "keep_aspect_ratio_policy", "string") ?? "stretch";
  const ratios = sizes.map((size, i) => size / (shape.at(axes[i]) ?? 1));
  if (policy === "not_larger") return Math.min(...ratios);
  return policy === "not_smaller" ? Math.max(...ratios) : undefined;
}

function interpolates(node: Node): boolean {
  return ["linear", "bilinear", "cubic"].includes(attribute(node, "mode", "string") ?? "nearest");
}

function unsupported(node: Node): string | undefined {
  const mode = attribute(node, "mode", "string") ?? "nearest";
  if (!["nearest", "linear", "bilinear", "cubic"].includes(mode)) return `mode "${mode}"`;
  if (intAttribute(node, "antialias", 0) !== 0) return "antialias = 1";
  return coordinateProblem(node);
}

function resizing(operator: string): OperatorDefinition {
  return {
    operator,
    unsupported,
    infer(node, inputs, { batch }) {
      const { shape, type } = requiredFacts(node, inputs, 0);
      const axes = axesOf(
        node,
        shape,
        (position) => {
          const facts = inputs[position];
          if (facts === undefined || elementCount(facts.shape) === 0) return undefined;
          if (facts.value === undefined)
            throw shapeMismatch(node, "computes its scales or sizes from the input");
          return Array.from(facts.value.data);
        },
        batch,
      );
      return [{ shape: axes.map(({ to }) => to), type }];
    },
    evaluate(node, inputs, [outputShape]) {
      const input = requiredTensor(node, inputs, 0);
      const stated = axesOf(
        node,
        input.shape,
        (position) => {
          const tensor = inputs[position];
          return tensor === undefined || tensor.data.length === 0 ? undefined : Array.from(tensor.data);
        },
        input.shape[0],
      );
      const axes = stated.map((axis, i) => ({ ...axis, to: outputShape[i] }));
      if (!interpolates(node))
        return [takeByMaps(input, outputShape, (axis) => nearestIndices(node, axes[axis]), 0)];
      // Shrinking comes first, so that nothing in between is larger than both ends.
      const order = [...axes.keys()].sort((a, b) => axes[a].to / axes[a].from - axes[b].to / axes[b].from);
      return [order.reduce((tensor, axis) => interpolate(node, tensor, axes[axis], axis), input)];
    },
  };
}

/** The elements that a position lies between, and their shares: linear or Keys' cubic. */
function tapsAt(
  node: Node,
  position: number,
  length: number,
): { readonly index: number; readonly share: number }[] {
  const clamped = (index: number): number => Math.min(Math.max(index, 0), length - 1);
  if (attribute(node, "mode", "string") !== "cubic") {
    const x = clamped(position);
    const lower = Math.floor(x);
    return [
      { index: lower, share: 1 - (x - lower) },
      { index: clamped(lower + 1), share: x - lower },
    ];
  }
  const taps = cubicTaps(position, floatAttribute(node, "cubic_coeff_a", -0.75));
  if (intAttribute(node, "exclude_outside", 0) === 0)
    return taps.map(({ index, share }) => ({ index: clamped(index), share }));
  const inside = taps.filter(({ index }) => index >= 0 && index < length);
  const total = inside.reduce((sum, { share }) => sum + share, 0);
  return inside.map(({ index, share }) => ({ index, share: share / total }));
}

/** Linear or cubic interpolation along one axis; beyond the ends the outermost elements go on. */
function interpolate(node: Node, input: Tensor, axis: ResizedAxis, position: number): Tensor {
  if (axis.from === axis.to && axis.scale === 1) return input;
  const positions = coordinatesOf(node, axis);
  const shape = input.shape.with(position, axis.to);
  const output = zeros(elementTypeOf(input), shape);
  const run = elementCount(shape.slice(position + 1));
  const blocks = elementCount(shape.slice(0, position));
  for (let block = 0; block < blocks; block++) {
    for (let i = 0; i < axis.to; i++) {
      const to = (block * axis.to + i) * run;
      for (const { index, share } of tapsAt(node, positions[i], axis.from)) {
        const from = (block * axis.from + index) * run;
        for (let j = 0; j < run; j++) output.data[to + j] += share * input.data[from + j];
      }
    }
  }
  return output;
}

export const resize: OperatorDefinition = resizing("Resize");
export const upsample: OperatorDefinition = resizing("Upsample");
