import type { Interval } from "../program/interval.ts";
import type { IntRange } from "../program/program.ts";
import type { DenseStep } from "./realProgram.ts";

/** The integers that a layer reads. */
export interface LayerInput {
  /** On the calibration samples. */
  readonly q: Int32Array;
  readonly scale: number;
  readonly declared: IntRange;
  /** For every input in the declared range. */
  readonly interval: Interval;
}

/** A dense layer about to be quantised. */
export interface DenseLayer {
  readonly step: DenseStep;
  readonly input: LayerInput;
  /** Of a weight. */
  readonly bits: number;
  /**
   * Means over real calibration samples: of each input integer, and of each sum in the float reference. Null where the
   * samples only stand in for unknown inputs.
   */
  readonly means: { readonly input: Float64Array; readonly sums: Float64Array } | null;
}

/** The mean of each of `length` columns; `values` holds whole rows. */
export function columnMeans(values: ArrayLike<number>, length: number): Float64Array {
  const means = new Float64Array(length);
  for (let j = 0; j < values.length; j++) means[j % length] += values[j];
  const numRows = values.length / length;
  return means.map((sum) => sum / numRows);
}
