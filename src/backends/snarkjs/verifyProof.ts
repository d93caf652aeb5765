/** The verifier of R1CS backends: what a statement must say for a key, then the proof of the signals that follow from it. */
import { openProof } from "../../engine/proofFile.ts";
import { modelIdentity } from "../../engine/verificationKey.ts";
import { check, ProofError } from "../../errors/proofError.ts";
import { TensorproofError } from "../../errors/tensorproofError.ts";
import type { BackendVerdict } from "../proofBackend.ts";
import { checkStatement } from "../statement/checkStatement.ts";
import { readCircuitKey } from "../statement/circuitKey.ts";
import { statementSignals } from "../statement/statementSignals.ts";
import { readProofNumbers } from "./proofShape.ts";
import type { SnarkProtocol } from "./protocol.ts";
import type { Snarkjs } from "./snarkjs.ts";

export async function verifySnarkProof(
  protocol: SnarkProtocol,
  snarkjs: Snarkjs,
  proof: Uint8Array,
  verificationKey: Uint8Array,
): Promise<BackendVerdict> {
  try {
    const key = readCircuitKey(verificationKey);
    check(key.backend === protocol.code, "key.backend", `backend ${key.backend}, not ${protocol.code}`);
    const { statement, statementBytes, reader } = openProof(proof, protocol.code);
    checkStatement(statement, key, modelIdentity(verificationKey), protocol.capabilities.securityBits);
    const signals = statementSignals(statement, statementBytes);
    check(signals !== null, "statement.commitment", "a commitment is not below the field's order");
    const numbers = readProofNumbers(protocol.shape, reader.bytes(reader.bytesLeft));
    check(numbers !== null, "proof.notCanonical", "the proof's numbers");
    const isTrue = await protocol.verify(
      snarkjs,
      JSON.parse(new TextDecoder().decode(key.system)),
      signals,
      numbers,
    );
    check(isTrue, `${protocol.name}.equation`, "the proof does not hold for this statement");
    return { ok: true, statement };
  } catch (error) {
    if (error instanceof ProofError) return { ok: false, error: { code: error.code, where: error.where } };
    if (error instanceof TensorproofError)
      return { ok: false, error: { code: error.code, where: error.message } };
    // Points off the curve and keys that are none: the peer throws where we answer.
    return { ok: false, error: { code: `${protocol.name}.malformed`, where: String(error) } };
  }
}
