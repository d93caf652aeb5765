/** What a results file holds: all that a report is made from. */
import type { BackendCapabilities } from "../backends/capabilities.ts";
import { TensorproofError } from "../errors/tensorproofError.ts";
import type { Evaluation } from "../quant/predictions.ts";
import type { MeasurementSettings } from "./suite.ts";

export const RESULTS_FORMAT = "tensorproof-results";
export const RESULTS_VERSION = 1;

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly system: string;
  readonly node: string;
  /** Of this package. */
  readonly version: string;
}

export type FailureKind =
  | "timeout"
  | "memory"
  | "unsupported"
  | "missing"
  | "guard"
  | "disk"
  | "crash"
  | "error";

export interface RowFailure {
  readonly kind: FailureKind;
  /** What was going on: a role of a process and its step. */
  readonly step: string;
  readonly code: string;
  readonly message: string;
}

/** Times in milliseconds, sizes in bytes. */
export interface RowFigures {
  /** Model file → Program. */
  readonly quantiseMs: number;
  /** Program → circuit. */
  readonly compileMs: number;
  readonly setupMs: number;
  /** Median over the repetitions. */
  readonly witnessMs: number;
  /** The first proof of a fresh process. */
  readonly proveColdMs: number;
  /** Median over the repetitions. */
  readonly proveMs: number;
  /** Processor time, all threads and children together: what load on the machine changes little. */
  readonly setupCpuMs: number;
  /** Witness and proof; median over the repetitions. */
  readonly proveCpuMs: number;
  readonly verifyCpuMs: number;
  readonly verifyColdMs: number;
  readonly verifyMs: number;
  readonly proofBytes: number;
  readonly provingKeyBytes: number;
  readonly verificationKeyBytes: number;
  /** Largest resident memory of the whole process, Node itself included. */
  readonly proverPeakBytes: number;
  readonly verifierPeakBytes: number;
  /** Of the model. */
  readonly parameters: number;
  /** Per sample. */
  readonly multiplyAccumulates: number;
  /** As the proofs state it. */
  readonly securityBits: number;
}

/** Single values behind the medians, in milliseconds and in the order taken; the first is the cold one. */
export interface RowSamples {
  readonly witnessMs: readonly number[];
  readonly proveMs: readonly number[];
  readonly proveCpuMs: readonly number[];
  readonly verifyMs: readonly number[];
  readonly verifyCpuMs: readonly number[];
}

export interface RowGuards {
  readonly outputDependsOnInput: true;
  readonly proofsVerified: number;
  readonly tamperedRefused: number;
}

export interface MeasuredPart {
  readonly outcome: "measured";
  readonly figures: RowFigures;
  readonly samples: RowSamples;
  /** Parts of the setup in milliseconds, as the backend names them: powers of tau are made once for all circuits. */
  readonly setupSteps: Readonly<Record<string, number>>;
  /** Constraints, lookups, whatever the backend counts. */
  readonly size: Readonly<Record<string, number>>;
  /** Null: the suite names no labels. */
  readonly accuracy: Evaluation | null;
  /** Share of the integer weights that are 0; null where accuracy was not measured or there are no weights. */
  readonly zeroWeightShare: number | null;
  readonly guards: RowGuards;
  /** What a reader of the figures must know, for example of an insecure setup. */
  readonly warnings: readonly string[];
}

/** What a row that failed had come to; null where it had not. */
export interface KnownPart {
  readonly size: Readonly<Record<string, number>> | null;
  readonly compileMs: number | null;
  readonly setupMs: number | null;
  readonly setupCpuMs: number | null;
}

export const NOTHING_KNOWN: KnownPart = { size: null, compileMs: null, setupMs: null, setupCpuMs: null };

export interface FailedPart {
  /** `skipped`: something that the user can supply is missing. */
  readonly outcome: "failed" | "skipped";
  readonly failure: RowFailure;
  readonly known: KnownPart;
}

export interface RowHead {
  /** Hash of what is measured; the same in every run of the same measurement. */
  readonly key: string;
  readonly suite: string;
  readonly model: string;
  readonly backend: string;
  readonly settings: MeasurementSettings;
  readonly x: number | null;
  readonly date: string;
  /** Average number of waiting processes before the row, over the last minute. */
  readonly load: number;
}

export type Row = RowHead & (MeasuredPart | FailedPart);
export type MeasuredRow = RowHead & MeasuredPart;

/** A figure that others published. Times in seconds, as they are in the file that it comes from. */
export interface PublishedRow {
  readonly suite: string;
  /** Model of the suite that it stands beside. */
  readonly model: string;
  readonly publishedModel: string;
  readonly source: string;
  readonly system: string;
  readonly hardware: string;
  readonly setupSeconds: number | null;
  readonly proveSeconds: number | null;
  readonly verifySeconds: number | null;
  readonly peakMegabytes: number | null;
  readonly proofBytes: number | null;
  readonly constraints: number | null;
  /** Percent. */
  readonly accuracyLoss: number | null;
  readonly note: string | null;
  /** Known to prove something else than it says. */
  readonly void: boolean;
}

export interface SuiteSummary {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly axis: string | null;
}

export interface Results {
  readonly format: typeof RESULTS_FORMAT;
  readonly version: typeof RESULTS_VERSION;
  readonly machine: Machine;
  readonly suites: readonly SuiteSummary[];
  /** Of every backend that was loaded. */
  readonly backends: Readonly<Record<string, BackendCapabilities>>;
  readonly rows: readonly Row[];
  readonly published: readonly PublishedRow[];
}

export function isMeasured(row: Row): row is MeasuredRow {
  return row.outcome === "measured";
}

function hasLists(value: Partial<Results>): boolean {
  const areObjects = [value.machine, value.backends].every(
    (part) => typeof part === "object" && part !== null,
  );
  return areObjects && [value.suites, value.rows, value.published].every(Array.isArray);
}

/** @throws TensorproofError `results.invalid`, `results.version` */
export function parseResults(text: string, where: string): Results {
  let value: Partial<Results> | null;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new TensorproofError("results.invalid", `"${where}" is no JSON: ${(cause as Error).message}`, {
      where,
      cause,
    });
  }
  if (typeof value !== "object" || value === null || value.format !== RESULTS_FORMAT)
    throw new TensorproofError(
      "results.invalid",
      `"${where}" holds no results: expected an object with "format": "${RESULTS_FORMAT}"`,
      { where },
    );
  if (value.version !== RESULTS_VERSION)
    throw new TensorproofError(
      "results.version",
      `"${where}" holds results of version ${JSON.stringify(value.version)}; this release reads version ` +
        `${RESULTS_VERSION}: measure into another folder, or use the release that wrote them`,
      { where },
    );
  if (!hasLists(value))
    throw new TensorproofError(
      "results.invalid",
      `"${where}": machine, suites, backends, rows or published is missing`,
      {
        where,
      },
    );
  return value as Results;
}
