/** Operators that only move elements of one tensor, in any pattern: evaluated once, on positions instead of elements. */

import { elementCount } from "../../tensor/shape.ts";
import { type LoweringContext, type LoweringRule, NotLowerable } from "./context.ts";
import { identityPermutation } from "./layout.ts";
import { fillOf, sourcesOf } from "./wiring.ts";

const MAX_MOVED = 2 ** 20;

/** Takes elements along the flattened tensor. */
function addFlatTake(
  context: LoweringContext,
  name: string,
  input: string,
  output: string,
  sources: ArrayLike<number>,
  fill: number,
): void {
  const count = elementCount(context.shapeOf(input));
  const target = context.shapeOf(output);
  if (count > MAX_MOVED || sources.length > MAX_MOVED)
    throw new NotLowerable(
      `moves ${Math.max(count, sources.length)} elements one by one; at most ${MAX_MOVED} can be`,
    );
  const plain = context.readPlain(input);
  const exactness = context.exactnessOf(plain);
  const named = (what: string): { name: string; result: string } => ({
    name: `${name} (${what})`,
    result: `${output} (${what})`,
  });
  const flat = context.add({
    kind: "reshape",
    ...named("in one axis"),
    shape: [count],
    input: plain,
    ...exactness,
  });
  const indices = Int32Array.from(sources);
  const isFilled = indices.includes(-1);
  const taken = context.add({
    kind: "take",
    ...named("elements"),
    shape: [indices.length],
    input: flat,
    axis: 0,
    indices,
    fill: isFilled ? fill : 0,
    ...exactness,
  });
  context.addFor(output, identityPermutation(target.length), (result, shape) => ({
    kind: "reshape",
    name,
    result,
    shape,
    input: taken,
  }));
}

export const lowerMoves: LoweringRule = (context, node) => {
  const input = context.dataInput(node);
  const sources = sourcesOf(context, node, input);
  node.outputs.forEach((output, index) => {
    if (output === "") return;
    const name = index === 0 ? node.name : `${node.name} (output ${index})`;
    addFlatTake(context, name, input, output, sources[index], fillOf(context, node));
  });
};
