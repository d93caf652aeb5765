/** What a statement must say for a key, then the proof of the public values that follow from it. */
import { openProof } from "../../engine/proofFile.ts";
import { modelIdentity } from "../../engine/verificationKey.ts";
import { check, ProofError } from "../../errors/proofError.ts";
import { TensorproofError } from "../../errors/tensorproofError.ts";
import type { BackendVerdict } from "../proofBackend.ts";
import { residueBytes } from "../r1cs/scalarField.ts";
import { checkStatement } from "../statement/checkStatement.ts";
import { readCircuitKey } from "../statement/circuitKey.ts";
import { statementSignals } from "../statement/statementSignals.ts";
import { ULTRAHONK_CAPABILITIES, ULTRAHONK_CODE } from "./capabilities.ts";
import { type BarretenbergOptions, type PatchedBarretenberg, verifyCircuit } from "./nodeBarretenberg.ts";
import { lastWords } from "./nodeTools.ts";
import { CEREMONY_G2 } from "./referenceString.ts";
import { NOT_OFFLINE, readSystemKey } from "./systemKey.ts";

const FIELD_BYTES = 32;
/** A proof grows with the logarithm of the circuit: none is near to this. */
const MAX_PROOF_BYTES = 2 ** 16;

export async function verifyHonkProof(
  barretenberg: BarretenbergOptions,
  patched: PatchedBarretenberg,
  proof: Uint8Array,
  verificationKey: Uint8Array,
): Promise<BackendVerdict> {
  try {
    const key = readCircuitKey(verificationKey);
    check(key.backend === ULTRAHONK_CODE, "key.backend", `backend ${key.backend}, not ${ULTRAHONK_CODE}`);
    const { statement, statementBytes, reader } = openProof(proof, ULTRAHONK_CODE);
    const identity = modelIdentity(verificationKey);
    checkStatement(statement, key, identity, ULTRAHONK_CAPABILITIES.securityBits);
    const signals = statementSignals(statement, statementBytes);
    check(signals !== null, "statement.commitment", "a commitment is not below the field's order");
    const size = reader.bytesLeft;
    check(size % FIELD_BYTES === 0 && size <= MAX_PROOF_BYTES, "proof.notCanonical", `${size} bytes`);
    const argument = reader.bytes(size);
    const { g2, key: systemKey } = readSystemKey(key.system);
    const isCeremony = g2.every((byte, i) => byte === CEREMONY_G2[i]);
    check(isCeremony !== key.isInsecure, "key.notCanonical", "setup");
    const tools = isCeremony ? barretenberg.tools : await patched.for(g2);
    check(tools !== null, "ultrahonk.noReferenceString", NOT_OFFLINE);
    const publicInputs = new Uint8Array(signals.length * FIELD_BYTES);
    signals.forEach((signal, i) => {
      publicInputs.set(residueBytes(signal), i * FIELD_BYTES);
    });
    const options = { ...barretenberg, tools };
    const { isTrue, text } = await verifyCircuit(options, argument, publicInputs, systemKey);
    const code = /verification failed/.test(text) ? "ultrahonk.equation" : "ultrahonk.malformed";
    check(isTrue, code, lastWords(text));
    return { ok: true, statement };
  } catch (error) {
    if (error instanceof ProofError) return { ok: false, error: { code: error.code, where: error.where } };
    if (error instanceof TensorproofError)
      return { ok: false, error: { code: error.code, where: error.message } };
    throw error;
  }
}
