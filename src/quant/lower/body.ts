/** A node as the simpler nodes that it stands for, each of them lowered in its turn. */

import { TensorproofError } from "../../errors/tensorproofError.ts";
import type { Node } from "../../graph/node.ts";
import type { Expansion, ValueFacts } from "../../graph/operator.ts";
import { Body, type Expand, factsOfTensor } from "../../graph/operators/expansion.ts";
import { operatorOf } from "../../graph/operators/registry.ts";
import type { Shape } from "../../tensor/shape.ts";
import { type LoweringContext, type LoweringRule, NotLowerable } from "./context.ts";

/** What a body needs to know of a tensor: its shape with the batch axis, of length 1. */
function factsOf(context: LoweringContext, name: string): ValueFacts | undefined {
  if (name === "") return undefined;
  const constant = context.constant(name);
  if (constant !== undefined) return factsOfTensor(constant);
  const shape = context.shapeOf(name);
  return { shape: context.graph.batched ? [1, ...shape] : shape, type: context.typeOf(name) };
}

function sampleShape(context: LoweringContext, shape: Shape): Shape {
  if (!context.graph.batched) return shape;
  if (shape[0] === 1) return shape.slice(1);
  throw new NotLowerable("mixes the samples of a batch");
}

export type IntegerExpand = (...given: Parameters<Expand>) => readonly string[] | Expansion;

function expansionOf(
  node: Node,
  facts: readonly (ValueFacts | undefined)[],
  expand: IntegerExpand,
): Expansion {
  const body = new Body(node);
  const expanded = expand(body, node, facts);
  if ("nodes" in expanded) return expanded;
  return { nodes: body.nodes, constants: body.constants, outputs: expanded };
}

/** Runs a node that reads constants alone. */
export function foldNode(context: LoweringContext, node: Node): void {
  const tensors = node.inputs.map((name) => context.constant(name));
  const facts = tensors.map((tensor) => tensor && factsOfTensor(tensor));
  const definition = operatorOf(node);
  if (definition === undefined) throw new NotLowerable(`needs ${node.operator}, which is not supported`);
  const shapes = definition.infer(node, facts, { batch: undefined }).map(({ shape }) => shape);
  definition.evaluate(node, tensors, shapes).forEach((tensor, i) => {
    const name = node.outputs[i] ?? "";
    if (name !== "") context.addConstant(name, tensor);
  });
}

function lowerInner(context: LoweringContext, node: Node, lower: LoweringRule): void {
  if (node.inputs.every((name) => !context.isData(name))) {
    foldNode(context, node);
    return;
  }
  const definition = operatorOf(node);
  if (definition === undefined) throw new NotLowerable(`needs ${node.operator}, which is not supported`);
  const facts = definition.infer(
    node,
    node.inputs.map((name) => factsOf(context, name)),
    { batch: undefined },
  );
  node.outputs.forEach((name, i) => {
    if (name !== "") context.hide(name, sampleShape(context, facts[i].shape), facts[i].type);
  });
  lower(context, node);
}

/** `lower` lowers a node of the body. Throws `NotLowerable` where a node of the body cannot be lowered, naming the operator. */
export function lowerBody(
  context: LoweringContext,
  node: Node,
  expand: IntegerExpand,
  lower: LoweringRule,
): void {
  const facts = node.inputs.map((name) => factsOf(context, name));
  const { nodes, constants, outputs } = expansionOf(node, facts, expand);
  for (const [name, tensor] of constants) context.addConstant(name, tensor);
  for (const inner of nodes) {
    try {
      lowerInner(context, inner, lower);
    } catch (error) {
      // A body may ask for shapes that depend on data, for example.
      if (error instanceof TensorproofError) throw new NotLowerable(error.message);
      if (!(error instanceof NotLowerable) || inner.operator === node.operator) throw error;
      const reason = error.reason.startsWith("as ") ? error.reason : `as ${inner.operator}: ${error.reason}`;
      throw new NotLowerable(reason);
    }
  }
  node.outputs.forEach((name, i) => {
    if (name === "" || outputs[i] === undefined) return;
    const constant = context.constant(outputs[i]);
    if (constant === undefined) context.alias(name, outputs[i]);
    else context.addConstant(name, constant);
  });
}
