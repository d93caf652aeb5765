/** What a statement must say to be one for a verification key; the proof of its signals is another matter. */
import type { Statement, StatementValue } from "../../engine/statement.ts";
import { describes } from "../../engine/statementValues.ts";
import { check } from "../../errors/proofError.ts";
import type { TensorId } from "../../program/program.ts";
import { programHash } from "../../program/programHash.ts";
import type { ProgramStructure } from "../../program/programStructure.ts";
import type { CircuitKey } from "./circuitKey.ts";
import { NO_CERTIFICATES } from "./statementSignals.ts";

/** @throws ProofError `statement.*` where the statement is not one for this key */
export function checkStatement(
  statement: Statement,
  key: CircuitKey,
  identity: Uint8Array,
  securityBits: number,
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
    statement.securityBits === securityBits,
    "statement.security",
    `claims ${statement.securityBits} bits, has ${securityBits}`,
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
