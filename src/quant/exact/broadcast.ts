/** Two operands brought to one shape, stored with their axes in the same order. */

import type { Node } from "../../graph/node.ts";
import type { TensorId } from "../../program/program.ts";
import type { Shape } from "../../tensor/shape.ts";
import { type ByteQuant, byteRange } from "./byteQuant.ts";
import type { ExactContext } from "./context.ts";
import type { Emitter } from "./emitter.ts";
import { remarked } from "./names.ts";
import { NotExact } from "./notExact.ts";
import { addStored, reordered } from "./trained.ts";
import { type ConstantValue, identityPermutation } from "./values.ts";

export interface Operand {
  readonly id: TensorId;
  readonly quant: ByteQuant;
}

export interface OperandPair {
  readonly left: Operand;
  readonly right: Operand;
  /** How the graph sees the axes of both, and of the result. */
  readonly permutation: readonly number[];
}

/** Axes of length 1 repeated to the length that is asked for. */
function stretched(emitter: Emitter, id: TensorId, shape: Shape): TensorId {
  let result = id;
  shape.forEach((length, axis) => {
    const { name, shape: current } = emitter.tensor(result);
    if (current[axis] === length) return;
    const indices = new Int32Array(length);
    const wide = remarked(name, "repeated");
    result = emitter.add({ kind: "take", name: wide, input: result, axis, indices, fill: 0 }, { name: wide });
  });
  return result;
}

/** A trained operand's shape without the batch axis, with as many axes as the result. */
function sampleShape(context: ExactContext, constant: ConstantValue, rank: number): number[] {
  const { shape, name } = constant;
  const own =
    context.graph.batched && shape.length === rank + 1 && shape[0] === 1 ? shape.slice(1) : [...shape];
  if (own.length > rank) throw new NotExact(`combines a trained tensor "${name}" of shape [${shape}]`);
  return [...new Array<number>(rank - own.length).fill(1), ...own];
}

/** The operand with its axes stored as `permutation` says, each of its own length. */
function operand(
  context: ExactContext,
  node: Node,
  position: number,
  permutation: readonly number[],
): Operand {
  const { emitter } = context;
  const value = context.get(node.inputs[position]);
  if (value?.kind === "constant") {
    const shape = sampleShape(context, value, permutation.length);
    const order = permutation.map((_, axis) => permutation.indexOf(axis));
    const inOrder = reordered({ ...value, shape }, order);
    const id = addStored(emitter, inOrder, inOrder.shape);
    const type = value.type === "uint8" ? "uint8" : "int8";
    return { id, quant: { type, scale: value.scales[0], zeroPoint: value.zeroPoints[0] } };
  }
  const { view, quant } = context.real(node, position);
  if (view.permutation.length !== permutation.length)
    throw new NotExact("combines tensors of different numbers of axes");
  return { id: emitter.stored(view, permutation), quant };
}

/** Both operands of an element-by-element operator. */
export function operandPair(context: ExactContext, node: Node): OperandPair {
  const { emitter } = context;
  const shape = context.shapeOf(node.outputs[0]);
  const computed = node.inputs.map((name) => context.get(name)).find((value) => value?.kind === "real");
  const permutation =
    computed?.kind === "real" && computed.view.permutation.length === shape.length
      ? computed.view.permutation
      : identityPermutation(shape.length);
  const stored = permutation.map((_, axis) => shape[permutation.indexOf(axis)]);
  const [left, right] = [0, 1].map((position): Operand => {
    const { id, quant } = operand(context, node, position, permutation);
    return { id: stretched(emitter, id, stored), quant };
  });
  return { left, right, permutation };
}

/** A byte as an index from 0. */
export function lowestOf({ type }: ByteQuant): number {
  return byteRange(type).lo;
}
