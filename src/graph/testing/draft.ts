/** Graphs for tests, in a few words. */

import { floatTensor, intTensor, type Tensor } from "../../tensor/tensor.ts";
import type { DraftDimension, GraphDraft } from "../draft.ts";
import type { Graph } from "../graph.ts";
import type { Attribute, Node } from "../node.ts";
import { resolveGraph } from "../resolve.ts";

export interface NodeSketch {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs?: readonly string[];
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly opset?: number;
}

export interface GraphSketch {
  /** Name → shape with the batch axis. */
  readonly inputs: Readonly<Record<string, readonly DraftDimension[] | undefined>>;
  readonly constants?: Readonly<Record<string, Tensor>>;
  readonly nodes: readonly NodeSketch[];
  readonly outputs?: readonly string[];
}

/** Nodes are called after their first output, which is `y` unless stated. */
export function draftOf({ inputs, constants = {}, nodes, outputs = ["y"] }: GraphSketch): GraphDraft {
  return {
    name: "test",
    inputs: Object.entries(inputs).map(([name, shape]) => ({ name, type: "float32", shape })),
    outputs,
    nodes: nodes.map(nodeOf),
    initializers: new Map(Object.entries(constants)),
  };
}

export function graphOf(sketch: GraphSketch): Graph {
  return resolveGraph(draftOf(sketch));
}

function nodeOf({ operator, inputs, outputs = ["y"], attributes = {}, opset = 13 }: NodeSketch): Node {
  const name = outputs[0];
  return {
    name,
    operator,
    domain: "",
    opset,
    inputs,
    outputs,
    attributes: new Map(Object.entries(attributes)),
  };
}

export function int(value: number): Attribute {
  return { type: "int", value };
}

export function float(value: number): Attribute {
  return { type: "float", value };
}

export function ints(...value: readonly number[]): Attribute {
  return { type: "ints", value };
}

export function reals(shape: readonly number[], ...data: readonly number[]): Tensor {
  return floatTensor(shape, data);
}

export function integers(...data: readonly number[]): Tensor {
  return intTensor([data.length], data);
}
