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

/**
 * How a rescaled sum becomes an integer. With multiplier M, shift e (a left shift where positive) and V = x·M:
 * `tflite-single`: floor((V + 2^(T−1)) / 2^T), T = 31 − e; `tflite-double`: the doubling high multiplication rounded half
 * up, then the right shift rounded half away from zero (both as TensorFlow Lite defines them); `float-half-even`: x as
 * float32 times M as float32, rounded half to even (ONNX Runtime); `divide-half-away`: x / M, M a positive integer.
 * All grow with x (M > 0).
 */
export type Rounding = "tflite-single" | "tflite-double" | "float-half-even" | "divide-half-away";

export interface Multiplier {
  /** Above 0 and below 2^31: an integer, for `float-half-even` a float32. */
  readonly multiplier: number;
  /** −31 … 30; 0 where the rounding has no shift. */
  readonly shift: number;
}

/**
 * y = clamp(round_κ(x) + zeroPoint, lo, hi), κ the index along the last axis where there is a multiplier per channel.
 * input: […, M]; one multiplier or M of them. hi − lo ≤ 255: the output is an 8-bit integer.
 */
export interface Rescale {
  readonly kind: "rescale";
  readonly name: string;
  readonly input: TensorId;
  readonly rounding: Rounding;
  readonly multipliers: readonly Multiplier[];
  readonly zeroPoint: number;
  readonly lo: number;
  readonly hi: number;
  readonly output: TensorId;
}

/**
 * acc[o_1, …, o_n, m] = bias[m] + Σ_{k_1 … k_n, c} input[s·o + d·k − p, g·C' + c] · weight[m, k_1, …, k_n, c] with
 * g = floor(m / (M / groups)); positions outside the input count as 0. input: [L_1, …, L_n, C], n ≥ 1;
 * weight: [M, K_1, …, K_n, C' = C / groups]; bias: [M]; o_i < floor((L + padBegin + padEnd − d·(K − 1) − 1) / s) + 1.
 */
export interface Conv {
  readonly kind: "conv";
  readonly name: string;
  readonly input: TensorId;
  readonly weight: ConstantId;
  readonly bias: ConstantId | null;
  /** One entry per spatial axis, as in `dilations`, `padBegin` and `padEnd`. */
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly padBegin: readonly number[];
  readonly padEnd: readonly number[];
  readonly groups: number;
  readonly output: TensorId;
}

/** y = offset + Σ_i factors[i] · inputs[i], element by element; all inputs of one shape. */
export interface Combine {
  readonly kind: "combine";
  readonly name: string;
  readonly inputs: readonly TensorId[];
  /** Integers other than 0, one per input. */
  readonly factors: readonly number[];
  readonly offset: number;
  readonly output: TensorId;
}

/** y = left · right, element by element; both of one shape. */
export interface Multiply {
  readonly kind: "multiply";
  readonly name: string;
  readonly left: TensorId;
  readonly right: TensorId;
  readonly output: TensorId;
}

/** y = floor(numerator / denominator), element by element; both of one shape, the denominator's declared range from 1 on. */
export interface Divide {
  readonly kind: "divide";
  readonly name: string;
  readonly numerator: TensorId;
  readonly denominator: TensorId;
  readonly output: TensorId;
}

/** y = max(left, right), element by element; both of one shape. */
export interface Max {
  readonly kind: "max";
  readonly name: string;
  readonly left: TensorId;
  readonly right: TensorId;
  readonly output: TensorId;
}

/**
 * y[…, j, …] = input[…, indices[j], …] along one axis, `fill` where indices[j] is −1: slices, padding, repetition,
 * reversal and zero-stuffing alike.
 */
export interface Take {
  readonly kind: "take";
  readonly name: string;
  readonly input: TensorId;
  readonly axis: number;
  readonly indices: Int32Array;
  readonly fill: number;
  readonly output: TensorId;
}

/** y[…, o, …] = Σ_{k < size} input[…, stride·o + k − padBegin, …] along one axis; positions outside count as 0. */
export interface WindowSum {
  readonly kind: "windowSum";
  readonly name: string;
  readonly input: TensorId;
  readonly axis: number;
  readonly size: number;
  readonly stride: number;
  readonly padBegin: number;
  readonly padEnd: number;
  readonly output: TensorId;
}

/** Axis i of the output is axis permutation[i] of the input. */
export interface Transpose {
  readonly kind: "transpose";
  readonly name: string;
  readonly input: TensorId;
  readonly permutation: readonly number[];
  readonly output: TensorId;
}

/** The inputs one after the other along one axis; the other axes have equal lengths. */
export interface Concat {
  readonly kind: "concat";
  readonly name: string;
  readonly inputs: readonly TensorId[];
  readonly axis: number;
  readonly output: TensorId;
}

/** A constant as a tensor, the same for every sample. */
export interface ConstantTensor {
  readonly kind: "constant";
  readonly name: string;
  readonly constant: ConstantId;
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

/**
 * acc[b…, i, j] = Σ_k left[b…, i, k] · right[b…, j, k], products of two computed tensors, matrix by matrix.
 * left: [B…, I, K]; right: [B…, J, K]; output: [B…, I, J].
 */
export interface BatchMatMul {
  readonly kind: "batchMatMul";
  readonly name: string;
  readonly left: TensorId;
  readonly right: TensorId;
  readonly output: TensorId;
}

/**
 * y[b…, o…, r…] = table[b…, index[b…, o…], r…]: entries chosen by data. table: [B…, A, R…], index: [B…, O…] with
 * `batchAxes` axes in B; the index's declared range lies within [0, A − 1].
 */
export interface Gather {
  readonly kind: "gather";
  readonly name: string;
  readonly table: TensorId;
  readonly index: TensorId;
  /** Leading axes that table and index share, the batch of samples not counted. */
  readonly batchAxes: number;
  readonly output: TensorId;
}

export type ProgramOperator =
  | MatMul
  | BatchMatMul
  | Gather
  | Conv
  | Combine
  | Multiply
  | Divide
  | Max
  | Requantise
  | Rescale
  | ArgMax
  | WindowSum
  | Take
  | Transpose
  | Concat
  | ConstantTensor
  | Reshape;

/** The tensors that an operator reads, in order. */
export function operatorInputs(operator: ProgramOperator): readonly TensorId[] {
  switch (operator.kind) {
    case "combine":
    case "concat":
      return operator.inputs;
    case "multiply":
    case "max":
    case "batchMatMul":
      return [operator.left, operator.right];
    case "gather":
      return [operator.table, operator.index];
    case "divide":
      return [operator.numerator, operator.denominator];
    case "constant":
      return [];
    default:
      return [operator.input];
  }
}

/** The constants that an operator reads, in order. */
export function operatorConstants(operator: ProgramOperator): readonly ConstantId[] {
  switch (operator.kind) {
    case "matmul":
    case "conv":
      return operator.bias === null ? [operator.weight] : [operator.weight, operator.bias];
    case "constant":
      return [operator.constant];
    default:
      return [];
  }
}

export interface Program {
  readonly version: 1;
  readonly name: string;
  /** How reals became integers: by powers of two, or as the quantised model itself computes (`exact-int8`). */
  readonly mode: "pow2" | "exact-int8";
  readonly tensors: readonly ProgramTensor[];
  readonly constants: readonly ProgramConstant[];
  /** In execution order: an operator only reads inputs and outputs of earlier operators. */
  readonly operators: readonly ProgramOperator[];
  readonly inputs: readonly TensorId[];
  readonly outputs: readonly TensorId[];
}
