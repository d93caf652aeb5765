/** A decision tree as a Graph of one node of ONNX-ML, to be written as a file. */
import type { Graph, GraphValue } from "../../graph/graph.ts";
import type { Attribute, Node } from "../../graph/node.ts";
import type { Task } from "../data/dataset.ts";
import type { TreeNode } from "./tree.ts";

const DOMAIN = "ai.onnx.ml";
/** TreeEnsembleClassifier and TreeEnsembleRegressor as they have been since 2021. */
const OPSET = 3;

interface FlatNode {
  readonly feature: number;
  readonly threshold: number;
  readonly mode: "BRANCH_LEQ" | "LEAF";
  yes: number;
  no: number;
  readonly values: readonly number[];
}

/** In preorder, the root first. */
function flattened(tree: TreeNode): FlatNode[] {
  const nodes: FlatNode[] = [];
  const add = (node: TreeNode): number => {
    const at = nodes.length;
    if (node.kind === "leaf") {
      nodes.push({ feature: 0, threshold: 0, mode: "LEAF", yes: 0, no: 0, values: node.values });
      return at;
    }
    const { feature, threshold } = node;
    const flat: FlatNode = { feature, threshold, mode: "BRANCH_LEQ", yes: 0, no: 0, values: [] };
    nodes.push(flat);
    flat.yes = add(node.yes);
    flat.no = add(node.no);
    return at;
  };
  add(tree);
  return nodes;
}

/** Classifiers put out the class's number ("label") and the shares of the classes ("scores"), regressions "prediction". */
export function treeGraph(tree: TreeNode, name: string, numFeatures: number, task: Task): Graph {
  const isRegression = task.kind === "regression";
  const nodes = flattened(tree);
  const ints = (value: readonly number[]): Attribute => ({ type: "ints", value });
  const floats = (value: readonly number[]): Attribute => ({ type: "floats", value });
  // Of two classes runtimes expect the share of the second alone.
  const first = !isRegression && task.classes.length === 2 ? 1 : 0;
  const leaves = nodes.flatMap(({ values }, id) =>
    values.map((weight, target) => ({ id, target, weight })).filter(({ target }) => target >= first),
  );
  const prefix = isRegression ? "target" : "class";
  const attributes = new Map<string, Attribute>([
    ["nodes_treeids", ints(nodes.map(() => 0))],
    ["nodes_nodeids", ints(nodes.map((_, id) => id))],
    ["nodes_featureids", ints(nodes.map(({ feature }) => feature))],
    ["nodes_values", floats(nodes.map(({ threshold }) => threshold))],
    ["nodes_modes", { type: "strings", value: nodes.map(({ mode }) => mode) }],
    ["nodes_truenodeids", ints(nodes.map(({ yes }) => yes))],
    ["nodes_falsenodeids", ints(nodes.map(({ no }) => no))],
    [`${prefix}_treeids`, ints(leaves.map(() => 0))],
    [`${prefix}_nodeids`, ints(leaves.map(({ id }) => id))],
    [`${prefix}_ids`, ints(leaves.map(({ target }) => target))],
    [`${prefix}_weights`, floats(leaves.map(({ weight }) => weight))],
    ["post_transform", { type: "string", value: "NONE" }],
    isRegression
      ? ["n_targets", { type: "int", value: 1 }]
      : ["classlabels_int64s", ints(task.classes.map((_, at) => at))],
  ]);
  const input: GraphValue = { name: "input", shape: [numFeatures], type: "float32" };
  const outputs: GraphValue[] = isRegression
    ? [{ name: "prediction", shape: [1], type: "float32" }]
    : [
        { name: "label", shape: [], type: "int64" },
        { name: "scores", shape: [task.classes.length], type: "float32" },
      ];
  const node: Node = {
    name: "tree",
    operator: isRegression ? "TreeEnsembleRegressor" : "TreeEnsembleClassifier",
    ...{ domain: DOMAIN, opset: OPSET, inputs: [input.name], outputs: outputs.map((output) => output.name) },
    attributes,
  };
  return {
    ...{ name, batched: true, arithmetic: "float", inputs: [input], outputs, nodes: [node] },
    initializers: new Map(),
    values: new Map([input, ...outputs].map((value) => [value.name, value])),
    problems: [],
  };
}
