/**
 * What a verifier of a circuit sees: the digest of the statement, commitments, public inputs and outputs, in this order. The
 * signals are computed from a statement, whose digest covers everything else that it says.
 */
import type { Visibilities } from "../../relations/visibility.ts";
import { parseResidue, residue } from "./scalarField.ts";

/** Commitments in the order of their signals. */
export const COMMITTED = ["weights", "input", "output"] as const;
export type Committed = (typeof COMMITTED)[number];

export function isCommitted(visibilities: Visibilities, what: Committed): boolean {
  return what === "weights" ? visibilities.weights !== "public" : visibilities[what] === "committed";
}

export interface SignalSource {
  /** 32 bytes; 31 of them, which always are a residue, are what the circuit binds. */
  readonly digest: Uint8Array;
  readonly commitments: Readonly<Partial<Record<Committed, bigint>>>;
  /** Public values only, by input and by output. */
  readonly inputs: readonly Int32Array[];
  readonly outputs: readonly Int32Array[];
}

export function publicSignals(source: SignalSource): bigint[] {
  const signals = [digestSignal(source.digest)];
  for (const what of COMMITTED) {
    const commitment = source.commitments[what];
    if (commitment !== undefined) signals.push(commitment);
  }
  for (const values of [...source.inputs, ...source.outputs])
    for (const value of values) signals.push(residue(BigInt(value)));
  return signals;
}

export function digestSignal(digest: Uint8Array): bigint {
  const padded = new Uint8Array(32);
  padded.set(digest.subarray(0, 31), 1);
  return parseResidue(padded) ?? 0n;
}
