/** Operators that map each element by itself. Chains of them, and what joins them again, become one function. */

import { floatAttribute } from "../../graph/attributes.ts";
import type { Node } from "../../graph/node.ts";
import { operatorOf } from "../../graph/operators/registry.ts";
import { sameShape } from "../../tensor/shape.ts";
import { type ElementType, floatTensor, intTensor, type Tensor } from "../../tensor/tensor.ts";
import { applyFunction, composed } from "../realFunction.ts";
import type { RealFunction } from "../realProgram.ts";
import { addChannelAffine } from "./channelAffine.ts";
import { type LoweringContext, type LoweringRule, NotLowerable } from "./context.ts";
import { addSum } from "./elementwise.ts";
import { type Lowered, sameAxes } from "./layout.ts";

/** The node computes `f` of the tensor `input`. */
export function applyToEach(context: LoweringContext, node: Node, input: string, f: RealFunction): void {
  const value = context.valueOf(input);
  const whole = value.pending === null ? f : composed(value.pending.function, f);
  const pending = { function: whole, name: node.name, graphValue: node.outputs[0] };
  context.define(node.outputs[0], { ...value, pending });
}

const IDENTITY: RealFunction = { kind: "affine", factor: 1, offset: 0 };

/** Whether both are functions of the same elements in the same order. */
export function sameElements(a: Lowered, b: Lowered): boolean {
  const sameForm = a.flattened === null ? b.flattened === null : b.flattened !== null;
  return (
    a.id === b.id &&
    sameAxes(a.permutation, b.permutation) &&
    sameForm &&
    sameShape(a.flattened ?? [], b.flattened ?? [])
  );
}

/**
 * Any operator whose inputs are functions of one tensor's elements, or single numbers: evaluating it element by element
 * is one function of that tensor.
 */
export function applyOperator(context: LoweringContext, node: Node): void {
  const data = node.inputs.filter((name) => context.isData(name));
  const [first, ...others] = data.map((name) => context.valueOf(name));
  if (others.some((other) => !sameElements(first, other)))
    throw new NotLowerable("combines computed tensors in a way that has no integer form yet");
  const scalars = node.inputs.map((_, position) => {
    const constant = context.constantInput(node, position);
    if (constant !== undefined && constant.data.length !== 1)
      throw new NotLowerable("needs a different function for each element");
    return constant && onlyNumber(context, constant);
  });
  const functions = node.inputs.map((name) =>
    context.isData(name) ? (context.valueOf(name).pending?.function ?? IDENTITY) : null,
  );
  const apply = (x: Float32Array): ArrayLike<number> => {
    const inputs = functions.map((f, position): Tensor | undefined => {
      if (f === null) return scalars[position];
      return typedTensor(context.typeOf(node.inputs[position]), applyFunction(f, x));
    });
    const results = operatorOf(node)?.evaluate(node, inputs, [[x.length]]);
    if (results === undefined) throw new TypeError(`operator ${node.operator} is unknown`);
    return results[0].data;
  };
  const [output] = node.outputs;
  if (!sameShape(context.shapeOf(output), context.shapeOf(data[0])))
    throw new NotLowerable("stretches its input to another shape");
  const pending = { function: { kind: "map", apply } as const, name: node.name, graphValue: output };
  context.define(output, { ...first, pending });
}

/** A constant of one element, finite. */
function onlyNumber(context: LoweringContext, { data, ...type }: Tensor): Tensor {
  if (data instanceof Float32Array) return floatTensor([1], [context.finite(data[0])]);
  return { ...type, data, shape: [1] };
}

/** Results of a function as a tensor of one axis: integers are integers again. */
function typedTensor(type: ElementType, values: ArrayLike<number>): Tensor {
  if (type === "float32") return floatTensor([values.length], Float32Array.from(values));
  return intTensor([values.length], Float64Array.from(values), type);
}

export const lowerPointwise: LoweringRule = applyOperator;

export const lowerRelu: LoweringRule = (context, node) =>
  applyToEach(context, node, context.dataInput(node), {
    kind: "clamp",
    lo: 0,
    hi: Number.POSITIVE_INFINITY,
  });

export const lowerClip: LoweringRule = (context, node) => {
  const bound = (position: number, name: string, none: number): number => {
    const constant = context.constantInput(node, position);
    if (constant === undefined && context.isData(node.inputs[position] ?? ""))
      throw new NotLowerable("has a bound that is computed");
    return constant?.data[0] ?? floatAttribute(node, name, none);
  };
  const lo = bound(1, "min", Number.NEGATIVE_INFINITY);
  const hi = bound(2, "max", Number.POSITIVE_INFINITY);
  applyToEach(context, node, node.inputs[0], { kind: "clamp", lo, hi });
};

/**
 * max(x, 0) + slope · min(x, 0) with a slope per channel: a table serves one function, so the two halves are
 * requantised each by itself and the second is multiplied channel by channel.
 */
export const lowerPRelu: LoweringRule = (context, node) => {
  const slope = context.constantInput(node, 1);
  if (slope === undefined) throw new NotLowerable("has a slope that is computed");
  const [input] = node.inputs;
  const [output] = node.outputs;
  if (slope.data.length === 1) {
    const factor = slope.data[0];
    const apply = (x: Float32Array): Float32Array => x.map((value) => (value < 0 ? factor * value : value));
    applyToEach(context, node, input, { kind: "map", apply });
    return;
  }
  const value = context.settled(input);
  const hide = (part: string): string => {
    const name = `${output} (${part})`;
    context.hide(name, context.shapeOf(input), "float32");
    return name;
  };
  const half = (part: string, lo: number, hi: number): string => {
    const graphValue = hide(part);
    const pending = {
      function: { kind: "clamp", lo, hi } as const,
      name: `${node.name} (${part})`,
      graphValue,
    };
    context.define(graphValue, { ...value, pending });
    return graphValue;
  };
  const positive = half("positive part", 0, Number.POSITIVE_INFINITY);
  const negative = half("negative part", Number.NEGATIVE_INFINITY, 0);
  const scaled = hide("scaled negative part");
  const factor = { tensor: slope, name: node.inputs[1] };
  addChannelAffine(context, {
    name: `${node.name} (slope)`,
    input: negative,
    output: scaled,
    factor,
    offset: null,
  });
  addSum(context, node, [
    { name: positive, factor: 1 },
    { name: scaled, factor: 1 },
  ]);
};
