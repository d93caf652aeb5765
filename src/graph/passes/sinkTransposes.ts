/**
 * Transposes are moved towards the outputs until they cancel. Formats that keep channels last become chains of
 * Transpose → Conv → Transpose → Relu → Transpose → Conv …; a Transpose passes through operators that do not care
 * about the order of axes, meets the next one and both vanish. What a tensor is called stays, though its axes may now
 * stand in another order; graph inputs and outputs keep theirs.
 */

import type { Tensor } from "../../tensor/tensor.ts";
import { attribute } from "../attributes.ts";
import type { GraphValue } from "../graph.ts";
import type { Node } from "../node.ts";
import { composed, inverse, isIdentity, movesNothing, type Order, permuted } from "./axisOrder.ts";
import { isStoredWeight } from "./foldConstants.ts";
import { type FreshName, freshNames } from "./freshNames.ts";
import { passThrough } from "./sinkRules.ts";
import { turnedConstant, turnedWeight } from "./turnedConstant.ts";

export interface ShapedGraph {
  /** In execution order. */
  readonly nodes: readonly Node[];
  readonly constants: ReadonlyMap<string, Tensor>;
  readonly values: ReadonlyMap<string, GraphValue>;
}

/** Where a tensor of the model is found: it is the computed tensor `source` with its axes in `order`. */
export interface Turned {
  /** A name of the new graph, which may have been that of another tensor in the old one. */
  readonly source: string;
  readonly order: Order;
  /** What the tensor is called if it has to be made after all. */
  readonly made: string;
}

const KEEPING_ORDER = ["Reshape", "Flatten", "Squeeze", "Unsqueeze"];

export function sinkTransposes(
  graph: ShapedGraph,
  batched: boolean,
  outputs: readonly string[],
): ShapedGraph {
  if (!graph.nodes.some((node) => node.operator === "Transpose")) return graph;
  const sinking = new Sinking(graph, batched, outputs);
  for (const node of graph.nodes) sinking.visit(node);
  return sinking.finish();
}

export class Sinking {
  readonly constants: Map<string, Tensor>;
  readonly #values: Map<string, GraphValue>;
  readonly #batched: boolean;
  readonly #outputs: ReadonlySet<string>;
  readonly #nodes: Node[] = [];
  /** By name in the old graph; tensors that are not listed are found under their own names. */
  readonly #found = new Map<string, Turned>();
  readonly #made = new Set<string>();
  readonly #weights = new Map<string, Node>();
  /** What nodes of the old graph compute. */
  readonly #computed: ReadonlySet<string>;
  readonly #opset: number;
  readonly fresh: FreshName;

  constructor(graph: ShapedGraph, batched: boolean, outputs: readonly string[]) {
    this.constants = new Map(graph.constants);
    this.#values = new Map(graph.values);
    this.#batched = batched;
    this.#outputs = new Set(outputs);
    this.#computed = new Set(graph.nodes.flatMap((node) => node.outputs));
    this.#opset = graph.nodes[0].opset;
    this.fresh = freshNames(graph.nodes, [...graph.values.keys(), ...graph.constants.keys()]);
  }

  visit(node: Node): void {
    if (isStoredWeight(node, this.constants)) {
      this.#weights.set(node.outputs[0], node);
      this.#nodes.push(node);
      return;
    }
    if (node.operator === "Transpose" && this.#absorb(node)) return;
    if (KEEPING_ORDER.includes(node.operator)) {
      const turned = this.turned(node.inputs[0]);
      const shape = turned && this.fullShape(turned.source);
      if (shape !== undefined && movesNothing(shape, turned!.order)) {
        this.#nodes.push({ ...node, inputs: node.inputs.with(0, turned!.source) });
        return;
      }
    }
    const passed = passThrough(node, this);
    if (passed === undefined)
      this.#nodes.push({ ...node, inputs: node.inputs.map((name) => this.make(name)) });
    else this.#push(node, passed.node, passed.order);
  }

  finish(): ShapedGraph {
    for (const output of this.#outputs) this.make(output);
    const made = new Set(this.#nodes.flatMap((node) => node.outputs));
    const values = new Map([...this.#values].filter(([name]) => made.has(name) || !this.#computed.has(name)));
    return { nodes: this.#nodes, constants: this.constants, values };
  }

  /** Where a tensor is, if its axes are in another order there. */
  turned(name: string): Turned | undefined {
    const found = this.#found.get(name);
    return found === undefined || isIdentity(found.order) ? undefined : found;
  }

  /** A computed tensor's shape with a 0 for an open batch. */
  fullShape(name: string): readonly number[] | undefined {
    const shape = this.#values.get(name)?.shape;
    return shape && (this.#batched ? [0, ...shape] : shape);
  }

  /** The name of the tensor with its axes as the model has them. */
  make(name: string): string {
    const turned = this.turned(name);
    if (turned === undefined) return this.#found.get(name)?.source ?? name;
    const { source, order, made } = turned;
    if (!this.#made.has(made)) {
      this.#made.add(made);
      this.#transpose(source, order, made);
    }
    return made;
  }

  /**
   * An operand as it has to be beside one whose axes are turned by `order`: `undefined` if that would move more than
   * `most` elements of a sample.
   */
  operand(name: string, order: Order, most: number): string | undefined {
    const turned = this.turned(name);
    if (turned !== undefined) return turned.order.join() === order.join() ? turned.source : undefined;
    const resolved = this.make(name);
    const constant = this.constants.get(resolved);
    if (constant !== undefined) return turnedConstant(this.constants, this.fresh, resolved, constant, order);
    const weight = this.#weights.get(resolved);
    if (weight !== undefined) {
      const changed = turnedWeight(this.constants, this.fresh, weight, order);
      if (changed !== undefined && changed !== weight && !this.#made.has(changed.outputs[0])) {
        this.#made.add(changed.outputs[0]);
        this.#nodes.push(changed);
      }
      return changed?.outputs[0];
    }
    const shape = this.fullShape(resolved);
    if (shape === undefined || shape.length !== order.length || this.elements(resolved) > most)
      return undefined;
    const made = this.fresh(`${resolved}/order ${inverse(order).join(" ")}`);
    if (!this.#made.has(made)) {
      this.#made.add(made);
      this.#transpose(resolved, inverse(order), made);
    }
    return made;
  }

  elements(name: string): number {
    return this.#values.get(name)?.shape.reduce((count, length) => count * length, 1) ?? 0;
  }

  /** Notes what a Transpose does instead of doing it. */
  #absorb(node: Node): boolean {
    const rank = this.fullShape(node.outputs[0])?.length;
    if (rank === undefined) return false;
    const order =
      attribute(node, "perm", "ints") ?? Array.from({ length: rank }, (_, axis) => rank - 1 - axis);
    const before = this.#found.get(node.inputs[0]);
    const total = before === undefined ? order : composed(before.order, order);
    if (this.#batched && total[0] !== 0) return false;
    const source = before?.source ?? node.inputs[0];
    const [output] = node.outputs;
    if (isIdentity(total) && this.#outputs.has(output))
      this.#nodes.push({ ...node, operator: "Identity", inputs: [source], attributes: new Map() });
    else this.#found.set(output, { source, order: total, made: output });
    return true;
  }

  /** Emits a node whose outputs have their axes turned; `order` turns them back. */
  #push(original: Node, node: Node, order: Order): void {
    const outputs = node.outputs.map((name) => {
      const value = this.#values.get(name);
      const shape = this.fullShape(name);
      if (value === undefined || shape === undefined || isIdentity(order)) return name;
      const isOutput = this.#outputs.has(name);
      const kept = isOutput ? this.fresh(`${name}/turned`) : name;
      const turnedShape = permuted(shape, inverse(order));
      this.#values.set(kept, { ...value, name: kept, shape: turnedShape.slice(this.#batched ? 1 : 0) });
      this.#found.set(name, { source: kept, order, made: isOutput ? name : this.fresh(`${name}/turned`) });
      return kept;
    });
    this.#nodes.push({ ...node, name: original.name, outputs });
  }

  #transpose(source: string, order: Order, output: string): void {
    const value = this.#values.get(source);
    const shape = this.fullShape(source);
    if (value !== undefined && shape !== undefined) {
      const moved = permuted(shape, order).slice(this.#batched ? 1 : 0);
      this.#values.set(output, { ...value, name: output, shape: moved });
    }
    this.#nodes.push({
      name: `${output}/Transpose`,
      operator: "Transpose",
      domain: "",
      opset: this.#opset,
      inputs: [source],
      outputs: [output],
      attributes: new Map([["perm", { type: "ints", value: order }]]),
    });
  }
}
