/** MatMul of two computed tensors. */

import { broadcastShapes, type Shape, sameShape } from "../../tensor/shape.ts";
import { type LoweringRule, NotLowerable } from "./context.ts";
import { stretchedTo } from "./elementwise.ts";
import { identityPermutation } from "./layout.ts";

/** Vectors count as one row or one column. */
function asMatrix(shape: Shape, isLeft: boolean): number[] {
  if (shape.length > 1) return [...shape];
  return isLeft ? [1, shape[0]] : [shape[0], 1];
}

export const lowerContract: LoweringRule = (context, node) => {
  const [leftName, rightName] = node.inputs;
  if (!context.isData(leftName) || !context.isData(rightName))
    throw new NotLowerable("multiplies a constant");
  const [output] = node.outputs;
  const [left, right] = [
    asMatrix(context.shapeOf(leftName), true),
    asMatrix(context.shapeOf(rightName), false),
  ];
  if (context.graph.batched && (left.length < 2 || right.length < 2))
    throw new NotLowerable("multiplies samples");
  const lead = broadcastShapes(left.slice(0, -2), right.slice(0, -2));
  if (lead === undefined) throw new NotLowerable("multiplies matrices that do not fit");
  const [rows, length] = left.slice(-2);
  const columns = right[right.length - 1];
  const exactness = context.exactness(output);
  const leftId = stretchedTo(context, leftName, left, [...lead, rows, length]);
  const straight = stretchedTo(context, rightName, right, [...lead, length, columns]);
  const rank = lead.length + 2;
  const swapped = [...identityPermutation(rank - 2), rank - 1, rank - 2];
  const turned = `${node.name} (right operand)`;
  const rightId = context.add({
    kind: "transpose",
    name: turned,
    result: turned,
    shape: [...lead, columns, length],
    input: straight,
    permutation: swapped,
    ...context.exactnessOf(straight),
  });
  const whole = [...lead, rows, columns];
  const target = context.shapeOf(output);
  const isWhole = sameShape(whole, target);
  const name = isWhole ? output : `${output} (as a matrix)`;
  if (!isWhole) context.hide(name, whole, context.typeOf(output));
  context.addFor(name, identityPermutation(rank), (result, shape) => ({
    kind: "contract",
    name: node.name,
    result,
    shape,
    left: leftId,
    right: rightId,
    activation: null,
    sums: result,
    ...exactness,
  }));
  if (isWhole) return;
  const id = context.readPlain(name);
  context.addFor(output, identityPermutation(target.length), (result, shape) => ({
    kind: "reshape",
    name: `${node.name} (shape)`,
    result,
    shape,
    input: id,
  }));
};
