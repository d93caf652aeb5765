/** Scatters by constant indices: elements chosen from data and updates, and combined where the node says so. */

import { attribute, intAttribute } from "../../../graph/attributes.ts";
import type { Node } from "../../../graph/node.ts";
import { requiredFacts, type ValueFacts } from "../../../graph/operator.ts";
import { requiredAxis } from "../../../graph/operators/axes.ts";
import type { Body, Expand } from "../../../graph/operators/expansion.ts";
import { blockOffsets, elementOffsets } from "../../../graph/operators/gatherScatter.ts";
import { operatorOf } from "../../../graph/operators/registry.ts";
import { elementCount } from "../../../tensor/shape.ts";
import { floatTensor, intTensor, type Tensor } from "../../../tensor/tensor.ts";
import { NotLowerable } from "../context.ts";

type Facts = readonly (ValueFacts | undefined)[];

const COMBINING: Readonly<Record<string, string>> = { add: "Add", mul: "Mul", max: "Max", min: "Min" };

/** Position in the data of every element of the updates. */
function targetsOf(node: Node, inputs: Facts): Int32Array {
  const indices = inputs[1]?.value;
  if (indices === undefined) throw new NotLowerable("scatters by computed indices");
  const { shape } = requiredFacts(node, inputs, 0);
  if (node.operator !== "ScatterND") {
    return elementOffsets(node, shape, indices, requiredAxis(node, intAttribute(node, "axis", 0), shape));
  }
  const blocks = blockOffsets(node, shape, indices, 0);
  const size = elementCount(requiredFacts(node, inputs, 2).shape) / blocks.length;
  return Int32Array.from(
    { length: blocks.length * size },
    (_, i) => blocks[Math.floor(i / size)] + (i % size),
  );
}

/** Updates in groups in which no two have the same target, earlier ones first. */
function rounds(targets: Int32Array): number[][] {
  const seen = new Map<number, number>();
  const groups: number[][] = [];
  targets.forEach((target, i) => {
    const round = seen.get(target) ?? 0;
    seen.set(target, round + 1);
    groups[round] ??= [];
    groups[round].push(i);
  });
  return groups;
}

function chosen(body: Body, flat: string, sources: ArrayLike<number>): string {
  const indices = body.constant(intTensor([sources.length], Array.from(sources)));
  return body.add("Gather", [flat, indices], { axis: 0 });
}

export const scatterByConstants: Expand = (body, node, inputs) => {
  const { shape, type } = requiredFacts(node, inputs, 0);
  const count = elementCount(shape);
  const targets = targetsOf(node, inputs);
  const reduction = attribute(node, "reduction", "string") ?? "none";
  const data = body.reshape(node.inputs[0], [count]);
  const updates = body.reshape(node.inputs[2], [targets.length]);
  if (reduction === "none") {
    const sources = Array.from({ length: count }, (_, i) => i);
    targets.forEach((target, i) => {
      sources[target] = count + i;
    });
    return [body.reshape(chosen(body, body.add("Concat", [data, updates], { axis: 0 }), sources), shape)];
  }
  const operator = COMBINING[reduction];
  if (operator === undefined) throw new NotLowerable(`has the reduction "${reduction}"`);
  // What leaves an element as it is: 0 added, 1 multiplied; the larger of an element and itself.
  const neutral = reduction === "mul" ? 1 : 0;
  const isIdempotent = reduction === "max" || reduction === "min";
  let result = data;
  for (const round of rounds(targets)) {
    const spare = body.constant(type === "float32" ? floatTensor([1], [neutral]) : intTensor([1], [neutral]));
    const parts = isIdempotent ? [updates, result] : [updates, spare];
    const sources = Array.from({ length: count }, (_, i) => targets.length + (isIdempotent ? i : 0));
    for (const i of round) sources[targets[i]] = i;
    result = body.add(operator, [result, chosen(body, body.add("Concat", parts, { axis: 0 }), sources)]);
  }
  return [body.reshape(result, shape)];
};

/** TensorScatter at constant places: which element of cache or update comes where is found out on positions. */
export const tensorScatter: Expand = (body, node, inputs) => {
  const [cache, update] = [0, 1].map((i) => requiredFacts(node, inputs, i).shape);
  if (inputs[2] !== undefined && inputs[2].value === undefined)
    throw new NotLowerable("writes at computed places");
  const [numCached, numNew] = [elementCount(cache), elementCount(update)];
  const positions = (shape: readonly number[], first: number): Tensor =>
    intTensor(
      shape,
      Array.from({ length: elementCount(shape) }, (_, i) => first + i),
    );
  const operands = [positions(cache, 0), positions(update, numCached), inputs[2]?.value];
  const sources = operatorOf(node)?.evaluate(node, operands, [cache])[0].data ?? [];
  const flat = [body.reshape(node.inputs[0], [numCached]), body.reshape(node.inputs[1], [numNew])];
  return [body.reshape(chosen(body, body.add("Concat", flat, { axis: 0 }), sources), cache)];
};
