/** From a statement to the public signals of its proof, the same for prover and verifier. */

import type { Statement, StatementValue } from "../../engine/statement.ts";
import { HASH_BYTES, keyedHash, labelKey } from "../../hash/blake3.ts";
import { type Committed, publicSignals } from "../r1cs/publicSignals.ts";
import { parseResidue } from "../r1cs/scalarField.ts";

const STATEMENT_KEY: Uint8Array = labelKey("r1cs-statement/v1");
export const NO_CERTIFICATES: Uint8Array = new Uint8Array(HASH_BYTES);

/** Null where a commitment is no field element in its one form. */
export function statementSignals(statement: Statement, statementBytes: Uint8Array): bigint[] | null {
  const { weightSlot, inputCommitment, outputCommitment, inputs, outputs } = statement;
  const commitments: Partial<Record<Committed, bigint>> = {};
  const given = {
    weights: weightSlot?.epochRoot ?? null,
    input: inputCommitment,
    output: outputCommitment,
  };
  for (const [what, bytes] of Object.entries(given) as [Committed, Uint8Array | null][]) {
    if (bytes === null) continue;
    const commitment = parseResidue(bytes);
    if (commitment === null) return null;
    commitments[what] = commitment;
  }
  return publicSignals({
    digest: keyedHash(STATEMENT_KEY, statementBytes),
    commitments,
    inputs: publicValues(inputs),
    outputs: publicValues(outputs),
  });
}

function publicValues(values: readonly StatementValue[]): Int32Array[] {
  return values.flatMap((value) => (value.values === null ? [] : [value.values]));
}
