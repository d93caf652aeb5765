/** A graph after lowering: few kinds of steps, still over real numbers. Scales and integers come next. */

import type { Node } from "../graph/node.ts";
import type { Shape } from "../tensor/shape.ts";

/** Index of a value: inputs first, then the outputs of the steps in order. */
export type RealId = number;

/** A function of one real number, as the activation after a layer. */
export type RealFunction =
  /** y = min(max(x, lo), hi); the bounds may be infinite. */
  | { readonly kind: "clamp"; readonly lo: number; readonly hi: number }
  /** What the graph's own operator computes for each element. */
  | { readonly kind: "operator"; readonly node: Node };

interface StepBase {
  /** Name of the graph node that it came from; of the last one where several became one step. */
  readonly name: string;
  readonly input: RealId;
  /** The tensor of the graph that the step computes. */
  readonly graphValue: string;
  readonly shape: Shape;
}

/** y = x · weightᵀ + bias over the last axis, then the activation. */
export interface DenseStep extends StepBase {
  readonly kind: "dense";
  readonly weightName: string;
  readonly biasName: string;
  /** [numOutputs, length], row-major. */
  readonly weight: Float64Array;
  readonly bias: Float64Array | null;
  readonly numOutputs: number;
  readonly length: number;
  /** Null: the sums themselves are the result. */
  readonly activation: { readonly name: string; readonly function: RealFunction } | null;
  /** The tensor of the graph that the sums are, before the activation. */
  readonly sumsValue: string;
}

export interface ActivationStep extends StepBase {
  readonly kind: "activation";
  readonly function: RealFunction;
}

export interface ReshapeStep extends StepBase {
  readonly kind: "reshape";
}

export interface ArgMaxStep extends StepBase {
  readonly kind: "argmax";
}

export type RealStep = DenseStep | ActivationStep | ReshapeStep | ArgMaxStep;

export interface RealInput {
  readonly name: string;
  readonly shape: Shape;
}

export interface RealOutput {
  readonly id: RealId;
  /** Operators at the end that were left out because they keep the order of the scores: `Softmax`, for example. */
  readonly stripped: readonly string[];
}

export interface RealProgram {
  readonly inputs: readonly RealInput[];
  readonly steps: readonly RealStep[];
  readonly outputs: readonly RealOutput[];
}
