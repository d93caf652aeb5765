/**
 * Operators that are linear in one computed tensor, all else being constant: the matrix is what they make of each unit
 * vector, and a matrix product takes their place. For tensors that are small enough to ask about every element.
 */

import { attribute } from "../../graph/attributes.ts";
import type { Node } from "../../graph/node.ts";
import { operatorOf } from "../../graph/operators/registry.ts";
import { elementCount } from "../../tensor/shape.ts";
import { floatTensor, type Tensor } from "../../tensor/tensor.ts";
import { type LoweringContext, type LoweringRule, NotLowerable } from "./context.ts";
import { addDenseStep } from "./dense.ts";

const MAX_ENTRIES = 2 ** 22;
const MAX_INPUTS = 2 ** 13;

type Evaluate = (x: Float32Array) => ArrayLike<number>[];

function evaluatorOf(context: LoweringContext, node: Node, input: string): Evaluate {
  const leading = context.graph.batched ? [1] : [];
  const shape = [...leading, ...context.shapeOf(input)];
  const outputShapes = node.outputs.map((name) =>
    name === "" ? [] : [...leading, ...context.shapeOf(name)],
  );
  const definition = operatorOf(node);
  if (definition === undefined) throw new NotLowerable("has no integer form yet");
  return (x) => {
    const inputs = node.inputs.map((name): Tensor | undefined =>
      name === input ? floatTensor(shape, x) : context.constant(name),
    );
    return definition.evaluate(node, inputs, outputShapes).map(({ data }) => data);
  };
}

/** Of the sum of all magnitudes that a result is made of. */
const TOLERANCE = 1e-4;

/** Throws `NotLowerable` where the operator is not what the matrix says, on a vector that has nothing special. */
function checkLinear(
  evaluate: Evaluate,
  weights: readonly Float64Array[],
  offsets: readonly Float64Array[],
  size: number,
): void {
  const probe = Float32Array.from({ length: size }, (_, k) => ((k * 7919 + 13) % 101) - 50.5);
  evaluate(probe).forEach((result, at) => {
    if (weights[at] === undefined || weights[at].length === 0) return;
    for (let m = 0; m < result.length; m++) {
      let sum = offsets[at][m];
      let magnitude = 1 + Math.abs(sum);
      for (let k = 0; k < size; k++) {
        const term = weights[at][m * size + k] * probe[k];
        sum += term;
        magnitude += Math.abs(term);
      }
      if (!(Math.abs(sum - result[m]) <= TOLERANCE * magnitude))
        throw new NotLowerable("is not linear in its input");
    }
  });
}

/** One matrix product for each output. Expects that the operator is linear (plus a constant) in its computed input. */
export const lowerLinearMap: LoweringRule = (context, node) => {
  const input = context.dataInput(node);
  if (context.typeOf(input) !== "float32" && context.typeOf(node.outputs[0]) === "float32")
    throw new NotLowerable("weighs integers");
  const reduction = attribute(node, "reduction", "string") ?? "none";
  if (reduction !== "none" && reduction !== "add") throw new NotLowerable(`has the reduction "${reduction}"`);
  const size = elementCount(context.shapeOf(input));
  const sizes = node.outputs.map((name) => (name === "" ? 0 : elementCount(context.shapeOf(name))));
  const entries = size * sizes.reduce((sum, count) => sum + count, 0);
  if (entries > MAX_ENTRIES || size > MAX_INPUTS)
    throw new NotLowerable(
      `weighs ${size} elements for each of ${sizes.join(" and ")}; that is too large a matrix`,
    );
  const evaluate = evaluatorOf(context, node, input);
  const offsets = evaluate(new Float32Array(size)).map((data) => Float64Array.from(data));
  const weights = sizes.map((count) => new Float64Array(count * size));
  for (let k = 0; k < size; k++) {
    const unit = new Float32Array(size);
    unit[k] = 1;
    evaluate(unit).forEach((column, at) => {
      if (node.outputs[at] === "" || node.outputs[at] === undefined) return;
      for (let m = 0; m < sizes[at]; m++) weights[at][m * size + k] = column[m] - offsets[at][m];
    });
  }
  checkLinear(evaluate, weights, offsets, size);
  node.outputs.forEach((output, at) => {
    if (output === "") return;
    const hasOffset = offsets[at].some((value) => value !== 0);
    addDenseStep(context, {
      name: node.name,
      input,
      output,
      weight: weights[at],
      numOutputs: sizes[at],
      length: size,
      bias: hasOffset ? offsets[at] : null,
      weightName: `${node.name} (weights)`,
      biasName: hasOffset ? `${node.name} (offsets)` : "",
    });
  });
};
