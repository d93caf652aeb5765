import type { Graph } from "../../graph/graph.ts";
import { sampleAxis } from "../../graph/graph.ts";
import type { Node } from "../../graph/node.ts";
import type { Shape } from "../../tensor/shape.ts";
import { type ElementType, elementTypeOf, type Tensor } from "../../tensor/tensor.ts";
import type { Head } from "../compileOptions.ts";
import type { RealId, RealStep } from "../realProgram.ts";
import { namedInLayout } from "../tensorNames.ts";
import { identityPermutation, isIdentity, type Lowered, type PendingFunction, sameAxes } from "./layout.ts";

/** Thrown by a rule for a node that it cannot lower; `reason` is a sentence without its subject. */
export class NotLowerable extends Error {
  readonly reason: string;

  constructor(reason: string) {
    super(reason);
    this.reason = reason;
  }
}

/** A flattened tensor that has not been moved yet is in no order of the graph's own. */
function nameOf(graphValue: string, { flattened, permutation }: Lowered): string {
  if (flattened === null || isIdentity(permutation)) return namedInLayout(graphValue, permutation);
  return `${graphValue} (in another order)`;
}

type WithoutId<T> = T extends unknown ? Omit<T, "id"> : never;
/** A step about to be added. */
export type NewStep = WithoutId<RealStep>;

/** What lowering has made of the graph so far. */
export class LoweringContext {
  readonly graph: Graph;
  readonly head: Head;
  readonly steps: RealStep[] = [];
  readonly #values = new Map<string, Lowered>();
  readonly #hidden = new Map<string, { readonly shape: Shape; readonly type: ElementType }>();
  readonly #constants = new Map<string, Tensor>();
  readonly #stripped = new Map<string, readonly string[]>();
  readonly #scores = new Map<string, string>();
  readonly #moved = new Map<string, RealId>();
  #numIds: number;
  readonly #standIn: number;
  #usesStandIn = false;

  /** `standIn`: what −∞ is, a number far below all scores. */
  constructor(graph: Graph, head: Head, standIn: number) {
    this.graph = graph;
    this.head = head;
    this.#standIn = standIn;
    this.#numIds = graph.inputs.length;
    graph.inputs.forEach(({ name, shape }, id) => {
      this.#values.set(name, {
        id,
        shape,
        permutation: identityPermutation(shape.length),
        flattened: null,
        pending: null,
      });
    });
  }

  /** Whether the tensor depends on the model's input. */
  isData(name: string): boolean {
    return name !== "" && this.constant(name) === undefined;
  }

  /** A constant of the graph or of a body. */
  constant(name: string): Tensor | undefined {
    return this.graph.initializers.get(name) ?? this.#constants.get(name);
  }

  addConstant(name: string, tensor: Tensor): void {
    this.#constants.set(name, tensor);
  }

  /** Masks add −∞ to scores; no integer stands for that, but a number far below all of them has the same effect. */
  finite(value: number): number {
    if (Number.isFinite(value) || Number.isNaN(value)) return value;
    this.#usesStandIn = true;
    return Math.sign(value) * this.#standIn;
  }

  /** The reverse of `finite`, for what a table reads. */
  infinite(value: number): number {
    return Math.abs(value) < this.#standIn / 2 ? value : Math.sign(value) * Number.POSITIVE_INFINITY;
  }

  get usesStandIn(): boolean {
    return this.#usesStandIn;
  }

  typeOf(name: string): ElementType {
    const constant = this.constant(name);
    if (constant !== undefined) return elementTypeOf(constant);
    return this.graph.values.get(name)?.type ?? this.#hidden.get(name)?.type ?? "float32";
  }

  /** The only input of the node that depends on the model's input. */
  dataInput(node: Node): string {
    const data = node.inputs.filter((name) => this.isData(name));
    if (data.length === 1) return data[0];
    throw new NotLowerable(
      `combines ${data.length} computed tensors; only constants may be combined with one`,
    );
  }

  constantInput(node: Node, position: number): Tensor | undefined {
    return this.constant(node.inputs[position] ?? "");
  }

  shapeOf(name: string): Shape {
    const shape = this.graph.values.get(name)?.shape ?? this.#hidden.get(name)?.shape;
    if (shape === undefined) throw new NotLowerable(`the shape of "${name}" is unknown`);
    return shape;
  }

  /** The axis of one sample that an axis attribute names. */
  axis(axis: number, rank: number): number {
    const resolved = sampleAxis(this.graph, axis, rank);
    if (resolved === undefined)
      throw new NotLowerable(`works along axis ${axis}, which one sample does not have`);
    return resolved;
  }

  /** Whether a rule can work with this input: left out, constant, or a tensor that has been lowered. */
  isKnown(name: string): boolean {
    return !this.isData(name) || this.#values.has(name);
  }

  valueOf(name: string): Lowered {
    const value = this.#values.get(name);
    if (value === undefined) throw new NotLowerable(`depends on "${name}", which could not be lowered`);
    return value;
  }

  /** Operators left out between this tensor's step and the tensor itself. */
  strippedBefore(name: string): readonly string[] {
    return this.#stripped.get(name) ?? [];
  }

  /** Says what a tensor of the graph is: another way to look at a value that there is already. */
  define(name: string, value: Lowered): void {
    this.#values.set(name, value);
    this.#stripped.delete(name);
    this.#scores.delete(name);
  }

  /** `name` is `source` itself, or, after an operator that is left out, a tensor whose entries have the same order. */
  alias(name: string, source: string, leftOut: readonly string[] = []): void {
    this.define(name, this.valueOf(source));
    const stripped = [...this.strippedBefore(source), ...leftOut];
    if (stripped.length === 0) return;
    this.#stripped.set(name, stripped);
    this.#scores.set(name, this.scoresOf(source));
  }

  /** The tensor before all operators that were left out. */
  scoresOf(name: string): string {
    return this.#scores.get(name) ?? name;
  }

  /** A tensor that the graph does not have, of this shape in the graph's order of axes. */
  hide(name: string, shape: Shape, type: ElementType): void {
    this.#hidden.set(name, { shape, type });
  }

  /** A step that only moves the integers of this one has no others. */
  exactnessOf(id: RealId): { readonly exact?: true } {
    const input = this.graph.inputs[id];
    if (input !== undefined) return input.type === "float32" ? {} : { exact: true };
    return this.steps[id - this.graph.inputs.length]?.exact === true ? { exact: true } : {};
  }

  add(step: NewStep): RealId {
    const id = this.#numIds++;
    this.steps.push({ ...step, id });
    return id;
  }

  /** Adds the step that computes the graph's tensor `name`, its axes in the order `permutation`. */
  addFor(
    name: string,
    permutation: readonly number[],
    stepFor: (result: string, shape: Shape) => NewStep,
  ): RealId {
    const graphShape = this.shapeOf(name);
    const shape = permutation.map((_, axis) => graphShape[permutation.indexOf(axis)]);
    const id = this.add({ ...stepFor(namedInLayout(name, permutation), shape), ...this.exactness(name) });
    this.define(name, { id, shape, permutation, flattened: null, pending: null });
    return id;
  }

  /** What a step for this tensor of the graph says of its integers. */
  exactness(name: string): { readonly exact?: true } {
    return this.typeOf(name) === "float32" ? {} : { exact: true };
  }

  /** The value with its pending function carried out. */
  settled(name: string): Lowered {
    const value = this.valueOf(name);
    if (value.pending === null) return value;
    const id = this.add(this.#functionStep(value, value.pending));
    const settled = { ...value, id, pending: null };
    this.#values.set(name, settled);
    return settled;
  }

  #functionStep(value: Lowered, pending: PendingFunction): NewStep {
    const { id: input, shape } = value;
    const result = nameOf(pending.graphValue, value);
    const exactness = this.exactness(pending.graphValue);
    return {
      kind: "function",
      name: pending.name,
      result,
      shape,
      input,
      function: pending.function,
      ...exactness,
    };
  }

  /** The tensor with its axes in this order: axis i of the graph's tensor is axis permutation[i]. */
  read(name: string, permutation: readonly number[]): RealId {
    const value = this.settled(name);
    const graphOrder = this.#graphOrder(name, value, permutation);
    if (graphOrder !== null) return this.#transposed(name, graphOrder, permutation);
    const flat = this.#transposed(
      name,
      { ...value, flattened: null },
      identityPermutation(value.shape.length),
    );
    const shape = this.shapeOf(name);
    const step = { kind: "reshape", name: `${name} (reshape)`, result: name, shape, input: flat } as const;
    const id = this.add({ ...step, ...this.exactnessOf(flat) });
    const reshaped = {
      id,
      shape,
      permutation: identityPermutation(shape.length),
      flattened: null,
      pending: null,
    };
    this.#values.set(name, reshaped);
    return this.#transposed(name, reshaped, permutation);
  }

  /** The value where only a transposition separates it from the graph's tensor. */
  #graphOrder(name: string, value: Lowered, permutation: readonly number[]): Lowered | null {
    if (value.flattened !== null) return null;
    const graphShape = this.shapeOf(name);
    if (graphShape.length !== permutation.length)
      throw new RangeError(`expected an order of ${graphShape.length} axes, got [${permutation}]`);
    return value;
  }

  #transposed(name: string, value: Lowered, permutation: readonly number[]): RealId {
    if (sameAxes(value.permutation, permutation)) return value.id;
    // Axis j of the result is axis i of the graph's tensor with permutation[i] = j.
    const axes = permutation.map((_, axis) => value.permutation[permutation.indexOf(axis)]);
    const key = `${value.id}: ${axes}`;
    const moved = this.#moved.get(key);
    if (moved !== undefined) return moved;
    const shape = axes.map((axis) => value.shape[axis]);
    const result = nameOf(name, { ...value, permutation });
    const step = { kind: "transpose", result, shape, input: value.id, permutation: axes } as const;
    const id = this.add({ ...step, name: `${result} (transpose)`, ...this.exactnessOf(value.id) });
    this.#moved.set(key, id);
    return id;
  }

  /** The tensor as the graph has it. */
  readPlain(name: string): RealId {
    return this.read(name, identityPermutation(this.shapeOf(name).length));
  }
}

/** Lowers one node, or throws `NotLowerable`. */
export type LoweringRule = (context: LoweringContext, node: Node) => void;
