/** What a suite says: which models, on which backends, with which settings, are measured how. */
import type { CompileOptions } from "../quant/compileOptions.ts";
import type { Visibilities } from "../relations/visibility.ts";

export const SUITE_FORMAT = "tensorproof-suite";
export const SUITE_VERSION = 1;

/** Paths are relative to the suite's file until `readSuite` makes them absolute. */
export interface SuiteModel {
  readonly name: string;
  readonly file: string;
  /** Place on the horizontal axis of the suite's plots. */
  readonly x?: number;
  /** Samples: the first `batch` of them are proven. */
  readonly data: string;
  /** Class numbers or targets of all samples in `data`; with them, accuracy is part of every row. */
  readonly labels?: string;
  /** Typical inputs, which decide the declared ranges. */
  readonly calibrate?: string;
  /** What makes the files where they are missing, shown with a skipped row. */
  readonly remedy?: string;
}

/** How one measurement is done. All but the name may stand in the suite's `defaults` too. */
export interface SuiteSettings
  extends Pick<
    CompileOptions,
    "bits" | "activationBits" | "maxError" | "fractionBits" | "head" | "mode" | "rounding" | "inputRange"
  > {
  readonly name: string;
  /** Place on the horizontal axis; a model's own comes first. */
  readonly x?: number;
  /** Backends that these settings are for; left out: all of the suite. */
  readonly backends?: readonly string[];
  readonly visibility?: Partial<Visibilities>;
  /** Samples in one proof, from 1. */
  readonly batch?: number;
  readonly threads?: number;
  /** A prepared ceremony for backends with a trusted setup; left out: an insecure one is made. */
  readonly ptau?: string;
  /** What a backend that quantises by itself is to spare; default "resources". */
  readonly target?: "resources" | "accuracy";
  /** Accuracy is measured on so many of the labelled samples, from the first on; left out: all. */
  readonly accuracySamples?: number;
  /** Proofs made before those that count. The first of all is the cold one. At least 1. */
  readonly warmUps?: number;
  readonly repetitions?: number;
  /** Of each process of a measurement. */
  readonly timeLimitSeconds?: number;
  readonly memoryLimitMegabytes?: number;
}

/** Figures that others published, shown beside measured ones. */
export interface SuitePublished {
  /** A list of objects with `source`, `system`, `model`, `hardware` and figures. */
  readonly file: string;
  /** Published model → model of the suite. Others are left out. */
  readonly models: Readonly<Record<string, string>>;
}

export interface Suite {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** What `x` of models or settings is. */
  readonly axis: string | null;
  readonly models: readonly SuiteModel[];
  readonly backends: readonly string[];
  readonly settings: readonly SuiteSettings[];
  readonly published: SuitePublished | null;
}

/** Settings with every default that concerns measuring filled in. */
export type MeasurementSettings = SuiteSettings &
  Required<
    Pick<
      SuiteSettings,
      "batch" | "threads" | "warmUps" | "repetitions" | "timeLimitSeconds" | "memoryLimitMegabytes"
    >
  >;

export const MEASURING_DEFAULTS = {
  batch: 1,
  threads: 1,
  warmUps: 1,
  repetitions: 3,
  timeLimitSeconds: 600,
  memoryLimitMegabytes: 8192,
} as const;

export function withDefaults(settings: SuiteSettings): MeasurementSettings {
  return { ...MEASURING_DEFAULTS, ...settings };
}
