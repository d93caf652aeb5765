import type { Interval } from "../program/interval.ts";
import type { TensorId } from "../program/program.ts";
import type { Calibration } from "./calibration.ts";
import type { ResolvedOptions } from "./compileOptions.ts";
import type { LayerReport } from "./compileReport.ts";
import type { ProgramBuilder } from "./programBuilder.ts";

/** A tensor of the program being built, with what it holds. */
export interface EmittedTensor {
  readonly id: TensorId;
  /** On the calibration samples. */
  readonly q: Int32Array;
  /** For every input in the declared range. */
  readonly interval: Interval;
}

/** What the emission of each step works with. */
export interface Emission {
  readonly builder: ProgramBuilder;
  readonly calibration: Calibration;
  readonly options: ResolvedOptions;
  readonly layers: LayerReport[];
}
