/** Execution order, and what keeps a graph from having one: missing tensors, tensors written twice, cycles. */

import type { GraphDraft } from "../draft.ts";
import type { Node } from "../node.ts";
import type { GraphProblem } from "../problem.ts";

/**
 * The nodes in an order in which every tensor is computed before it is read: the file's own order where that will do.
 * Pushes every structural fault onto `problems` and returns `undefined` if there is any.
 */
export function orderNodes(draft: GraphDraft, problems: GraphProblem[]): readonly Node[] | undefined {
  const given = new Set([...draft.inputs.map((input) => input.name), ...draft.initializers.keys()]);
  const producers = new Map<string, number>();
  const found: GraphProblem[] = [];
  draft.nodes.forEach((node, index) => {
    for (const output of node.outputs) {
      if (output === "") continue;
      if (producers.has(output) || given.has(output)) {
        found.push({ code: "model.duplicateTensor", where: output, reason: "is written more than once" });
      }
      producers.set(output, index);
    }
  });
  const known = (name: string): boolean => name === "" || given.has(name) || producers.has(name);
  for (const node of draft.nodes) {
    for (const input of node.inputs) {
      if (known(input)) continue;
      const reason = `reads tensor "${input}", which nothing provides`;
      found.push({ code: "model.missingTensor", where: node.name, operator: node.operator, reason });
    }
  }
  for (const output of draft.outputs) {
    if (!known(output)) {
      found.push({
        code: "model.missingTensor",
        where: output,
        reason: "is declared as an output but nothing provides it",
      });
    }
  }
  problems.push(...found);
  if (found.length > 0) return undefined;
  return inFileOrder(draft.nodes, producers) ? draft.nodes : sortNodes(draft.nodes, producers, problems);
}

function inFileOrder(nodes: readonly Node[], producers: ReadonlyMap<string, number>): boolean {
  return nodes.every((node, index) => node.inputs.every((input) => (producers.get(input) ?? -1) < index));
}

function sortNodes(
  nodes: readonly Node[],
  producers: ReadonlyMap<string, number>,
  problems: GraphProblem[],
): readonly Node[] | undefined {
  const waitingFor = new Array<number>(nodes.length).fill(0);
  const readers = nodes.map((): number[] => []);
  nodes.forEach((node, index) => {
    for (const producer of new Set(node.inputs.map((input) => producers.get(input)))) {
      if (producer === undefined) continue;
      readers[producer].push(index);
      waitingFor[index]++;
    }
  });
  const ready = nodes.flatMap((_, index) => (waitingFor[index] === 0 ? [index] : []));
  for (let next = 0; next < ready.length; next++) {
    for (const reader of readers[ready[next]]) {
      if (--waitingFor[reader] === 0) ready.push(reader);
    }
  }
  if (ready.length < nodes.length) {
    const stuck = nodes.flatMap((node, index) => (waitingFor[index] > 0 ? [node.name] : []));
    const shown = stuck.slice(0, 5).join(", ") + (stuck.length > 5 ? `, … (${stuck.length} in all)` : "");
    problems.push({
      code: "model.cyclic",
      where: stuck[0],
      reason: `stands in a cycle or behind one: ${shown}`,
    });
    return undefined;
  }
  return ready.map((index) => nodes[index]);
}
