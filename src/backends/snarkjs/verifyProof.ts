/** The verifier of R1CS backends: what a statement must say for a key, then the proof of the signals that follow from it. */
import { openProof } from "../../engine/proofFile.ts";
import type { Statement, StatementValue } from "../../engine/statement.ts";
import { describes } from "../../engine/statementValues.ts";
import { modelIdentity } from "../../engine/verificationKey.ts";
import { check, ProofError } from "../../errors/proofError.ts";
import { TensorproofError } from "../../errors/tensorproofError.ts";
import type { TensorId } from "../../program/program.ts";
import { programHash } from "../../program/programHash.ts";
import type { ProgramStructure } from "../../program/programStructure.ts";
import type { BackendVerdict } from "../proofBackend.ts";
import { readProofNumbers } from "./proofShape.ts";
import type { SnarkProtocol } from "./protocol.ts";
import type { Snarkjs } from "./snarkjs.ts";
import { NO_CERTIFICATES, statementSignals } from "./statementSignals.ts";
import { readSnarkKey, type SnarkVerificationKey } from "./verificationKey.ts";

export async function verifySnarkProof(
  protocol: SnarkProtocol,
  snarkjs: Snarkjs,
  proof: Uint8Array,
  verificationKey: Uint8Array,
): Promise<BackendVerdict> {
  try {
    const key = readSnarkKey(verificationKey);
    check(key.backend === protocol.code, "key.backend", `backend ${key.backend}, not ${protocol.code}`);
    const { statement, statementBytes, reader } = openProof(proof, protocol.code);
    checkStatement(statement, key, modelIdentity(verificationKey), protocol);
    const signals = statementSignals(statement, statementBytes);
    check(signals !== null, "statement.commitment", "a commitment is not below the field's order");
    const numbers = readProofNumbers(protocol.shape, reader.bytes(reader.bytesLeft));
    check(numbers !== null, "proof.notCanonical", "the proof's numbers");
    const isTrue = await protocol.verify(snarkjs, JSON.parse(key.json), signals, numbers);
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

function checkStatement(
  statement: Statement,
  key: SnarkVerificationKey,
  identity: Uint8Array,
  { capabilities }: SnarkProtocol,
): void {
  const { visibilities, weightSlot, inputs, outputs, batch } = statement;
  const { program } = key;
  check(same(statement.modelIdentity, identity), "statement.model", "the proof is about another key");
  check(same(statement.programHash, programHash(program)), "statement.program", "program hash");
  check(batch === key.batch, "statement.batch", `${batch} samples, the key is for ${key.batch}`);
  for (const part of ["input", "weights", "output"] as const)
    check(visibilities[part] === key.visibilities[part], "statement.visibility", part);
  if (weightSlot !== null) {
    check(same(weightSlot.epochRoot, key.weights), "statement.epoch", "another commitment to weights");
    check(same(weightSlot.certificates, NO_CERTIFICATES), "statement.epoch", "certificates");
    // The commitment is never opened, so proofs use nothing up.
    check(weightSlot.slot === 0, "statement.slot", `slot ${weightSlot.slot}`);
  }
  checkValues("input", inputs, program, program.inputs, batch);
  checkValues("output", outputs, program, program.outputs, batch);
  check(
    statement.securityBits === capabilities.securityBits,
    "statement.security",
    `claims ${statement.securityBits} bits, has ${capabilities.securityBits}`,
  );
}

function checkValues(
  kind: string,
  values: readonly StatementValue[],
  { tensors }: ProgramStructure,
  ids: readonly TensorId[],
  batch: number,
): void {
  check(
    values.length === ids.length,
    "statement.values",
    `${values.length} ${kind}s, the program has ${ids.length}`,
  );
  values.forEach((value, i) => {
    const { name, shape, range } = tensors[ids[i]];
    const where = `${kind} "${name}"`;
    check(describes(value, tensors[ids[i]]), "statement.values", where);
    if (value.values === null) return;
    const size = shape.reduce((product, length) => product * length, batch);
    check(value.values.length === size, "statement.values", where);
    // The circuit takes public inputs as they are.
    check(
      value.values.every((x) => x >= range.lo && x <= range.hi),
      "statement.range",
      where,
    );
  });
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
