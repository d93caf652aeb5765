/** What a study of pruning measures: one network at one share that was taken out by one method. */
import type { R1csPart } from "../../backends/r1cs/r1csCircuit.ts";

export interface CountedCircuit {
  readonly constraints: number;
  /** Entries of the three matrices. */
  readonly terms: number;
  readonly parts: readonly R1csPart[];
}

/** Proofs that were made and verified, or why there are none. Times in milliseconds, medians. */
export type MeasuredProofs = { readonly backend: string } & (
  | {
      readonly outcome: "measured";
      readonly setupCpuMs: number;
      /** Witness and proof, processor time of all threads. */
      readonly proveCpuMs: number;
      readonly verifyCpuMs: number;
      readonly proofBytes: number;
    }
  | { readonly outcome: "failed"; readonly reason: string }
);

export interface PruningPoint {
  /** Of what was measured: points of other models, recipes and options have others. */
  readonly key: string;
  readonly method: string;
  /** Share of the weights (units, where structured) that is out. */
  readonly amount: number;
  readonly metric: "accuracy" | "r2";
  /** On held-out data, of the float network and of the program that is proven. */
  readonly float: number;
  readonly integer: number;
  readonly weights: number;
  readonly nonZeroWeights: number;
  readonly multiplyAccumulates: number;
  /** Of the native engine: forecast time, exact size. */
  readonly native: { readonly proveMs: number; readonly proofBytes: number };
  /** Of our R1CS; null where it was not counted. */
  readonly constantWeights: CountedCircuit | null;
  readonly hiddenWeights: CountedCircuit | null;
  readonly proofs: readonly MeasuredProofs[];
}

/** What others found for the same network. */
export interface PublishedPruning {
  readonly system: string;
  readonly source: string;
  /** Share of the weights. */
  readonly amount: number;
  readonly accuracy: number;
  readonly constraints: number;
}
