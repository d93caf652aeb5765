/**
 * What systems are compared by; less is better for each of them. Times are processor times: with one thread they are what
 * an idle machine takes, and load changes them little.
 */
import type { MeasuredRow } from "../bench/results.ts";
import { formatBytes, formatMs } from "./units.ts";

export interface Metric {
  readonly id: string;
  readonly label: string;
  /** Ends "has the … of all": "shortest proving time". */
  readonly best: string;
  readonly value: (row: MeasuredRow) => number;
  readonly format: (value: number) => string;
}

export const METRICS: readonly Metric[] = [
  {
    id: "prove",
    label: "processor time of proving",
    best: "shortest proving time",
    value: ({ figures }) => figures.proveCpuMs,
    format: formatMs,
  },
  {
    id: "verify",
    label: "processor time of verifying",
    best: "shortest verifying time",
    value: ({ figures }) => figures.verifyCpuMs,
    format: formatMs,
  },
  {
    id: "setup",
    label: "processor time of the setup",
    best: "shortest setup",
    value: ({ figures }) => figures.setupCpuMs,
    format: formatMs,
  },
  {
    id: "proof",
    label: "proof size",
    best: "smallest proofs",
    value: ({ figures }) => figures.proofBytes,
    format: formatBytes,
  },
  {
    id: "key",
    label: "proving key size",
    best: "smallest proving keys",
    value: ({ figures }) => figures.provingKeyBytes,
    format: formatBytes,
  },
  {
    id: "memory",
    label: "memory of the prover",
    best: "least memory of the prover",
    value: ({ figures }) => figures.proverPeakBytes,
    format: formatBytes,
  },
];
