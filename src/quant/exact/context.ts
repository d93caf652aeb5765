import { type Graph, sampleAxis } from "../../graph/graph.ts";
import type { Node } from "../../graph/node.ts";
import type { Shape } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { UNBOUNDED } from "./activationRange.ts";
import type { Arithmetic } from "./arithmetic.ts";
import type { Emitter } from "./emitter.ts";
import { NotExact } from "./notExact.ts";
import type { ConstantValue, PendingValue, RealValue, Target, Value, View } from "./values.ts";

/** Lowers one node, or throws `NotExact`. */
export type ExactRule = (context: ExactContext, node: Node) => void;

/** The graph, the program as far as it is built, and what each tensor of the one is in the other. */
export class ExactContext {
  readonly graph: Graph;
  readonly arithmetic: Arithmetic;
  readonly emitter: Emitter;
  readonly #values = new Map<string, Value>();
  /** By a tensor that a QuantizeLinear reads: the name of the integers that it becomes. */
  readonly #storedNames = new Map<string, string>();

  constructor(graph: Graph, arithmetic: Arithmetic, emitter: Emitter) {
    this.graph = graph;
    this.arithmetic = arithmetic;
    this.emitter = emitter;
    for (const { operator, inputs, outputs } of graph.nodes) {
      if (operator === "QuantizeLinear") this.#storedNames.set(inputs[0], outputs[0]);
    }
  }

  set(name: string, value: Value): void {
    this.#values.set(name, value);
  }

  get(name: string): Value | undefined {
    return this.#values.get(name);
  }

  /** The name under which the model stores this tensor's integers; its own if it does not. */
  storedName(name: string): string {
    return this.#storedNames.get(name) ?? name;
  }

  /** Whether a rule can work with this input: left out, constant, or a tensor that has been lowered. */
  isKnown(name: string): boolean {
    return name === "" || this.#values.has(name) || this.graph.initializers.has(name);
  }

  shapeOf(name: string): Shape {
    const value = this.graph.values.get(name);
    if (value === undefined) throw new NotExact(`has an output "${name}" of unknown shape`);
    return value.shape;
  }

  /** A constant that is no trained tensor but says what to do: an axis, a bound. */
  setting(node: Node, position: number): Tensor | undefined {
    return this.graph.initializers.get(node.inputs[position] ?? "");
  }

  /** The axis of a per-sample shape that the node's attribute names. */
  axis(axis: number, rank: number): number {
    const resolved = sampleAxis(this.graph, axis, rank);
    if (resolved === undefined) throw new NotExact("works along the batch axis");
    return resolved;
  }

  /** An input that must be the reals of stored integers. */
  real(node: Node, position: number): RealValue {
    const name = node.inputs[position];
    const value = this.#values.get(name);
    if (value?.kind === "real") return value;
    throw new NotExact(this.#whyNotReal(name, value));
  }

  #whyNotReal(name: string, value: Value | undefined): string {
    switch (value?.kind) {
      case "pending":
        return `reads "${name}" before it is quantised: the model computes here in floating point`;
      case "stripped":
        return `reads "${name}", the result of a ${value.operator}, whose integers can only be left out at the end of a model; mode "pow2" computes a Softmax anywhere`;
      case "constant":
        return `reads the trained tensor "${name}" where a computed one is expected`;
      default:
        return `reads "${name}", which is not quantised to 8 bits`;
    }
  }

  /** An input that must be a dequantised trained tensor. */
  constant(node: Node, position: number): ConstantValue {
    const name = node.inputs[position];
    const value = this.#values.get(name);
    if (value?.kind === "constant") return value;
    const what = this.graph.initializers.has(name) ? "stays in floating point" : "is computed, not trained";
    throw new NotExact(`has a weight "${name}" that ${what}`);
  }

  /** A result that becomes integers as soon as the model says what they are to mean. */
  setPending(node: Node, finish: (target: Target) => View, isOpen = true): void {
    const named = (target: Target): View => {
      try {
        return finish(target);
      } catch (error) {
        throw error instanceof NotExact ? new NotExact(error.reason, node) : error;
      }
    };
    this.set(node.outputs[0], { kind: "pending", finish: named, isOpen, bounds: UNBOUNDED });
  }

  /** The same result with its axes or shape changed once it is there. */
  setMoved(name: string, pending: PendingValue, move: (view: View) => View): void {
    this.set(name, { ...pending, finish: (target) => move(pending.finish(target)) });
  }
}
