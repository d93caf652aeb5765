/**
 * A program's structure as data: docs/spec/10-program.md, 10.1.
 *
 * Ranges and everything that is multiplied with them are bigints; lengths, ids and axes are numbers.
 */

export interface Range {
  readonly lo: bigint;
  readonly hi: bigint;
}

/** What a program says about a tensor or a constant. */
export interface Declaration {
  readonly name: string;
  /** Per sample. */
  readonly shape: readonly number[];
  readonly range: Range;
  readonly scale: number;
  readonly zeroPoint: number;
}

/** The function of a requantisation: a clamp or a list of values over the domain. */
export interface FunctionOnDomain {
  readonly domain: Range;
  readonly map:
    | { readonly kind: "clamp"; readonly lo: bigint; readonly hi: bigint }
    | { readonly kind: "values"; readonly values: readonly bigint[] };
}

export const ROUNDINGS = ["tflite-single", "tflite-double", "float-half-even", "divide-half-away"] as const;
export type Rounding = (typeof ROUNDINGS)[number];

export interface Multiplier {
  /** An integer, but for float-half-even. */
  readonly multiplier: number;
  readonly shift: number;
}

export interface SpatialAxis {
  readonly stride: number;
  readonly dilation: number;
  readonly padBegin: number;
  readonly padEnd: number;
}

export interface Weighted {
  readonly input: number;
  readonly weight: number;
  readonly bias: number | undefined;
}

export interface Conv extends Weighted {
  readonly kind: "conv";
  readonly spatial: readonly SpatialAxis[];
  readonly groups: number;
}

export interface Rescale {
  readonly kind: "rescale";
  readonly input: number;
  readonly rounding: Rounding;
  readonly zeroPoint: bigint;
  readonly lo: bigint;
  readonly hi: bigint;
  readonly multipliers: readonly Multiplier[];
}

export interface WindowSum {
  readonly kind: "windowSum";
  readonly input: number;
  readonly axis: number;
  readonly size: number;
  readonly stride: number;
  readonly padBegin: number;
  readonly padEnd: number;
}

export type Operation =
  | (Weighted & { readonly kind: "matmul" })
  | {
      readonly kind: "requantise";
      readonly input: number;
      readonly shift: number;
      readonly fn: FunctionOnDomain;
    }
  | { readonly kind: "argmax"; readonly input: number }
  | { readonly kind: "reshape"; readonly input: number }
  | Rescale
  | Conv
  | {
      readonly kind: "combine";
      readonly inputs: readonly number[];
      readonly factors: readonly bigint[];
      readonly offset: bigint;
    }
  | { readonly kind: "multiply"; readonly left: number; readonly right: number }
  | { readonly kind: "max"; readonly left: number; readonly right: number }
  | {
      readonly kind: "take";
      readonly input: number;
      readonly axis: number;
      readonly indices: readonly number[];
      readonly fill: bigint;
    }
  | WindowSum
  | { readonly kind: "transpose"; readonly input: number; readonly permutation: readonly number[] }
  | { readonly kind: "concat"; readonly inputs: readonly number[]; readonly axis: number }
  | { readonly kind: "constant"; readonly constant: number }
  | { readonly kind: "divide"; readonly numerator: number; readonly denominator: number }
  | { readonly kind: "batchMatMul"; readonly left: number; readonly right: number }
  | { readonly kind: "gather"; readonly table: number; readonly index: number; readonly batchAxes: number };

export type Operator = Operation & { readonly name: string };

export interface Program {
  readonly name: string;
  /** Tensors 0 … numInputs − 1 are the inputs; operator j computes tensor numInputs + j. */
  readonly numInputs: number;
  readonly tensors: readonly Declaration[];
  readonly constants: readonly Declaration[];
  readonly operators: readonly Operator[];
  readonly outputs: readonly number[];
}

/** Tensors that an operator reads, in order. */
export function inputsOf(operator: Operation): readonly number[] {
  switch (operator.kind) {
    case "combine":
    case "concat":
      return operator.inputs;
    case "multiply":
    case "max":
    case "batchMatMul":
      return [operator.left, operator.right];
    case "divide":
      return [operator.numerator, operator.denominator];
    case "gather":
      return [operator.table, operator.index];
    case "constant":
      return [];
    default:
      return [operator.input];
  }
}

/** Constants that an operator reads, in order: weight before bias. */
export function constantsOf(operator: Operation): readonly number[] {
  if (operator.kind === "constant") return [operator.constant];
  if (operator.kind !== "matmul" && operator.kind !== "conv") return [];
  return operator.bias === undefined ? [operator.weight] : [operator.weight, operator.bias];
}

/** The result of operator j, in the program's tensors. */
export function outputOf(program: Program, operatorIndex: number): number {
  return program.numInputs + operatorIndex;
}

/** Where reshapes lead back to. */
export function rootOf(program: Program, tensor: number): number {
  const operator = program.operators[tensor - program.numInputs];
  return operator?.kind === "reshape" ? rootOf(program, operator.input) : tensor;
}
