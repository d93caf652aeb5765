/** Operators that put elements elsewhere and leave their integers as they are. */

import { attribute } from "../../../graph/attributes.ts";
import type { Node } from "../../../graph/node.ts";
import { operatorOf } from "../../../graph/operators/registry.ts";
import { elementCount, type Shape, stridesOf } from "../../../tensor/shape.ts";
import { intTensor, type Tensor } from "../../../tensor/tensor.ts";
import type { ExactContext, ExactRule } from "../context.ts";
import { layoutName, remarked } from "../names.ts";
import { NotExact } from "../notExact.ts";
import { dequantiseReal, quantiseReal } from "../onnxReals.ts";
import type { IntegersValue, RealValue, View } from "../values.ts";

/** Applies `move` to the first input, whether it is integers, their reals or a result that waits for its meaning. */
function lowerMoved(context: ExactContext, node: Node, move: (view: View) => View): void {
  const [output] = node.outputs;
  const source = context.get(node.inputs[0]);
  if (source?.kind === "pending") context.setMoved(output, source, move);
  else if (source?.kind === "integers") context.set(output, { ...source, view: move(source.view) });
  else {
    const real = context.real(node, 0);
    context.set(output, { ...real, view: move(real.view), isMoved: true });
  }
}

/** Reshape and its kin: the same elements in the same order under the shape that the graph states. */
export const lowerReshape: ExactRule = (context, node) => {
  const { emitter } = context;
  const [output] = node.outputs;
  const source = context.get(node.inputs[0]);
  if (source?.kind === "stripped") {
    context.set(output, source);
    return;
  }
  const shape = context.shapeOf(output);
  if (source?.kind === "index") {
    context.set(output, { ...source, id: emitter.reshape(source.id, shape, output) });
    return;
  }
  lowerMoved(context, node, (view) =>
    emitter.plainView(emitter.reshaped(view, shape, context.storedName(output))),
  );
};

/** The tensor itself: Identity, and Dropout once a model is trained. */
export const lowerIdentity: ExactRule = (context, node) => {
  const source = context.get(node.inputs[0]);
  if (source === undefined) throw new NotExact(`reads "${node.inputs[0]}", which is not quantised`);
  context.set(node.outputs[0], source);
};

/** Between types of indices; a conversion of quantised reals would be arithmetic. */
export const lowerCast: ExactRule = (context, node) => {
  const source = context.get(node.inputs[0]);
  if (source?.kind !== "index") throw new NotExact("converts numbers other than indices");
  context.set(node.outputs[0], source);
};

export const lowerTranspose: ExactRule = (context, node) => {
  const rank = context.shapeOf(node.outputs[0]).length;
  const whole = attribute(node, "perm", "ints");
  const fullRank = context.graph.batched ? rank + 1 : rank;
  const order = whole ?? Array.from({ length: fullRank }, (_, axis) => fullRank - 1 - axis);
  if (context.graph.batched && order[0] !== 0) throw new NotExact("moves the batch axis");
  const own = context.graph.batched ? order.slice(1).map((axis) => axis - 1) : order;
  lowerMoved(context, node, ({ id, permutation }) => ({
    id,
    permutation: own.map((axis) => permutation[axis]),
  }));
};

/** Where each element of output `position` comes from: element numbers of one sample, −1 for padding. */
function sources(
  context: ExactContext,
  node: Node,
  position: number,
  input: Shape,
  output: Shape,
): ArrayLike<number> {
  const definition = operatorOf(node);
  if (definition === undefined) throw new NotExact("has no definition");
  const whole = (shape: Shape): Shape => (context.graph.batched ? [1, ...shape] : shape);
  const numbers = Float64Array.from({ length: elementCount(input) }, (_, index) => index);
  const inputs: (Tensor | undefined)[] = node.inputs.map((_, at) => context.setting(node, at));
  inputs[0] = intTensor(whole(input), numbers);
  if (node.operator === "Pad") inputs[2] = intTensor([], [-1]);
  const shapes = node.outputs.map((name) => whole(context.shapeOf(name)));
  const result = definition.evaluate(node, inputs, shapes)[position].data;
  if (result.length !== elementCount(output)) throw new NotExact("moves elements between samples");
  return result;
}

/**
 * The indices that the result takes along each axis, if it takes them along each axis by itself, as slices and paddings
 * do. The operator's own definition is asked, on a tensor of element numbers.
 */
function indicesByAxis(
  context: ExactContext,
  node: Node,
  position: number,
  input: Shape,
  output: Shape,
): Int32Array[] {
  if (input.length !== output.length) throw new NotExact("changes the number of axes");
  const source = sources(context, node, position, input, output);
  const inputStrides = stridesOf(input);
  const outputStrides = stridesOf(output);
  const indexAt = (at: number, axis: number): number => Math.floor(at / outputStrides[axis]) % output[axis];
  const indices = output.map((length) => new Int32Array(length).fill(-1));
  for (let at = 0; at < source.length; at++) {
    if (source[at] === -1) continue;
    indices.forEach((list, axis) => {
      list[indexAt(at, axis)] = Math.floor(source[at] / inputStrides[axis]) % input[axis];
    });
  }
  for (let at = 0; at < source.length; at++) {
    let expected = 0;
    for (let axis = 0; axis < output.length && expected >= 0; axis++) {
      const index = indices[axis][indexAt(at, axis)];
      expected = index === -1 ? -1 : expected + index * inputStrides[axis];
    }
    if (source[at] !== expected) throw new NotExact("moves elements in a way that is not supported");
  }
  return indices;
}

/** The stored integer that stands for the padding. */
function fillOf(context: ExactContext, node: Node, value: IntegersValue | RealValue): number {
  const padding = context.setting(node, 2)?.data[0] ?? 0;
  if (value.kind === "integers") return padding;
  const q = quantiseReal(padding, value.quant);
  if (dequantiseReal(q, value.quant) !== padding)
    throw new NotExact(`pads with ${padding}, which its integers cannot express`);
  return q;
}

/** One output of an operator that takes elements along each axis by itself. */
function takeOutput(
  context: ExactContext,
  node: Node,
  position: number,
  value: IntegersValue | RealValue,
): void {
  const { emitter } = context;
  const { permutation } = value.view;
  const output = node.outputs[position];
  const input = emitter.shapeOf(value.view);
  const indices = indicesByAxis(context, node, position, input, context.shapeOf(output));
  const moved = indices.map(
    (list, axis) => list.length !== input[axis] || list.some((from, to) => from !== to),
  );
  const last = moved.lastIndexOf(true);
  let { id } = value.view;
  indices.forEach((list, axis) => {
    if (!moved[axis]) return;
    const along = permutation[axis];
    const name =
      axis === last
        ? layoutName(context.storedName(output), permutation)
        : remarked(node.name, `output ${position} along axis ${along}`);
    const fill = list.includes(-1) ? fillOf(context, node, value) : 0;
    id = emitter.add({ kind: "take", name, input: id, axis: along, indices: list, fill }, { name });
  });
  const view = { id, permutation };
  context.set(output, value.kind === "real" ? { ...value, view, isMoved: true } : { ...value, view });
}

/** Slice, Pad, Gather, Split, Tile, Expand, and Resize to the nearest element. */
export const lowerTakes: ExactRule = (context, node) => {
  const source = context.get(node.inputs[0]);
  const value = source?.kind === "integers" ? source : context.real(node, 0);
  node.outputs.forEach((output, position) => {
    if (output !== "") takeOutput(context, node, position, value);
  });
};
