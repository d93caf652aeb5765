/** What laws are fitted to. */
import type { MeasuredRow } from "../../results.ts";
import type { Unit } from "../study.ts";

export const CLOCKS = ["clock", "processor"] as const;
/** Processor time is what load on the machine changes little; with one thread both agree on an idle machine. */
export type Clock = (typeof CLOCKS)[number];

export interface Quantity {
  readonly id: "prove" | "verify" | "setup" | "memory" | "proof";
  readonly name: string;
  readonly unit: Unit;
  readonly of: (row: MeasuredRow, clock: Clock) => number;
}

export const QUANTITIES: readonly Quantity[] = [
  {
    id: "prove",
    name: "proving time, witness included",
    unit: "ms",
    of: ({ figures }, clock) =>
      clock === "clock" ? figures.witnessMs + figures.proveMs : figures.proveCpuMs,
  },
  {
    id: "verify",
    name: "verification time",
    unit: "ms",
    of: ({ figures }, clock) => (clock === "clock" ? figures.verifyMs : figures.verifyCpuMs),
  },
  {
    id: "setup",
    name: "setup time",
    unit: "ms",
    of: ({ figures }, clock) => (clock === "clock" ? figures.setupMs : figures.setupCpuMs),
  },
  { id: "memory", name: "memory of the prover", unit: "bytes", of: ({ figures }) => figures.proverPeakBytes },
  { id: "proof", name: "size of the proof", unit: "bytes", of: ({ figures }) => figures.proofBytes },
];
