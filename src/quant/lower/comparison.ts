/** Comparisons, logic, and other operators whose results are truth values or integers. */

import { bitsOf } from "../../graph/integers.ts";
import type { Node } from "../../graph/node.ts";
import { operatorOf } from "../../graph/operators/registry.ts";
import { floatTensor, type IntegerType, intTensor } from "../../tensor/tensor.ts";
import { applyOperator, applyToEach, sameElements } from "./activation.ts";
import { type LoweringContext, type LoweringRule, NotLowerable } from "./context.ts";
import { addSum, operandsOf } from "./elementwise.ts";

/** Whether the node is a function of one computed tensor's elements. */
function isOneFunction(context: LoweringContext, node: Node): boolean {
  const data = node.inputs.filter((name) => context.isData(name)).map((name) => context.valueOf(name));
  const constants = node.inputs.map((_, at) => context.constantInput(node, at));
  return (
    data.every((value) => sameElements(data[0], value)) &&
    constants.every((tensor) => tensor === undefined || tensor.data.length === 1)
  );
}

/** As a function where it is one; computed from the difference of the operands elsewhere. */
function compared(
  factors: readonly [number, number],
  test: "negative" | "zero",
  isNegated: boolean,
): LoweringRule {
  return (context, node) => {
    const [a, b] = node.inputs;
    const [output] = node.outputs;
    const infinite = node.inputs.some((_, at) =>
      context.constantInput(node, at)?.data.some((x) => !Number.isFinite(x)),
    );
    if (infinite && isOneFunction(context, node) && context.isData(a) !== context.isData(b)) {
      compareWithInfinity(context, node);
      return;
    }
    if (isOneFunction(context, node) && isNarrow(context, node)) {
      applyOperator(context, node);
      return;
    }
    const difference = `${output} (difference)`;
    context.hide(difference, context.shapeOf(output), context.typeOf(a) === "float32" ? "float32" : "int64");
    const terms = [
      { name: a, factor: factors[0] },
      { name: b, factor: factors[1] },
    ];
    addSum(context, { ...node, name: `${node.name} (difference)`, outputs: [difference] }, terms);
    const holds = test === "negative" ? (x: number): boolean => x < 0 : (x: number): boolean => x === 0;
    const truth = `${output} (test)`;
    const name = isNegated ? truth : output;
    if (isNegated) context.hide(truth, context.shapeOf(output), "bool");
    const apply = (x: Float32Array): Float32Array => x.map((value) => (holds(value) ? 1 : 0));
    applyToEach(context, { ...node, outputs: [name] }, difference, { kind: "map", apply, test });
    if (!isNegated) return;
    // A step of its own: a comparison of wide integers is no table that another function could be part of.
    context.settled(truth);
    applyToEach(context, node, truth, { kind: "affine", factor: -1, offset: 1 });
  };
}

/** Masked scores hold what stands for −∞; nothing else that is computed is infinite. */
function compareWithInfinity(context: LoweringContext, node: Node): void {
  const [input] = node.inputs.filter((name) => context.isData(name));
  const apply = (x: Float32Array): ArrayLike<number> => {
    const inputs = node.inputs.map((name, at) =>
      name === input
        ? floatTensor(
            [x.length],
            x.map((value) => context.infinite(value)),
          )
        : context.constantInput(node, at),
    );
    const scalars = inputs.map((tensor, at) =>
      at === node.inputs.indexOf(input) ? tensor : tensor && { ...tensor, shape: [1] },
    );
    return operatorOf(node)?.evaluate(node, scalars, [[x.length]])[0].data ?? [];
  };
  applyToEach(context, node, input, { kind: "map", apply });
}

/** Integers of many bits are compared by tests that need no table. */
function isNarrow(context: LoweringContext, node: Node): boolean {
  const wide: readonly string[] = ["int32", "int64", "uint32", "uint64"];
  return !node.inputs.some((name) => context.isData(name) && wide.includes(context.typeOf(name)));
}

export const lowerLess: LoweringRule = compared([1, -1], "negative", false);
export const lowerGreater: LoweringRule = compared([-1, 1], "negative", false);
export const lowerLessOrEqual: LoweringRule = compared([-1, 1], "negative", true);
export const lowerGreaterOrEqual: LoweringRule = compared([1, -1], "negative", true);
export const lowerEqual: LoweringRule = compared([1, -1], "zero", false);

/** A function of the sum of two truth values. */
function ofSum(f: (sum: number) => boolean): LoweringRule {
  return (context, node) => {
    if (isOneFunction(context, node)) {
      applyOperator(context, node);
      return;
    }
    const [a, b] = node.inputs;
    const [output] = node.outputs;
    const sum = `${output} (sum)`;
    context.hide(sum, context.shapeOf(output), "int64");
    const terms = [
      { name: a, factor: 1 },
      { name: b, factor: 1 },
    ];
    addSum(context, { ...node, name: `${node.name} (sum)`, outputs: [sum] }, terms);
    const apply = (x: Float32Array): Float32Array => x.map((value) => (f(value) ? 1 : 0));
    applyToEach(context, node, sum, { kind: "map", apply });
  };
}

export const lowerAnd: LoweringRule = ofSum((sum) => sum === 2);
export const lowerOr: LoweringRule = ofSum((sum) => sum >= 1);
export const lowerXor: LoweringRule = ofSum((sum) => sum === 1);

/** Operators that wide integers have other ways for. */
const LIMBED: ReadonlySet<string> = new Set(["BitwiseAnd", "BitwiseOr", "BitwiseXor", "BitShift", "Mod"]);

function isByte(context: LoweringContext, name: string): boolean {
  const type = context.typeOf(name);
  return type !== "float32" && bitsOf(type) <= 8;
}

/** Operators on two small integers, by a table of all pairs. */
export const lowerPairs: LoweringRule = (context, node) => {
  if (isOneFunction(context, node)) {
    applyOperator(context, node);
    return;
  }
  if (node.inputs.some((name) => context.typeOf(name) === "float32"))
    throw new NotLowerable("combines two real tensors");
  if (LIMBED.has(node.operator) && !node.inputs.every((name) => isByte(context, name)))
    throw new NotLowerable("combines integers of more than 8 bits");
  const { order, ids } = operandsOf(context, node, node.inputs);
  const types = node.inputs.map((name) => context.typeOf(name) as IntegerType);
  const apply = (a: number, b: number): number => {
    const operands = [a, b].map((value, i) => intTensor([1], [value], types[i]));
    return operatorOf(node)?.evaluate(node, operands, [[1]])[0].data[0] ?? 0;
  };
  context.addFor(node.outputs[0], order, (result, shape) => ({
    kind: "pairs",
    name: node.name,
    result,
    shape,
    left: ids[0],
    right: ids[1],
    apply,
  }));
};

export const lowerFloorDivide: LoweringRule = (context, node) => {
  if (isOneFunction(context, node) && isNarrow(context, node)) {
    applyOperator(context, node);
    return;
  }
  const { order, ids } = operandsOf(context, node, node.inputs);
  context.addFor(node.outputs[0], order, (result, shape) => ({
    kind: "divide",
    name: node.name,
    result,
    shape,
    numerator: ids[0],
    denominator: ids[1],
  }));
};
