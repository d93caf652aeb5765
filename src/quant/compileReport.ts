import type { IntRange } from "../program/program.ts";
import type { RealRange } from "./realRange.ts";

/** How a linear layer was quantised. */
export interface LayerReport {
  readonly node: string;
  readonly weightScale: number;
  readonly weightBits: number;
  /** Null for a last layer, whose sums are the scores. */
  readonly shift: number | null;
  readonly domain: IntRange | null;
  /** Root of the mean squared error after the activation, over the calibration samples; null for a last layer. */
  readonly rootMeanSquaredError: number | null;
}

/** What compiling decided. */
export interface CompileReport {
  /** Where the range of the inputs comes from; "model": a quantised model states it. */
  readonly inputRangeSource: "calibration" | "option" | "default" | "model";
  readonly inputRanges: readonly RealRange[];
  /**
   * "seeded": no data was given, ranges come from pseudo-random inputs, always the same. "none": a quantised model needs
   * no calibration.
   */
  readonly calibration: { readonly source: "samples" | "seeded" | "none"; readonly count: number };
  /** Of inputs and activations; null in mode exact-int8, and where all have one scale. */
  readonly activationBits: number | null;
  readonly layers: readonly LayerReport[];
  /** For each output, the operators after it that the program leaves out; its values are the scores before them. */
  readonly stripped: readonly (readonly string[])[];
}
