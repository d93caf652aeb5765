/** What an operator has to bring along. A new one is a file in `operators/` and a line in `operators/registry.ts`. */

import { TensorproofError } from "../errors/tensorproofError.ts";
import type { Shape } from "../tensor/shape.ts";
import type { ElementType, Tensor } from "../tensor/tensor.ts";
import type { Node } from "./node.ts";

/** What is known of a tensor while shapes are inferred. Shapes include the batch axis, with a definite length. */
export interface ValueFacts {
  readonly shape: Shape;
  readonly type: ElementType;
  /** The elements, where they do not depend on the input's elements. */
  readonly value?: Tensor;
}

export interface InferenceContext {
  /**
   * Length of the batch axis in this inference; `undefined` where the graph has none. Results whose shape shows that
   * samples were mixed are found out in general; an operator that can mix them along axis 0 without a trace in the
   * shape has to refuse that itself, through `mixesSamples`.
   */
  readonly batch: number | undefined;
}

/** Simpler nodes that take the place of one. */
export interface Expansion {
  readonly nodes: readonly Node[];
  readonly constants: ReadonlyMap<string, Tensor>;
  /** Names in the body of the node's outputs. */
  readonly outputs: readonly string[];
}

export interface OperatorDefinition {
  readonly operator: string;
  /** Why this very node is not supported (an attribute, a version), or `undefined` if it is. */
  readonly unsupported?: (node: Node) => string | undefined;
  /** Facts of every output, in order. Throws through `shapeMismatch` and `needsConstant`. */
  readonly infer: (
    node: Node,
    inputs: readonly (ValueFacts | undefined)[],
    context: InferenceContext,
  ) => readonly ValueFacts[];
  /**
   * Every output, in order. Inputs fit each other as `infer` has checked; `outputShapes` is what it inferred, for the
   * batch at hand. Sums are accumulated in double precision and results rounded to single.
   */
  readonly evaluate: (
    node: Node,
    inputs: readonly (Tensor | undefined)[],
    outputShapes: readonly Shape[],
  ) => readonly Tensor[];
  /** The simpler nodes that this one stands for, where it is defined by them (`operators/expansion.ts`). */
  readonly expand?: (node: Node, inputs: readonly (ValueFacts | undefined)[]) => Expansion;
  /** Multiplications of two tensors' elements in one run; operators without it have none worth counting. */
  readonly multiplyAccumulates?: (
    inputs: readonly (Shape | undefined)[],
    output: Shape,
    node: Node,
  ) => number;
  /** What whoever proves the model should know of this very node, or `undefined`; `inspect` shows it. */
  readonly note?: (node: Node) => string | undefined;
  /** Positions of constant inputs that may hold ±∞ (a bound that means "none"). */
  readonly mayBeInfinite?: readonly number[];
  /** Positions of inputs that only `infer` reads: the graph drops them once every shape is known. */
  readonly shapeOnlyInputs?: readonly number[];
}

/** The facts of a required input. Throws `model.missingTensor` if the node leaves it out. */
export function requiredFacts(
  node: Node,
  inputs: readonly (ValueFacts | undefined)[],
  index: number,
): ValueFacts {
  const facts = inputs[index];
  if (facts === undefined) throw missingInput(node, index);
  return facts;
}

/** A required input. Throws `model.missingTensor` if the node leaves it out. */
export function requiredTensor(node: Node, inputs: readonly (Tensor | undefined)[], index: number): Tensor {
  const tensor = inputs[index];
  if (tensor === undefined) throw missingInput(node, index);
  return tensor;
}

/** The integers of an input that shapes depend on. Throws `model.dynamicShape` if they are not known beforehand. */
export function requiredIntegers(
  node: Node,
  inputs: readonly (ValueFacts | undefined)[],
  index: number,
): readonly number[] {
  const facts = requiredFacts(node, inputs, index);
  if (facts.value === undefined) {
    throw new TensorproofError(
      "model.dynamicShape",
      `input ${index} ("${node.inputs[index]}") decides a shape but is computed from the model's input; export the model with constant shapes`,
      { where: node.name, details: { tensor: node.inputs[index] } },
    );
  }
  return Array.from(facts.value.data);
}

/** The error for operands that do not fit each other; `reason` is a sentence without its subject. */
export function shapeMismatch(node: Node, reason: string): TensorproofError {
  return new TensorproofError("model.shapeMismatch", reason, { where: node.name });
}

/** The error for a node that combines elements of different samples; `reason` is a sentence without its subject. */
export function mixesSamples(node: Node, reason: string): TensorproofError {
  return new TensorproofError("model.mixesSamples", reason, { where: node.name });
}

function missingInput(node: Node, index: number): TensorproofError {
  return new TensorproofError("model.missingTensor", `lacks its input ${index}`, { where: node.name });
}
