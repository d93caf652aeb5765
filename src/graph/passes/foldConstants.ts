/**
 * Constant folding: nodes that read only constants are run once, here. Weights stored as integers keep the node that
 * makes them real, because the integers are what the model means (`quantization.ts`).
 */

import { elementCount } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { elementTypeOf } from "../../tensor/tensor.ts";
import type { Node } from "../node.ts";
import type { ValueFacts } from "../operator.ts";
import { operatorOf } from "../operators/registry.ts";
import type { GraphProblem } from "../problem.ts";
import { type FreshName, freshNames } from "./freshNames.ts";
import { inferNode } from "./inferNode.ts";
import { movedWeight } from "./movedWeight.ts";

/**
 * What one model may spend on folding. A small file can ask for a lot of it (two vectors broadcast to a matrix), and
 * honest models need little: their folded tensors are as large as weights.
 */
const MAX_FOLDED_ELEMENTS = 2 ** 26;
const MAX_FOLDED_MULTIPLICATIONS = 2 ** 30;

export interface FoldedGraph {
  readonly nodes: readonly Node[];
  readonly constants: ReadonlyMap<string, Tensor>;
}

/** Whether a node makes a weight real that is stored as integers. */
export function isStoredWeight(node: Node, constants: ReadonlyMap<string, Tensor>): boolean {
  return (
    node.operator === "DequantizeLinear" &&
    node.domain === "" &&
    node.inputs.every((name) => name === "" || constants.has(name))
  );
}

/** Runs constant nodes in order. Those in `unsupported` stay where they are. */
export function foldConstants(
  ordered: readonly Node[],
  initializers: ReadonlyMap<string, Tensor>,
  unsupported: ReadonlySet<string>,
  problems: GraphProblem[],
): FoldedGraph {
  const fresh = freshNames(ordered, initializers.keys());
  const folding = new Folding(initializers, fresh, problems);
  const nodes: Node[] = [];
  for (const node of ordered) {
    if (unsupported.has(node.name) || operatorOf(node) === undefined) {
      nodes.push(node);
      continue;
    }
    const kept = folding.fold(node);
    if (folding.exhausted) {
      const reason = "is part of a computation on constants that is too large to carry out while loading";
      problems.push({ code: "model.tooLarge", where: node.name, operator: node.operator, reason });
      return { nodes: [], constants: folding.constants };
    }
    if (kept !== undefined) nodes.push(kept);
  }
  return { nodes, constants: folding.constants };
}

class Folding {
  readonly constants: Map<string, Tensor>;
  readonly #problems: GraphProblem[];
  readonly #fresh: FreshName;
  /** Weights stored as integers, by the name of the real tensor. */
  readonly #stored = new Map<string, Node>();
  #elementsLeft = MAX_FOLDED_ELEMENTS;
  #multiplicationsLeft = MAX_FOLDED_MULTIPLICATIONS;

  constructor(initializers: ReadonlyMap<string, Tensor>, fresh: FreshName, problems: GraphProblem[]) {
    this.#fresh = fresh;
    this.constants = new Map(initializers);
    this.#problems = problems;
  }

  get exhausted(): boolean {
    return this.#elementsLeft < 0 || this.#multiplicationsLeft < 0;
  }

  /** Runs a node if it is constant; the node that has to stay otherwise. */
  fold(node: Node): Node | undefined {
    const isConstant = (name: string): boolean =>
      name === "" || this.constants.has(name) || this.#stored.has(name);
    if (!node.inputs.every(isConstant)) return node;
    if (isStoredWeight(node, this.constants)) return this.#store(node);
    const source = this.#stored.get(node.inputs[0] ?? "");
    if (source !== undefined) {
      const moved = movedWeight(node, source, this.constants, this.#fresh);
      if (moved !== undefined) {
        this.#elementsLeft -= moved.integers.data.length;
        this.constants.set(moved.node.inputs[0], moved.integers);
        return this.#store(moved.node);
      }
    }
    for (const name of node.inputs) {
      const stored = this.#stored.get(name);
      // The real tensor is a constant like any other for a computation that the integers cannot follow.
      if (stored !== undefined && !this.constants.has(name)) this.#run({ ...stored, outputs: [name] });
    }
    return this.#run(node) ? undefined : node;
  }

  #store(node: Node): Node {
    this.#stored.set(node.outputs[0], node);
    return node;
  }

  #run(node: Node): boolean {
    const definition = operatorOf(node);
    const inputs = node.inputs.map((name) => this.constants.get(name));
    const facts = definition && inferNode(node, definition, inputs.map(factsOf), undefined, this.#problems);
    if (definition === undefined || facts === undefined) return false;
    const shapes = facts.map((fact) => fact.shape);
    this.#elementsLeft -= shapes.reduce((sum, shape) => sum + elementCount(shape), 0);
    this.#multiplicationsLeft -=
      definition.multiplyAccumulates?.(
        inputs.map((tensor) => tensor?.shape),
        shapes[0],
        node,
      ) ?? 0;
    if (this.exhausted) return false;
    const results = definition.evaluate(node, inputs, shapes);
    node.outputs.forEach((output, i) => {
      if (output !== "" && results[i] !== undefined) this.constants.set(output, results[i]);
    });
    return true;
  }
}

/** What is known of a constant: everything. */
export function factsOf(tensor: Tensor): ValueFacts;
export function factsOf(tensor: Tensor | undefined): ValueFacts | undefined;
export function factsOf(tensor: Tensor | undefined): ValueFacts | undefined {
  return tensor && { shape: tensor.shape, type: elementTypeOf(tensor), value: tensor };
}
