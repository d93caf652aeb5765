/**
 * Operators that are defined by others: a body of simpler nodes takes the place of one. The same body infers the shapes,
 * computes the results and becomes the integer program, so that there is one definition of what the operator means.
 */

import { elementTypeOf, floatTensor, intTensor, type Tensor } from "../../tensor/tensor.ts";
import type { Attribute, Node } from "../node.ts";
import type { Expansion, OperatorDefinition, ValueFacts } from "../operator.ts";
import { INTERNAL_DOMAIN } from "./internal.ts";

/** Numbers, texts and lists of integers, as attributes of nodes in a body. A number is an integer; reals are `real`. */
export type PlainAttributes = Readonly<Record<string, number | string | readonly number[] | RealAttribute>>;
export interface RealAttribute {
  readonly real: number;
}

function attributeOf(value: PlainAttributes[string]): Attribute {
  if (typeof value === "number") return { type: "int", value };
  if (typeof value === "string") return { type: "string", value };
  return "real" in value ? { type: "float", value: value.real } : { type: "ints", value };
}

/** Bodies are written for this operator set. */
const OPSET = 21;

/** Collects the nodes and constants of a body. Names start with that of the node, so that none meets another body's. */
export class Body {
  readonly nodes: Node[] = [];
  readonly constants: Map<string, Tensor> = new Map();
  readonly #prefix: string;
  #count = 0;

  constructor(node: Pick<Node, "name">) {
    this.#prefix = node.name;
  }

  #fresh(what: string): string {
    return `${this.#prefix}/${what} ${this.#count++}`;
  }

  /** Adds a node with one output and returns that. */
  add(operator: string, inputs: readonly string[], attributes: PlainAttributes = {}): string {
    return this.addMany(operator, inputs, 1, attributes)[0];
  }

  /** An operator that models do not have (`operators/internal.ts`). */
  addInternal(operator: string, inputs: readonly string[], attributes: PlainAttributes = {}): string {
    const output = this.add(operator, inputs, attributes);
    const node = this.nodes[this.nodes.length - 1];
    this.nodes[this.nodes.length - 1] = { ...node, domain: INTERNAL_DOMAIN };
    return output;
  }

  addMany(
    operator: string,
    inputs: readonly string[],
    count: number,
    attributes: PlainAttributes = {},
  ): string[] {
    const outputs = Array.from({ length: count }, () => this.#fresh(operator));
    this.nodes.push({
      name: outputs[0],
      operator,
      domain: "",
      opset: OPSET,
      inputs,
      outputs,
      attributes: new Map(Object.entries(attributes).map(([name, value]) => [name, attributeOf(value)])),
    });
    return outputs;
  }

  constant(tensor: Tensor): string {
    const name = this.#fresh("constant");
    this.constants.set(name, tensor);
    return name;
  }

  real(value: number): string {
    return this.constant(floatTensor([], [value]));
  }

  integers(...values: readonly number[]): string {
    return this.constant(intTensor([values.length], values));
  }

  reshape(input: string, shape: readonly number[]): string {
    return this.add("Reshape", [input, this.integers(...shape)], { allowzero: 1 });
  }

  slice(input: string, axis: number, start: number, end: number): string {
    return this.add("Slice", [input, ...[start, end, axis].map((value) => this.integers(value))]);
  }

  transpose(input: string, perm: readonly number[]): string {
    return this.add("Transpose", [input], { perm });
  }
}

/** Writes the body for inputs of these facts and returns the names of the outputs, in the node's order. */
export type Expand = (
  body: Body,
  node: Node,
  inputs: readonly (ValueFacts | undefined)[],
) => readonly string[];

type FindOperator = (node: Node) => OperatorDefinition | undefined;

export function factsOfTensor(tensor: Tensor): ValueFacts {
  return { shape: tensor.shape, type: elementTypeOf(tensor), value: tensor };
}

/** The definition of an operator by its body. `find` knows the operators that bodies use. */
export function expanding(find: FindOperator, operator: string, expand: Expand): OperatorDefinition {
  const expansionOf = (node: Node, inputs: readonly (ValueFacts | undefined)[]): Expansion => {
    const body = new Body(node);
    const outputs = expand(body, node, inputs);
    return { nodes: body.nodes, constants: body.constants, outputs };
  };
  const definitionOf = (node: Node): OperatorDefinition => {
    const found = find(node);
    if (found === undefined)
      throw new RangeError(`the body of ${operator} uses ${node.operator}, which is unknown`);
    return found;
  };
  return {
    operator,
    expand: expansionOf,
    infer(node, inputs, context) {
      const { nodes, constants, outputs } = expansionOf(node, inputs);
      const facts = new Map<string, ValueFacts>();
      for (const [name, tensor] of constants) facts.set(name, factsOfTensor(tensor));
      node.inputs.forEach((name, i) => {
        if (name !== "" && inputs[i] !== undefined) facts.set(name, inputs[i]);
      });
      for (const inner of nodes) {
        const given = inner.inputs.map((name) => facts.get(name));
        const results = definitionOf(inner).infer(inner, given, context);
        inner.outputs.forEach((name, i) => {
          facts.set(name, results[i]);
        });
      }
      return outputs.map((name) => {
        const { shape, type } = facts.get(name) as ValueFacts;
        return { shape, type };
      });
    },
    evaluate(node, inputs) {
      const given = inputs.map((tensor) => tensor && factsOfTensor(tensor));
      const { nodes, constants, outputs } = expansionOf(node, given);
      const tensors = new Map(constants);
      node.inputs.forEach((name, i) => {
        if (name !== "" && inputs[i] !== undefined) tensors.set(name, inputs[i]);
      });
      for (const inner of nodes) {
        const definition = definitionOf(inner);
        const operands = inner.inputs.map((name) => tensors.get(name));
        const facts = operands.map((tensor) => tensor && factsOfTensor(tensor));
        const shapes = definition.infer(inner, facts, { batch: undefined }).map(({ shape }) => shape);
        definition.evaluate(inner, operands, shapes).forEach((tensor, i) => {
          if (inner.outputs[i] !== undefined) tensors.set(inner.outputs[i], tensor);
        });
      }
      return outputs.map((name) => tensors.get(name) as Tensor);
    },
  };
}
