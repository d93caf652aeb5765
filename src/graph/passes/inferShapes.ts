/**
 * Shapes of all tensors, per sample.
 *
 * The batch axis is found by experiment: shapes are inferred for two batch sizes that no model uses otherwise, and
 * compared. A length that follows the batch size must be the leading axis and equal to it; every other length must stay
 * the same. So operators infer with plain numbers, computations of shapes (Shape → Gather → Concat → Reshape) need no
 * symbols, and a node that mixes samples shows itself.
 */

import { elementCount, formatShape, type Shape } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { GraphValue } from "../graph.ts";
import type { Node } from "../node.ts";
import type { ValueFacts } from "../operator.ts";
import { operatorOf } from "../operators/registry.ts";
import type { GraphProblem } from "../problem.ts";
import { factsOf, isStoredWeight } from "./foldConstants.ts";
import { inferNode } from "./inferNode.ts";

const PROBE_BATCHES = [10007, 10009] as const;
/** Values are followed through inference only where they are as small as shapes and indices are. */
const MAX_FOLLOWED_ELEMENTS = 1024;
/** Masks made from shapes are larger: all of a model's together may have so many elements. */
const MAX_FOLLOWED_TOTAL = 2 ** 24;

export interface InferredShapes {
  /** Every tensor that depends on the input's elements and whose shape could be told. */
  readonly values: Map<string, GraphValue>;
  /** Tensors computed from shapes that turned out the same for every batch size. */
  readonly constants: Map<string, Tensor>;
}

/**
 * Infers with the batch axis left open (`batched`) or without one. `inputs` are per sample. `reads` names the inputs of
 * a node that still matter once shapes are known.
 */
export function inferShapes(
  nodes: readonly Node[],
  inputs: readonly GraphValue[],
  constants: ReadonlyMap<string, Tensor>,
  batched: boolean,
  unsupported: ReadonlySet<string>,
  problems: GraphProblem[],
): InferredShapes {
  if (!batched) {
    const facts = probe(nodes, inputs, constants, undefined, unsupported, problems);
    return settle(nodes, inputs, constants, facts, facts, false, problems);
  }
  const first = probe(nodes, inputs, constants, PROBE_BATCHES[0], unsupported, problems);
  // The second probe meets the same faults again.
  const second = probe(nodes, inputs, constants, PROBE_BATCHES[1], unsupported, []);
  return settle(nodes, inputs, constants, first, second, true, problems);
}

function probe(
  nodes: readonly Node[],
  inputs: readonly GraphValue[],
  constants: ReadonlyMap<string, Tensor>,
  batch: number | undefined,
  unsupported: ReadonlySet<string>,
  problems: GraphProblem[],
): Map<string, ValueFacts> {
  const facts = new Map<string, ValueFacts>();
  const budget: Budget = { left: MAX_FOLLOWED_TOTAL };
  for (const { name, shape, type } of inputs) {
    facts.set(name, { shape: batch === undefined ? shape : [batch, ...shape], type });
  }
  const lookUp = (name: string): ValueFacts | undefined => facts.get(name) ?? factsOf(constants.get(name));
  for (const node of nodes) {
    const definition = operatorOf(node);
    const given = node.inputs.map(lookUp);
    const complete = node.inputs.every((name, i) => name === "" || given[i] !== undefined);
    if (definition === undefined || !complete || unsupported.has(node.name)) continue;
    const results = inferNode(node, definition, given, batch, problems);
    if (results === undefined) continue;
    const follow = results[0].value === undefined && !isStoredWeight(node, constants);
    const values = follow ? valuesOf(node, given, results, budget) : undefined;
    node.outputs.forEach((output, i) => {
      const result = results[i];
      if (output === "" || result === undefined) return;
      facts.set(output, values === undefined ? result : { ...result, value: values[i] });
    });
  }
  return facts;
}

/** Elements that may still be computed. */
interface Budget {
  left: number;
}

/** The node's results where all it reads is known, and small or within the budget. */
function valuesOf(
  node: Node,
  given: readonly (ValueFacts | undefined)[],
  results: readonly ValueFacts[],
  budget: Budget,
): readonly Tensor[] | undefined {
  if (!given.every((facts) => facts === undefined || facts.value !== undefined)) return undefined;
  const sizes = [...given, ...results].map((facts) => (facts === undefined ? 0 : elementCount(facts.shape)));
  if (sizes.some((size) => size > MAX_FOLLOWED_ELEMENTS)) {
    const all = sizes.reduce((sum, size) => sum + size, 0);
    if (all > budget.left) return undefined;
    budget.left -= all;
  }
  return operatorOf(node)?.evaluate(
    node,
    given.map((facts) => facts?.value),
    results.map((facts) => facts.shape),
  );
}

/** Compares two probes. */
function settle(
  nodes: readonly Node[],
  inputs: readonly GraphValue[],
  given: ReadonlyMap<string, Tensor>,
  first: ReadonlyMap<string, ValueFacts>,
  second: ReadonlyMap<string, ValueFacts>,
  batched: boolean,
  problems: GraphProblem[],
): InferredShapes {
  const values = new Map(inputs.map((input) => [input.name, input]));
  const constants = new Map<string, Tensor>();
  const blamed = new Set<string>();
  for (const node of nodes) {
    if (isStoredWeight(node, given)) continue;
    for (const output of node.outputs) {
      const a = first.get(output);
      const b = second.get(output);
      if (a === undefined || b === undefined) continue;
      if (a.value !== undefined && b.value !== undefined) {
        if (sameElements(a.value, b.value)) constants.set(output, a.value);
        // A shape that follows the batch: only good for being read by shape inference, which has happened.
        continue;
      }
      const shape = batched ? perSample(a.shape, b.shape) : a.shape;
      if (shape !== undefined) values.set(output, { name: output, shape, type: a.type });
      else if (!node.inputs.some((input) => blamed.has(input))) {
        const reason =
          `combines different samples of a batch (its output is ${formatShape(a.shape)} for ${PROBE_BATCHES[0]} ` +
          "samples); export the model so that the first axis of every tensor is the batch, or with a batch of 1";
        problems.push({ code: "model.mixesSamples", where: node.name, operator: node.operator, reason });
      }
      if (shape === undefined) blamed.add(output);
    }
  }
  return { values, constants };
}

function perSample(first: Shape, second: Shape): number[] | undefined {
  const rest = first.slice(1);
  const follows = first[0] === PROBE_BATCHES[0] && second[0] === PROBE_BATCHES[1];
  const fixed = first.length === second.length && rest.every((length, i) => length === second[i + 1]);
  return follows && fixed ? rest : undefined;
}

function sameElements(a: Tensor, b: Tensor): boolean {
  return a.data.length === b.data.length && a.data.every((x, i) => x === b.data[i]);
}
