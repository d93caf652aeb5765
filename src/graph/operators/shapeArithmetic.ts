/** Operators that exporters use to compute shapes: Shape, Size, Gather, Slice and Concat. */

import { elementCount, formatShape, type Shape, stridesOf } from "../../tensor/shape.ts";
import { walkStrided } from "../../tensor/strided.ts";
import { elementTypeOf, intTensor, type Tensor, zeros } from "../../tensor/tensor.ts";
import { attribute, intAttribute } from "../attributes.ts";
import type { Node } from "../node.ts";
import {
  mixesSamples,
  type OperatorDefinition,
  requiredFacts,
  requiredIntegers,
  requiredTensor,
  shapeMismatch,
} from "../operator.ts";
import { requiredAxis } from "./axes.ts";

function lengthsOf(node: Node, shape: Shape): Tensor {
  const lengths = shape.slice(intAttribute(node, "start", 0), attribute(node, "end", "int"));
  return intTensor([lengths.length], lengths);
}

export const shape: OperatorDefinition = {
  operator: "Shape",
  infer(node, inputs) {
    const value = lengthsOf(node, requiredFacts(node, inputs, 0).shape);
    return [{ shape: value.shape, type: "int64", value }];
  },
  evaluate: (node, inputs) => [lengthsOf(node, requiredTensor(node, inputs, 0).shape)],
};

export const size: OperatorDefinition = {
  operator: "Size",
  infer(node, inputs) {
    const value = intTensor([], [elementCount(requiredFacts(node, inputs, 0).shape)]);
    return [{ shape: [], type: "int64", value }];
  },
  evaluate: (node, inputs) => [intTensor([], [requiredTensor(node, inputs, 0).data.length])],
};

export const concat: OperatorDefinition = {
  operator: "Concat",
  mayBeInfinite: [0, 1, 2, 3],
  infer(node, inputs) {
    const parts = node.inputs.map((_, i) => requiredFacts(node, inputs, i));
    const first = requiredFacts(node, inputs, 0);
    const axis = requiredAxis(node, intAttribute(node, "axis", 0), first.shape);
    let length = 0;
    for (const part of parts) {
      const fits =
        part.shape.length === first.shape.length && (part.type === "float32") === (first.type === "float32");
      if (!fits || part.shape.some((n, i) => i !== axis && n !== first.shape[i])) {
        throw shapeMismatch(
          node,
          `${formatShape(part.shape)} does not fit ${formatShape(first.shape)} along axis ${axis}`,
        );
      }
      length += part.shape[axis];
    }
    return [{ shape: first.shape.with(axis, length), type: first.type }];
  },
  evaluate(node, inputs, [outputShape]) {
    const parts = node.inputs.map((_, i) => requiredTensor(node, inputs, i));
    const axis = requiredAxis(node, intAttribute(node, "axis", 0), outputShape);
    const output = zeros(elementTypeOf(parts[0]), outputShape);
    const blocks = elementCount(outputShape.slice(0, axis));
    let position = 0;
    for (let block = 0; block < blocks; block++) {
      for (const part of parts) {
        const run = part.data.length / blocks;
        output.data.set(part.data.subarray(block * run, (block + 1) * run), position);
        position += run;
      }
    }
    return [output];
  },
};

export const gather: OperatorDefinition = {
  operator: "Gather",
  infer(node, inputs) {
    const data = requiredFacts(node, inputs, 0);
    const indices = requiredFacts(node, inputs, 1);
    const axis = requiredAxis(node, intAttribute(node, "axis", 0), data.shape);
    const length = data.shape[axis];
    for (const index of indices.value?.data ?? []) {
      if (index < -length || index >= length)
        throw shapeMismatch(node, `index ${index} is outside an axis of length ${length}`);
    }
    return [
      {
        shape: [...data.shape.slice(0, axis), ...indices.shape, ...data.shape.slice(axis + 1)],
        type: data.type,
      },
    ];
  },
  evaluate(node, inputs, [outputShape]) {
    const data = requiredTensor(node, inputs, 0);
    const indices = requiredTensor(node, inputs, 1).data;
    const axis = requiredAxis(node, intAttribute(node, "axis", 0), data.shape);
    const length = data.shape[axis];
    const run = elementCount(data.shape.slice(axis + 1));
    const blocks = elementCount(data.shape.slice(0, axis));
    const output = zeros(elementTypeOf(data), outputShape);
    let position = 0;
    for (let block = 0; block < blocks; block++) {
      for (const index of indices) {
        const start = (block * length + (index < 0 ? index + length : index)) * run;
        output.data.set(data.data.subarray(start, start + run), position);
        position += run;
      }
    }
    return [output];
  },
};

/** First element, step and number of elements along one axis. */
interface AxisSlice {
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

function slicesOf(
  node: Node,
  shape: Shape,
  integers: (index: number, name: string) => readonly number[] | undefined,
): AxisSlice[] {
  const starts = integers(1, "starts");
  const ends = integers(2, "ends");
  if (starts === undefined || ends === undefined) throw shapeMismatch(node, "has no starts and ends");
  const axes = integers(3, "axes") ?? starts.map((_, axis) => axis);
  const steps = integers(4, "steps") ?? starts.map(() => 1);
  const slices: AxisSlice[] = shape.map((count) => ({ start: 0, step: 1, count }));
  starts.forEach((from, i) => {
    const axis = requiredAxis(node, axes[i], shape);
    const length = shape[axis];
    const step = steps[i];
    const to = ends[i];
    if (!Number.isInteger(step) || step === 0 || to === undefined)
      throw shapeMismatch(node, "has a step of 0 or no end");
    const clamp = (x: number): number =>
      Math.min(Math.max(x < 0 ? x + length : x, step > 0 ? 0 : -1), step > 0 ? length : length - 1);
    const start = step > 0 ? clamp(from) : Math.max(0, clamp(from));
    const count = length === 0 ? 0 : Math.max(0, Math.ceil((clamp(to) - start) / step));
    slices[axis] = { start, step, count };
  });
  return slices;
}

/** Bounds are attributes before operator set 10 and inputs since. */
export const slice: OperatorDefinition = {
  operator: "Slice",
  infer(node, inputs, { batch }) {
    const data = requiredFacts(node, inputs, 0);
    const slices = slicesOf(node, data.shape, (index, name) =>
      inputs[index] === undefined ? attribute(node, name, "ints") : requiredIntegers(node, inputs, index),
    );
    // A reversed batch would leave no trace in the shape.
    if (batch !== undefined && data.shape[0] === batch && slices[0].step < 0)
      throw mixesSamples(node, "reverses the batch axis");
    return [{ shape: slices.map(({ count }) => count), type: data.type }];
  },
  evaluate(node, inputs, [outputShape]) {
    const data = requiredTensor(node, inputs, 0);
    const slices = slicesOf(node, data.shape, (index, name) => {
      const given = inputs[index];
      return given === undefined ? attribute(node, name, "ints") : Array.from(given.data);
    });
    const strides = stridesOf(data.shape);
    const origin = slices.reduce((sum, { start }, axis) => sum + start * strides[axis], 0);
    const output = zeros(elementTypeOf(data), outputShape);
    walkStrided(
      outputShape,
      slices.map(({ step }, axis) => step * strides[axis]),
      (position, offset) => {
        output.data[position] = data.data[origin + offset];
      },
    );
    return [output];
  },
};
