/**
 * The integer program: what a proof is about. Every operator is exact over the integers; the interpreter, every
 * backend's witness and every proof mean exactly this.
 *
 * Shapes are per sample: a batch of N samples adds a leading axis of length N at run time and is not part of the
 * program. Tensors are row-major. Axes are counted without the batch axis.
 */

/** Inclusive bounds, |lo|, |hi| < 2^53. */
export interface IntRange {
  readonly lo: number;
  readonly hi: number;
}

/** How integers mean reals: real = scale · (q − zeroPoint). */
export interface QuantParams {
  readonly scale: number;
  readonly zeroPoint: number;
}

/** Index into `Program.tensors`. */
export type TensorId = number;
/** Index into `Program.constants`. */
export type ConstantId = number;

/** A value computed (or given) anew for each input. */
export interface ProgramTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /**
   * Declared range, public. Inputs: enforced by proof. Accumulators: the worst case that follows from declared ranges
   * alone (never from the actual weights). Table outputs: the hull of the table's values.
   */
  readonly range: IntRange;
  readonly quant: QuantParams;
}

/** A trained value: weight or bias. Its data is secret unless the statement says otherwise; all else is public. */
export interface ProgramConstant {
  readonly name: string;
  readonly shape: readonly number[];
  /** Declared range, public, proven once per weight commitment. `data` lies within it. */
  readonly range: IntRange;
  readonly quant: QuantParams;
  readonly data: Int32Array;
}

/**
 * A function on the integers of `domain`, given by formula where one exists so that identities stay short.
 * `clamp`: y = min(max(x, lo), hi) (ReLU is lo = 0). `values`: y = values[x − domain.lo].
 */
export interface IntFunction {
  readonly domain: IntRange;
  readonly map:
    | { readonly kind: "clamp"; readonly lo: number; readonly hi: number }
    | { readonly kind: "values"; readonly values: Int32Array };
}

/** acc[…, m] = bias[m] + Σ_k input[…, k] · weight[m, k]. weight: [M, K]; bias: [M]; input: […, K]. */
export interface MatMul {
  readonly kind: "matmul";
  readonly name: string;
  readonly input: TensorId;
  readonly weight: ConstantId;
  readonly bias: ConstantId | null;
  readonly output: TensorId;
}

/**
 * y = f(z), z = floor((x + 2^(shift−1)) / 2^shift) (round half up; shift = 0: z = x). f's domain covers every z that
 * can occur for the weights the program was compiled with, for every input in the declared range; it holds at most
 * 2^16 integers. The domain is public: its bounds are rounded up to powers of two.
 */
export interface Requantise {
  readonly kind: "requantise";
  readonly name: string;
  readonly input: TensorId;
  readonly shift: number;
  readonly rounding: "half-up";
  readonly function: IntFunction;
  readonly output: TensorId;
}

/** Index of the largest entry of the last axis, the lowest index among equals. input: […, M]; output: […]. */
export interface ArgMax {
  readonly kind: "argmax";
  readonly name: string;
  readonly input: TensorId;
  readonly output: TensorId;
}

/** The same integers in the same row-major order under another shape. */
export interface Reshape {
  readonly kind: "reshape";
  readonly name: string;
  readonly input: TensorId;
  readonly output: TensorId;
}

export type ProgramOperator = MatMul | Requantise | ArgMax | Reshape;

export interface Program {
  readonly version: 1;
  readonly name: string;
  readonly mode: "pow2";
  readonly tensors: readonly ProgramTensor[];
  readonly constants: readonly ProgramConstant[];
  /** In execution order: an operator only reads inputs and outputs of earlier operators. */
  readonly operators: readonly ProgramOperator[];
  readonly inputs: readonly TensorId[];
  readonly outputs: readonly TensorId[];
}
