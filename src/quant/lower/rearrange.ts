/** Operators that move elements between axes, or several tensors into one. */

import { attribute, intAttribute } from "../../graph/attributes.ts";
import { elementCount } from "../../tensor/shape.ts";
import type { RealId } from "../realProgram.ts";
import { type LoweringContext, type LoweringRule, NotLowerable } from "./context.ts";
import { elementOrder, identityPermutation, isIdentity } from "./layout.ts";

export const lowerConcat: LoweringRule = (context, node) => {
  const [output] = node.outputs;
  const target = context.shapeOf(output);
  const axis = context.axis(intAttribute(node, "axis", 1), target.length);
  const first = node.inputs.find((name) => context.isData(name) && !isPlain(context, name));
  const order = first === undefined ? identityPermutation(target.length) : context.valueOf(first).permutation;
  const leading = context.graph.batched ? 1 : 0;
  const filled = node.inputs.filter((name) => context.constant(name)?.data.length !== 0);
  const inputs = filled.map((name): RealId => {
    if (context.isData(name)) return context.read(name, order);
    const tensor = context.constant(name);
    if (tensor === undefined) throw new NotLowerable("lacks an operand");
    const graphShape = tensor.shape.slice(leading);
    if (elementCount(graphShape) !== tensor.data.length || graphShape.length !== target.length)
      throw new NotLowerable("joins a constant that has another batch");
    const shape = order.map((_, at) => graphShape[order.indexOf(at)]);
    const positions = elementOrder({ shape, permutation: order });
    const data = new Float64Array(tensor.data.length);
    for (let j = 0; j < data.length; j++) data[positions[j]] = context.finite(tensor.data[j]);
    return context.add({ kind: "constant", name, result: name, shape, data });
  });
  context.addFor(output, order, (result, shape) => ({
    kind: "concat",
    name: node.name,
    result,
    shape,
    inputs,
    axis: order[axis],
  }));
};

function isPlain(context: LoweringContext, name: string): boolean {
  const { permutation, flattened } = context.valueOf(name);
  return flattened !== null || isIdentity(permutation);
}

/** Blocks of channels become blocks of pixels, or the reverse: a reshape, a transposition, a reshape. */
function lowerBlocks(toSpace: boolean): LoweringRule {
  return (context, node) => {
    const [output] = node.outputs;
    const leading = context.graph.batched ? 0 : 1;
    const shape = context.shapeOf(node.inputs[0]);
    if (shape.length !== 3 + leading || (leading === 1 && shape[0] !== 1))
      throw new NotLowerable("works on a fixed batch; export the model with a free batch");
    const [channels, height, width] = shape.slice(leading);
    const block = intAttribute(node, "blocksize", 1);
    const isColumnRow = (attribute(node, "mode", "string") ?? "DCR") === "CRD";
    const depth = channels / (block * block);
    const toSpaceForm = isColumnRow
      ? { split: [depth, block, block, height, width], order: [0, 3, 1, 4, 2] }
      : { split: [block, block, depth, height, width], order: [2, 3, 0, 4, 1] };
    const toDepthForm = {
      split: [channels, height / block, block, width / block, block],
      order: [2, 4, 0, 1, 3],
    };
    const { split, order } = toSpace ? toSpaceForm : toDepthForm;
    const input = context.readPlain(node.inputs[0]);
    const named = (what: string): { name: string; result: string } => {
      const name = `${node.name} (${what})`;
      return { name, result: name };
    };
    const blocks = context.add({ kind: "reshape", ...named("blocks"), shape: split, input });
    const moved = order.map((axis) => split[axis]);
    const transposed = context.add({
      kind: "transpose",
      ...named("transpose"),
      shape: moved,
      input: blocks,
      permutation: order,
    });
    context.addFor(output, identityPermutation(shape.length), (result, outputShape) => ({
      kind: "reshape",
      name: node.name,
      result,
      shape: outputShape,
      input: transposed,
    }));
  };
}

export const lowerDepthToSpace: LoweringRule = lowerBlocks(true);
export const lowerSpaceToDepth: LoweringRule = lowerBlocks(false);
