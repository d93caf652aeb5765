/** From what a file says to a graph that can be run: order, support, constants, shapes. */

import type { Shape } from "../tensor/shape.ts";
import { elementTypeOf, type Tensor } from "../tensor/tensor.ts";
import type { GraphDraft } from "./draft.ts";
import type { Graph, GraphValue } from "./graph.ts";
import type { Node } from "./node.ts";
import { operatorOf } from "./operators/registry.ts";
import { withoutDeadConstants, withoutDeadNodes } from "./passes/deadNodes.ts";
import { checkDependence } from "./passes/dependence.ts";
import { withExplicitPads } from "./passes/explicitPads.ts";
import { foldConstants } from "./passes/foldConstants.ts";
import { type InferredShapes, inferShapes } from "./passes/inferShapes.ts";
import { type InputReading, readInputShapes } from "./passes/inputShapes.ts";
import { checkFinite } from "./passes/nonFinite.ts";
import { orderNodes } from "./passes/order.ts";
import { sinkTransposes } from "./passes/sinkTransposes.ts";
import { checkSupport } from "./passes/support.ts";
import type { GraphProblem } from "./problem.ts";

/**
 * Resolves a draft. Never throws for what is wrong with the model: all of that is in `Graph.problems`, so that a graph
 * with faults can still be looked at; `checkGraph` throws them.
 */
export function resolveGraph(draft: GraphDraft): Graph {
  const problems: GraphProblem[] = [];
  const ordered = orderNodes(draft, problems);
  if (ordered === undefined) {
    if (draft.inputs.length === 0) checkDependence(draft, [], problems);
    return assemble(
      draft,
      { batched: true, inputs: [] },
      draft.nodes,
      draft.initializers,
      new Map(),
      problems,
    );
  }
  checkDependence(draft, ordered, problems);
  const alive = withoutDeadNodes(ordered, draft.outputs);
  const unsupported = checkSupport(draft, alive, problems);
  const folded = foldConstants(alive, draft.initializers, unsupported, problems);
  const readings = readInputShapes(draft.inputs, problems);
  const { reading, inferred } = inferFirstThatFits(
    readings,
    folded.nodes,
    folded.constants,
    unsupported,
    problems,
  );

  const constants = new Map([...folded.constants, ...inferred.constants]);
  const settled = folded.nodes.filter((node) => !node.outputs.every((name) => constants.has(name)));
  const shaped = { nodes: settled.map(withoutShapeInputs), constants, values: inferred.values };
  const turned = problems.length > 0 ? shaped : sinkTransposes(shaped, reading.batched, draft.outputs);
  const shapeOf = (name: string): Shape | undefined => {
    const computed = turned.values.get(name)?.shape;
    if (computed === undefined) return turned.constants.get(name)?.shape;
    return reading.batched ? [1, ...computed] : computed;
  };
  const nodes = withoutDeadNodes(
    problems.length > 0 ? turned.nodes : turned.nodes.map((node) => withExplicitPads(node, shapeOf)),
    draft.outputs,
  );
  const read = withoutDeadConstants(turned.constants, nodes);
  checkFinite(nodes, read, problems);
  const values = new Map(turned.values);
  for (const output of draft.outputs) {
    const constant = constants.get(output);
    if (constant !== undefined)
      values.set(output, { name: output, shape: constant.shape, type: elementTypeOf(constant) });
  }
  return assemble(draft, reading, nodes, read, values, problems);
}

interface Inference {
  readonly reading: InputReading;
  readonly inferred: InferredShapes;
}

/** A batch of 1 may also be an axis of the model's own: if it cannot be the batch, all axes together are one sample. */
function inferFirstThatFits(
  readings: readonly InputReading[],
  nodes: readonly Node[],
  constants: ReadonlyMap<string, Tensor>,
  unsupported: ReadonlySet<string>,
  problems: GraphProblem[],
): Inference {
  let preferred: { inference: Inference; problems: GraphProblem[] } | undefined;
  for (const reading of readings) {
    const found: GraphProblem[] = [];
    const inferred = inferShapes(nodes, reading.inputs, constants, reading.batched, unsupported, found);
    const inference = { reading, inferred };
    if (found.length === 0) return inference;
    preferred ??= { inference, problems: found };
  }
  if (preferred === undefined) {
    return { reading: { batched: true, inputs: [] }, inferred: { values: new Map(), constants: new Map() } };
  }
  problems.push(...preferred.problems);
  return preferred.inference;
}

/** Shapes are known now; what they were computed from is of no further use and often follows the batch size. */
function withoutShapeInputs(node: Node): Node {
  const dropped = operatorOf(node)?.shapeOnlyInputs;
  if (dropped === undefined || !node.inputs.some((_, i) => dropped.includes(i))) return node;
  return { ...node, inputs: node.inputs.filter((_, i) => !dropped.includes(i)) };
}

function assemble(
  draft: GraphDraft,
  reading: InputReading,
  nodes: readonly Node[],
  initializers: ReadonlyMap<string, Tensor>,
  values: ReadonlyMap<string, GraphValue>,
  problems: readonly GraphProblem[],
): Graph {
  const outputs = draft.outputs.flatMap((name) => values.get(name) ?? []);
  const { batched, inputs } = reading;
  const { name, arithmetic = "float" } = draft;
  return { name, batched, arithmetic, inputs, outputs, nodes, initializers, values, problems };
}
