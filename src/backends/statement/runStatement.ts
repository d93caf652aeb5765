/** The statement of a run, and the salts of what it commits to. */
import { freshSeed } from "../../commitment/prover/secretStream.ts";
import { MAX_CONTEXT_BYTES, type Statement } from "../../engine/statement.ts";
import { describeValues } from "../../engine/statementValues.ts";
import { modelIdentity } from "../../engine/verificationKey.ts";
import { TensorproofError } from "../../errors/tensorproofError.ts";
import type { ProgramRun } from "../../program/interpreter.ts";
import type { Program, TensorId } from "../../program/program.ts";
import { programHash } from "../../program/programHash.ts";
import type { RunRequest } from "../proofBackend.ts";
import { parseResidue, residueBytes } from "../r1cs/scalarField.ts";
import { readCircuitKey } from "./circuitKey.ts";
import type { Commit } from "./commit.ts";
import { NO_CERTIFICATES } from "./statementSignals.ts";

/** Below the field's order whatever the bytes. */
const SALT_BYTES = 31;

/** A uniform salt of 248 bits. @throws TensorproofError `random.generator` */
export function freshSalt(): bigint {
  const bytes = new Uint8Array(SALT_BYTES + 1);
  bytes.set(freshSeed().subarray(0, SALT_BYTES), 1);
  return parseResidue(bytes) ?? 0n;
}

export interface RunStatement {
  readonly statement: Statement;
  readonly salts: { readonly input: bigint; readonly output: bigint };
}

/** What differs from one family of circuits to another. */
export interface StatementRules {
  readonly commit: Commit;
  readonly securityBits: number;
}

/** @throws TensorproofError `input.context`, `key.*` */
export function runStatement(
  program: Program,
  { inputs, context = new Uint8Array() }: RunRequest,
  run: ProgramRun,
  verificationKey: Uint8Array,
  { commit, securityBits }: StatementRules,
): RunStatement {
  if (context.length > MAX_CONTEXT_BYTES) {
    const message = `a context holds at most ${MAX_CONTEXT_BYTES} bytes, got ${context.length}`;
    throw new TensorproofError("input.context", message);
  }
  const key = readCircuitKey(verificationKey);
  const { visibilities, batch } = key;
  const salts = { input: freshSalt(), output: freshSalt() };
  const committed = (salt: bigint, ids: readonly TensorId[], values: readonly Int32Array[]): Uint8Array => {
    const rows = ids.map((id, i) => ({ range: program.tensors[id].range, values: values[i] }));
    return residueBytes(commit(salt, rows));
  };
  const statement: Statement = {
    programHash: programHash(program),
    modelIdentity: modelIdentity(verificationKey),
    batch,
    visibilities,
    inputs: describeValues(program, program.inputs, visibilities.input === "public" ? inputs : null),
    outputs: describeValues(program, program.outputs, visibilities.output === "public" ? run.outputs : null),
    weightSlot:
      visibilities.weights === "public"
        ? null
        : { epochRoot: key.weights, certificates: NO_CERTIFICATES, slot: 0 },
    inputCommitment:
      visibilities.input === "committed" ? committed(salts.input, program.inputs, inputs) : null,
    outputCommitment:
      visibilities.output === "committed" ? committed(salts.output, program.outputs, run.outputs) : null,
    context,
    securityBits,
  };
  return { statement, salts };
}
