import { TensorproofError } from "../errors/tensorproofError.ts";
import type { Graph } from "../graph/graph.ts";
import { formatShape, sameShape } from "../tensor/shape.ts";
import type { FloatTensor } from "../tensor/tensor.ts";
import type { QuantisationMode } from "./mode.ts";

/** Samples for a model: one tensor [N, …shape of one sample] per input, in the order of `graph.inputs`. */
export type Samples = readonly FloatTensor[];

/**
 * What a program puts out for a model that ends in a Softmax: the scores before it, from which anyone can compute the rest;
 * the probabilities, computed and proven; "argmax", for any model, the index of the highest score alone; or "outputs", for
 * any model, what the model itself puts out.
 */
export type Head = "scores" | "probabilities" | "argmax" | "outputs";

export interface CompileOptions {
  /** "pow2" is the default for a model in floating point; a quantised one asks for either (`mode.ts`). */
  readonly mode?: QuantisationMode;
  /** Mode "exact-int8" only: how TensorFlow Lite was built. Default "tflite-double", as all published builds. */
  readonly rounding?: "tflite-double" | "tflite-single";
  /** Typical inputs. They decide the input range and the ranges of activations; without them, see `inputRange`. */
  readonly calibration?: Samples;
  /** The real range [lowest, highest] of every input; used without calibration data. Default [−1, 1]. */
  readonly inputRange?: readonly [number, number];
  /**
   * Bits of a weight, 4 to 16: weights are integers in [−(2^(bits−1) − 1), 2^(bits−1) − 1]. Default: for each layer as
   * many as its results need.
   */
  readonly bits?: number;
  /** Bits of inputs and activations, 4 to 14, default 8. */
  readonly activationBits?: number;
  /**
   * The largest error that an output may have on the calibration samples, as a share of its range there (integers have
   * to be right): activations get 8, 10, 12 or 14 bits, as few as will do. Without it they have 8. Not together with
   * `activationBits`.
   */
  readonly maxError?: number;
  /**
   * One scale of 2^−n for inputs, weights and activations alike, 0 to 12, as tools with a single fixed-point scale have.
   * For comparisons: scales chosen for each tensor need fewer bits. Dense and convolutional layers with ReLU alone; not
   * together with `bits`, `activationBits`, `maxError`.
   */
  readonly fractionBits?: number;
  /** Default "scores". */
  readonly head?: Head;
}

/** The options with every default filled in. */
export interface ResolvedOptions {
  readonly calibration: Samples | null;
  readonly inputRange: readonly [number, number];
  readonly inputRangeSource: "calibration" | "option" | "default";
  /** Null: chosen for each layer. */
  readonly bits: number | null;
  readonly activationBits: number;
  /** Null: scales are chosen for each tensor. */
  readonly fractionBits: number | null;
  readonly head: Head;
}

function badOption(name: string, message: string): TensorproofError {
  return new TensorproofError("options.invalid", `option ${name}: ${message}`, { where: name });
}

function checkBits(name: string, bits: number, most: number): number {
  if (Number.isInteger(bits) && bits >= 4 && bits <= most) return bits;
  throw badOption(name, `expected 4 to ${most} bits, got ${bits}`);
}

const MOST_FRACTION_BITS = 12;

function checkFractionBits({ fractionBits, bits, activationBits, maxError }: CompileOptions): number | null {
  if (fractionBits === undefined) return null;
  if (!(Number.isInteger(fractionBits) && fractionBits >= 0 && fractionBits <= MOST_FRACTION_BITS))
    throw badOption("fractionBits", `expected 0 to ${MOST_FRACTION_BITS}, got ${fractionBits}`);
  const others = Object.entries({ bits, activationBits, maxError }).filter(
    ([, value]) => value !== undefined,
  );
  if (others.length > 0)
    throw badOption(
      "fractionBits",
      `decides all scales; leave ${others.map(([name]) => name).join(", ")} out`,
    );
  return fractionBits;
}

function checkSamples(graph: Graph, samples: Samples): void {
  if (samples.length !== graph.inputs.length) {
    throw badOption(
      "calibration",
      `the model has ${graph.inputs.length} inputs, got samples for ${samples.length}`,
    );
  }
  samples.forEach(({ shape, data }, index) => {
    const { name, shape: expected } = graph.inputs[index];
    if (shape[0] !== samples[0].shape[0] || shape[0] < 1 || !sameShape(shape.slice(1), expected)) {
      const wanted = `[N, ${expected.join(", ")}] with the same N ≥ 1 for every input`;
      throw badOption("calibration", `input "${name}": expected shape ${wanted}, got ${formatShape(shape)}`);
    }
    if (!data.every(Number.isFinite))
      throw badOption("calibration", `input "${name}" holds a number that is not finite`);
  });
}

/** Fills in defaults. Throws `options.invalid`. */
export function resolveOptions(graph: Graph, options: CompileOptions): ResolvedOptions {
  const { calibration, inputRange, bits, activationBits = 8, head = "scores" } = options;
  if (calibration !== undefined) checkSamples(graph, calibration);
  const range = inputRange ?? [-1, 1];
  if (!range.every(Number.isFinite) || range[0] >= range[1]) {
    throw badOption(
      "inputRange",
      `expected two finite numbers, the lower first, got ${range[0]} and ${range[1]}`,
    );
  }
  const fallback = inputRange === undefined ? "default" : "option";
  return {
    calibration: calibration ?? null,
    inputRange: range,
    inputRangeSource: calibration === undefined ? fallback : "calibration",
    bits: bits === undefined ? null : checkBits("bits", bits, 16),
    activationBits: checkBits("activationBits", activationBits, 14),
    fractionBits: checkFractionBits(options),
    head,
  };
}
