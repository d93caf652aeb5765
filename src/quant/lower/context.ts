import type { Graph } from "../../graph/graph.ts";
import type { Node } from "../../graph/node.ts";
import type { Shape } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { DenseStep, RealId, RealStep } from "../realProgram.ts";

/** Thrown by a rule for a node that it cannot lower; `reason` is a sentence without its subject. */
export class NotLowerable extends Error {
  readonly reason: string;

  constructor(reason: string) {
    super(reason);
    this.reason = reason;
  }
}

/** What lowering has made of the graph so far. */
export class LoweringContext {
  readonly graph: Graph;
  readonly steps: RealStep[] = [];
  readonly #ids = new Map<string, RealId>();
  readonly #stripped = new Map<string, readonly string[]>();
  readonly #numReaders = new Map<string, number>();

  constructor(graph: Graph) {
    this.graph = graph;
    graph.inputs.forEach((input, index) => {
      this.#ids.set(input.name, index);
    });
    const read = [
      ...graph.nodes.flatMap((node) => node.inputs),
      ...graph.outputs.map((output) => output.name),
    ];
    for (const name of read) this.#numReaders.set(name, (this.#numReaders.get(name) ?? 0) + 1);
  }

  /** The only input of the node that depends on the model's input. */
  dataInput(node: Node): string {
    const data = node.inputs.filter(
      (name) => this.graph.values.has(name) && !this.graph.initializers.has(name),
    );
    if (data.length !== 1)
      throw new NotLowerable(
        `combines ${data.length} computed tensors; only constants may be combined with one`,
      );
    return data[0];
  }

  constantInput(node: Node, position: number): Tensor | undefined {
    return this.graph.initializers.get(node.inputs[position] ?? "");
  }

  shapeOf(name: string): Shape {
    const value = this.graph.values.get(name);
    if (value === undefined) throw new NotLowerable(`the shape of "${name}" is unknown`);
    return value.shape;
  }

  /** Whether a rule can work with this input: left out, constant, or a tensor that has been lowered. */
  isKnown(name: string): boolean {
    return (
      name === "" || this.graph.initializers.has(name) || (this.#ids.has(name) && this.graph.values.has(name))
    );
  }

  idOf(name: string): RealId {
    const id = this.#ids.get(name);
    if (id === undefined) throw new NotLowerable(`depends on "${name}", which could not be lowered`);
    return id;
  }

  /** Operators left out between this tensor's step and the tensor itself. */
  strippedBefore(name: string): readonly string[] {
    return this.#stripped.get(name) ?? [];
  }

  /** Appends a step that computes the graph's tensor `step.graphValue`. */
  add(step: RealStep): RealId {
    const id = this.graph.inputs.length + this.steps.push(step) - 1;
    this.#ids.set(step.graphValue, id);
    return id;
  }

  /** `name` is the same tensor as `source`, or, with `stripped`, one whose entries have the same order. */
  alias(name: string, source: string, stripped?: string): void {
    this.#ids.set(name, this.idOf(source));
    const before = this.strippedBefore(source);
    this.#stripped.set(name, stripped === undefined ? before : [...before, stripped]);
  }

  /** The dense step without activation that computes `name`, if nothing but one node reads it: it may be extended. */
  openDense(name: string): DenseStep | undefined {
    const step = this.steps[this.idOf(name) - this.graph.inputs.length];
    const isOpen = step?.kind === "dense" && step.activation === null && step.graphValue === name;
    return isOpen && this.#numReaders.get(name) === 1 ? step : undefined;
  }

  /** Replaces an open dense step by an extended one, which computes `extended.graphValue`. */
  extend(open: DenseStep, extended: DenseStep): void {
    const index = this.steps.indexOf(open);
    this.steps[index] = extended;
    this.#ids.delete(open.graphValue);
    this.#ids.set(extended.graphValue, this.graph.inputs.length + index);
  }
}

/** Lowers one node, or throws `NotLowerable`. */
export type LoweringRule = (context: LoweringContext, node: Node) => void;
