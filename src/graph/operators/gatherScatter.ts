/** GatherElements, GatherND, ScatterElements (and Scatter), ScatterND and TensorScatter: elements by index tensors. */

import { elementCount, formatShape, type Shape, stridesOf } from "../../tensor/shape.ts";
import { walkStrided } from "../../tensor/strided.ts";
import { elementTypeOf, type Tensor, zeros } from "../../tensor/tensor.ts";
import { attribute, intAttribute } from "../attributes.ts";
import { wrapped } from "../integers.ts";
import type { Node } from "../node.ts";
import { type OperatorDefinition, requiredFacts, requiredTensor, shapeMismatch } from "../operator.ts";
import { axisAttribute } from "./axes.ts";

function within(node: Node, index: number, length: number): number {
  const resolved = index < 0 ? index + length : index;
  if (resolved >= 0 && resolved < length) return resolved;
  throw shapeMismatch(node, `index ${index} is outside an axis of length ${length}`);
}

/** Offsets in `shape` of the elements that `indices` names along the axis, their other indices being their own. */
export function elementOffsets(node: Node, shape: Shape, indices: Tensor, axis: number): Int32Array {
  const strides = stridesOf(shape);
  const own = strides.map((stride, at) => (at === axis ? 0 : stride));
  const offsets = new Int32Array(indices.data.length);
  walkStrided(indices.shape, own, (position, offset) => {
    offsets[position] = offset + within(node, indices.data[position], shape[axis]) * strides[axis];
  });
  return offsets;
}

export const gatherElements: OperatorDefinition = {
  operator: "GatherElements",
  infer(node, inputs) {
    const { shape, type } = requiredFacts(node, inputs, 0);
    const indices = requiredFacts(node, inputs, 1);
    axisAttribute(node, shape, 0);
    if (indices.shape.length !== shape.length)
      throw shapeMismatch(node, `indices ${formatShape(indices.shape)} do not fit ${formatShape(shape)}`);
    return [{ shape: indices.shape, type }];
  },
  evaluate(node, inputs, [outputShape]) {
    const input = requiredTensor(node, inputs, 0);
    const offsets = elementOffsets(
      node,
      input.shape,
      requiredTensor(node, inputs, 1),
      axisAttribute(node, input.shape, 0),
    );
    const output = zeros(elementTypeOf(input), outputShape);
    for (let i = 0; i < offsets.length; i++) output.data[i] = input.data[offsets[i]];
    return [output];
  },
};

type Reduce = (old: number, update: number) => number;

const REDUCTIONS: Readonly<Record<string, Reduce>> = {
  none: (_, update) => update,
  add: (old, update) => old + update,
  mul: (old, update) => old * update,
  max: Math.max,
  min: Math.min,
};

function reductionOf(node: Node): Reduce {
  return REDUCTIONS[attribute(node, "reduction", "string") ?? "none"] ?? REDUCTIONS.none;
}

function unknownReduction(node: Node): string | undefined {
  const named = attribute(node, "reduction", "string") ?? "none";
  return REDUCTIONS[named] === undefined ? `reduction "${named}"` : undefined;
}

function copyOf(tensor: Tensor): Tensor {
  const copy = zeros(elementTypeOf(tensor), tensor.shape);
  copy.data.set(tensor.data);
  return copy;
}

function scatter(operator: string): OperatorDefinition {
  return {
    operator,
    unsupported: unknownReduction,
    infer(node, inputs) {
      const { shape, type } = requiredFacts(node, inputs, 0);
      axisAttribute(node, shape, 0);
      const [indices, updates] = [1, 2].map((i) => requiredFacts(node, inputs, i).shape);
      if (indices.join() !== updates.join() || indices.length !== shape.length)
        throw shapeMismatch(
          node,
          `indices ${formatShape(indices)} and updates ${formatShape(updates)} do not fit`,
        );
      return [{ shape, type }];
    },
    evaluate(node, inputs) {
      const output = copyOf(requiredTensor(node, inputs, 0));
      const updates = requiredTensor(node, inputs, 2).data;
      const axis = axisAttribute(node, output.shape, 0);
      const offsets = elementOffsets(node, output.shape, requiredTensor(node, inputs, 1), axis);
      const reduce = reductionOf(node);
      const type = elementTypeOf(output);
      for (let i = 0; i < offsets.length; i++)
        output.data[offsets[i]] = wrapped(type, reduce(output.data[offsets[i]], updates[i]));
      return [output];
    },
  };
}

export const scatterElements: OperatorDefinition = scatter("ScatterElements");
/** The older name. */
export const scatterOld: OperatorDefinition = scatter("Scatter");

/** Offsets in `shape` (after `batch` leading axes) of the blocks that index tuples name. */
export function blockOffsets(node: Node, shape: Shape, indices: Tensor, batch: number): Int32Array {
  const strides = stridesOf(shape);
  const depth = indices.shape[indices.shape.length - 1];
  const numTuples = indices.data.length / depth;
  const perBatch = numTuples / elementCount(shape.slice(0, batch));
  const batchStride = elementCount(shape.slice(batch));
  return Int32Array.from({ length: numTuples }, (_, t) => {
    let offset = Math.floor(t / perBatch) * batchStride;
    for (let i = 0; i < depth; i++)
      offset += within(node, indices.data[t * depth + i], shape[batch + i]) * strides[batch + i];
    return offset;
  });
}

export const gatherND: OperatorDefinition = {
  operator: "GatherND",
  infer(node, inputs) {
    const { shape, type } = requiredFacts(node, inputs, 0);
    const indices = requiredFacts(node, inputs, 1).shape;
    const batch = intAttribute(node, "batch_dims", 0);
    const depth = indices[indices.length - 1];
    if (batch + depth > shape.length)
      throw shapeMismatch(node, `indices ${formatShape(indices)} are too deep for ${formatShape(shape)}`);
    return [{ shape: [...indices.slice(0, -1), ...shape.slice(batch + depth)], type }];
  },
  evaluate(node, inputs, [outputShape]) {
    const input = requiredTensor(node, inputs, 0);
    const indices = requiredTensor(node, inputs, 1);
    const offsets = blockOffsets(node, input.shape, indices, intAttribute(node, "batch_dims", 0));
    const output = zeros(elementTypeOf(input), outputShape);
    const size = output.data.length / offsets.length;
    offsets.forEach((offset, t) => {
      output.data.set(input.data.subarray(offset, offset + size), t * size);
    });
    return [output];
  },
};

export const scatterND: OperatorDefinition = {
  operator: "ScatterND",
  unsupported: unknownReduction,
  infer: (node, inputs) => {
    const { shape, type } = requiredFacts(node, inputs, 0);
    return [{ shape, type }];
  },
  evaluate(node, inputs) {
    const output = copyOf(requiredTensor(node, inputs, 0));
    const indices = requiredTensor(node, inputs, 1);
    const updates = requiredTensor(node, inputs, 2).data;
    const reduce = reductionOf(node);
    const type = elementTypeOf(output);
    const offsets = blockOffsets(node, output.shape, indices, 0);
    const size = updates.length / offsets.length;
    offsets.forEach((offset, t) => {
      for (let i = 0; i < size; i++) {
        const at = offset + i;
        output.data[at] = wrapped(type, reduce(output.data[at], updates[t * size + i]));
      }
    });
    return [output];
  },
};

/** Writes the update into the cache along one axis, for each sample from its own index on ("circular": around the end). */
export const tensorScatter: OperatorDefinition = {
  operator: "TensorScatter",
  infer(node, inputs) {
    const { shape, type } = requiredFacts(node, inputs, 0);
    axisAttribute(node, shape, -2);
    return [{ shape, type }];
  },
  evaluate(node, inputs) {
    const output = copyOf(requiredTensor(node, inputs, 0));
    const update = requiredTensor(node, inputs, 1);
    const starts = inputs[2]?.data;
    const axis = axisAttribute(node, output.shape, -2);
    const isCircular = attribute(node, "mode", "string") === "circular";
    const length = output.shape[axis];
    const inner = elementCount(output.shape.slice(axis + 1));
    const perSample = elementCount(output.shape.slice(1, axis));
    const count = update.shape[axis];
    for (let block = 0; block < output.shape[0] * perSample; block++) {
      const start = starts?.[Math.floor(block / perSample)] ?? 0;
      for (let i = 0; i < count; i++) {
        const at = isCircular ? (start + i) % length : within(node, start + i, length);
        const from = (block * count + i) * inner;
        output.data.set(update.data.subarray(from, from + inner), (block * length + at) * inner);
      }
    }
    return [output];
  },
};
