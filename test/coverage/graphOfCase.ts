/**
 * Graphs of a model for given inputs: shapes are set by the inputs, and inputs that have to be known beforehand become
 * constants, as few as will do.
 */

import type { GraphDraft } from "../../src/graph/draft.ts";
import type { Graph } from "../../src/graph/graph.ts";
import { resolveGraph } from "../../src/graph/resolve.ts";
import type { Tensor } from "../../src/tensor/tensor.ts";

export interface GraphOfCase {
  readonly graph: Graph;
  /** Values of the graph's inputs, in order, as the case has them. */
  readonly inputs: readonly Tensor[];
  /** Names of inputs that became constants. */
  readonly fixed: readonly string[];
}

/** Inputs of the draft from which a tensor is computed. */
function sources(draft: GraphDraft, tensor: string): Set<string> {
  const producers = new Map(draft.nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const inputs = new Set(draft.inputs.map(({ name }) => name));
  const found = new Set<string>();
  const seen = new Set<string>();
  const visit = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    if (inputs.has(name)) found.add(name);
    const node = producers.get(name);
    // Of a tensor whose shape alone is read, nothing has to be known.
    if (node !== undefined && node.operator !== "Shape" && node.operator !== "Size")
      node.inputs.forEach(visit);
  };
  visit(tensor);
  return found;
}

function withConstants(
  draft: GraphDraft,
  given: ReadonlyMap<string, Tensor>,
  fixed: ReadonlySet<string>,
): GraphOfCase {
  const initializers = new Map(draft.initializers);
  for (const name of fixed) initializers.set(name, given.get(name) as Tensor);
  const live = draft.inputs.filter(({ name }) => !fixed.has(name));
  const inputs = live.map((input) => ({ ...input, shape: given.get(input.name)?.shape ?? input.shape }));
  const graph = resolveGraph({ ...draft, inputs, initializers });
  const values = live.map(({ name }) => given.get(name) as Tensor);
  return { graph, inputs: values, fixed: [...fixed] };
}

function* rounds(
  draft: GraphDraft,
  given: ReadonlyMap<string, Tensor>,
  start: ReadonlySet<string>,
): Generator<GraphOfCase> {
  const fixed = new Set(start);
  for (;;) {
    const found = withConstants(draft, given, fixed);
    const wanted = found.graph.problems.flatMap(({ tensor }) =>
      tensor === undefined ? [] : [...sources(draft, tensor)],
    );
    const more = wanted.filter((name) => !fixed.has(name));
    if (more.length === 0) {
      yield found;
      return;
    }
    for (const name of more) fixed.add(name);
  }
}

/** With as few constants as possible first; then every input of a later position a constant; then all but one. */
export function* graphsOfCase(draft: GraphDraft, given: ReadonlyMap<string, Tensor>): Generator<GraphOfCase> {
  const tried = new Set<string>();
  const names = draft.inputs.map(({ name }) => name);
  const integers = draft.inputs.slice(1).flatMap(({ name, type }) => (type === "float32" ? [] : [name]));
  const starts = [
    [],
    integers,
    names.slice(2),
    names.slice(1),
    ...names.slice(1).map((name) => names.filter((n) => n !== name)),
  ];
  for (const start of starts) {
    for (const found of rounds(draft, given, new Set(start))) {
      const key = found.fixed.toSorted().join("\0");
      if (tried.has(key)) continue;
      tried.add(key);
      yield found;
    }
  }
}
