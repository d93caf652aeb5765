/**
 * A graph after lowering: few kinds of steps, still over real numbers, in the layout of the program (channels last).
 * Scales and integers come next.
 */

import type { Shape } from "../tensor/shape.ts";
import type { ElementType } from "../tensor/tensor.ts";

/** Names a value: an input or what a step computes. */
export type RealId = number;

/** A function of one real number. */
export type RealFunction =
  /** y = min(max(x, lo), hi); the bounds may be infinite. */
  { readonly kind: "clamp"; readonly lo: number; readonly hi: number } | AffineFunction | MappedFunction;

export interface AffineFunction {
  readonly kind: "affine";
  readonly factor: number;
  readonly offset: number;
}

/** What operators of the graph compute for each element. */
export interface MappedFunction {
  readonly kind: "map";
  readonly apply: (x: Float32Array) => ArrayLike<number>;
  /** f(x) = x for every integer in this range. */
  readonly identityOn?: { readonly lo: number; readonly hi: number };
  /** Of the results, where those of activations are too few. */
  readonly bits?: number;
  /** A comparison with 0, for integers too wide for a table: 1 where x < 0 ("negative") or x = 0 ("zero"), else 0. */
  readonly test?: "negative" | "zero";
  /** The same as two functions, where the first one is affine: a linear layer can take it over. */
  readonly split?: { readonly first: AffineFunction; readonly rest: RealFunction };
}

interface StepBase {
  readonly id: RealId;
  /** Name of the graph node that it came from; of the last one where several became one step. */
  readonly name: string;
  /** Name of the program tensor for its result (tensorNames.ts). */
  readonly result: string;
  readonly shape: Shape;
  /** The result consists of integers that must not be rounded: its scale is 1. */
  readonly exact?: true;
}

/** Windows of a convolution, one entry per spatial axis in each list. */
export interface ConvGeometry {
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly padBegin: readonly number[];
  readonly padEnd: readonly number[];
  readonly groups: number;
}

/** A matrix product over the last axis, or a convolution, with a constant weight. */
export interface LinearPart {
  readonly name: string;
  readonly input: RealId;
  readonly weightName: string;
  readonly biasName: string;
  /** [M, K] or [M, kernel …, C / groups]. */
  readonly weightShape: Shape;
  readonly weight: Float64Array;
  readonly bias: Float64Array | null;
  /** Null: a matrix product. */
  readonly geometry: ConvGeometry | null;
}

export interface SumTerm {
  readonly input: RealId;
  readonly factor: number;
}

export interface Activation {
  readonly name: string;
  readonly function: RealFunction;
}

/** y = activation(Σ parts + Σ factor · term), all of one shape. */
export interface SumStep extends StepBase {
  readonly kind: "sum";
  readonly parts: readonly LinearPart[];
  readonly terms: readonly SumTerm[];
  /** Null: the sums themselves are the result. */
  readonly activation: Activation | null;
  /** Name of the tensor of the sums, before the activation. */
  readonly sums: string;
}

/** y = activation(left · right), element by element. */
export interface ProductStep extends StepBase {
  readonly kind: "product";
  readonly left: RealId;
  readonly right: RealId;
  readonly activation: Activation | null;
  readonly sums: string;
}

export interface FunctionStep extends StepBase {
  readonly kind: "function";
  readonly input: RealId;
  readonly function: RealFunction;
}

/** y = factor[c] · x + offset[c] for channel c of the last axis; exists only until it is folded or becomes a sum. */
export interface ChannelAffineStep extends StepBase {
  readonly kind: "channelAffine";
  readonly input: RealId;
  readonly factor: Float64Array;
  readonly offset: Float64Array;
  readonly constantNames: { readonly factor: string; readonly offset: string };
}

/** Along one axis, output j is the largest of the entries taps[0][j], taps[1][j], …; −1: outside, never the largest. */
export interface MaxAxis {
  readonly axis: number;
  readonly taps: readonly Int32Array[];
}

export interface MaxPoolStep extends StepBase {
  readonly kind: "maxPool";
  readonly input: RealId;
  readonly axes: readonly MaxAxis[];
}

/** y = max(left, right), element by element. */
export interface MaxStep extends StepBase {
  readonly kind: "max";
  readonly left: RealId;
  readonly right: RealId;
}

export interface SumAxis {
  readonly axis: number;
  readonly size: number;
  readonly stride: number;
  readonly padBegin: number;
  readonly padEnd: number;
}

/** y = factor · the sum over windows along each axis; positions outside count as 0. */
export interface WindowSumStep extends StepBase {
  readonly kind: "windowSum";
  readonly input: RealId;
  readonly axes: readonly SumAxis[];
  readonly factor: number;
}

/** As the program's `take`, with a real number as fill. */
export interface TakeStep extends StepBase {
  readonly kind: "take";
  readonly input: RealId;
  readonly axis: number;
  readonly indices: Int32Array;
  readonly fill: number;
}

export interface TransposeStep extends StepBase {
  readonly kind: "transpose";
  readonly input: RealId;
  readonly permutation: readonly number[];
}

export interface ConcatStep extends StepBase {
  readonly kind: "concat";
  readonly inputs: readonly RealId[];
  readonly axis: number;
}

export interface ReshapeStep extends StepBase {
  readonly kind: "reshape";
  readonly input: RealId;
}

export interface ConstantStep extends StepBase {
  readonly kind: "constant";
  readonly data: Float64Array;
}

/** y[b…, i, j] = Σ_k left[b…, i, k] · right[b…, j, k]: the product of two computed tensors. */
export interface ContractStep extends StepBase {
  readonly kind: "contract";
  readonly left: RealId;
  readonly right: RealId;
  readonly activation: Activation | null;
  readonly sums: string;
}

/** y = floor(numerator / denominator), of integers; the denominator counts as 1 where it is less. */
export interface DivideStep extends StepBase {
  readonly kind: "divide";
  readonly numerator: RealId;
  readonly denominator: RealId;
}

/** y = apply(left, right) of two integers, element by element. */
export interface PairsStep extends StepBase {
  readonly kind: "pairs";
  readonly left: RealId;
  readonly right: RealId;
  readonly apply: (a: number, b: number) => number;
}

export interface ArgMaxStep extends StepBase {
  readonly kind: "argmax";
  readonly input: RealId;
}

/** y = exp(x) / Σ exp(x), the sum along one axis. */
export interface SoftmaxStep extends StepBase {
  readonly kind: "softmax";
  readonly input: RealId;
  readonly axis: number;
}

/** Record n says: where x[feature[n]] ≤ threshold[n] go on at left[n], else at left[n] + 1 (graph/trees/treeTable.ts). */
export interface TreesStep extends StepBase {
  readonly kind: "trees";
  /** One axis: the features. */
  readonly input: RealId;
  readonly numTrees: number;
  readonly depth: number;
  readonly feature: Int32Array;
  readonly threshold: Float32Array;
  readonly left: Int32Array;
  /** [records, width] */
  readonly values: Float32Array;
  /** Names of the constants. */
  readonly names: {
    readonly feature: string;
    readonly threshold: string;
    readonly left: string;
    readonly values: string;
  };
}

/** y = weight · (the inputs one after the other) + bias, over features of many bits. */
export interface WideLinearStep extends StepBase {
  readonly kind: "wideLinear";
  /** One axis each, of `columns` features. */
  readonly inputs: readonly RealId[];
  readonly columns: readonly number[];
  /** [M, all columns] */
  readonly weight: Float64Array;
  readonly bias: Float64Array;
  /** Whether the outputs may be compared with each other: then they leave room for an ArgMax. */
  readonly compared: boolean;
  readonly weightName: string;
  readonly biasName: string;
}

/** y_m = x · quadratic_m · x + weight_m · x + bias_m, x being the inputs one after the other, of many bits. */
export interface WideQuadraticStep extends Omit<WideLinearStep, "kind"> {
  readonly kind: "wideQuadratic";
  /** [M, F, F], or [1, F, F] for one that all outputs share. */
  readonly quadratic: Float64Array;
  readonly quadraticName: string;
}

export type RealStep =
  | WideQuadraticStep
  | WideLinearStep
  | TreesStep
  | SumStep
  | ProductStep
  | ContractStep
  | DivideStep
  | PairsStep
  | FunctionStep
  | ChannelAffineStep
  | MaxPoolStep
  | MaxStep
  | WindowSumStep
  | TakeStep
  | TransposeStep
  | ConcatStep
  | ReshapeStep
  | ConstantStep
  | ArgMaxStep
  | SoftmaxStep;

export interface RealInput {
  readonly id: RealId;
  readonly name: string;
  readonly shape: Shape;
  readonly type: ElementType;
}

export interface RealOutput {
  readonly id: RealId;
  /** Operators at the end that were left out because they keep the order of the scores: `Softmax`, for example. */
  readonly stripped: readonly string[];
}

export interface RealProgram {
  readonly inputs: readonly RealInput[];
  /** In execution order. */
  readonly steps: readonly RealStep[];
  readonly outputs: readonly RealOutput[];
  /** What stands for ∞; null where the model has no infinite constant. */
  readonly standIn: number | null;
}

/** The values that a step reads. */
export function stepInputs(step: RealStep): readonly RealId[] {
  switch (step.kind) {
    case "sum":
      return [...step.parts, ...step.terms].map(({ input }) => input);
    case "concat":
    case "wideLinear":
    case "wideQuadratic":
      return step.inputs;
    case "product":
    case "contract":
    case "pairs":
    case "max":
      return [step.left, step.right];
    case "divide":
      return [step.numerator, step.denominator];
    case "constant":
      return [];
    default:
      return [step.input];
  }
}
