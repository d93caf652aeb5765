/**
 * The verifier: proof bytes and a verification key in, a verdict out. Runs in any browser or worker by itself; bad input
 * of any kind is a verdict, never an exception.
 */

import { ByteReader } from "../../bytes/byteReader.ts";
import type { TreeName } from "../../claims/plan.ts";
import { check, type VerificationFailure } from "../../errors/proofError.ts";
import type { ProgramTensor } from "../../program/program.ts";
import { programHash } from "../../program/programHash.ts";
import { type InferencePlan, planInference } from "../../relations/inferencePlan.ts";
import { planWeightRanges } from "../../relations/weightPlan.ts";
import { checkEpoch } from "../epoch/verifier/checkCertificate.ts";
import { inferenceTranscript, planLayout, weightTranscript } from "../keyLayout.ts";
import { openProof } from "../proofFile.ts";
import { REQUIRED_BITS, securityReport } from "../security.ts";
import type { Statement, StatementValue } from "../statement.ts";
import { describes } from "../statementValues.ts";
import {
  keyHeaderDigest,
  modelIdentity,
  readVerificationKey,
  type VerificationKey,
} from "../verificationKey.ts";
import { attempt, sameBytes } from "./attempt.ts";
import type { CheckedKey, KeyVerdict } from "./checkedKey.ts";
import { verifyPayload } from "./verifyPayload.ts";

export type { CheckedKey, KeyVerdict } from "./checkedKey.ts";
export type Verdict =
  | { readonly ok: true; readonly statement: Statement }
  | { readonly ok: false; readonly error: VerificationFailure };

/** Reads a verification key and checks the proof that its hidden weights lie in their declared ranges. */
export function checkVerificationKey(keyBytes: Uint8Array): KeyVerdict {
  return attempt((): KeyVerdict => {
    const key = readVerificationKey(keyBytes);
    if (key.weights.kind === "hidden") {
      const { plan } = planWeightRanges(key.program);
      const layout = planLayout(plan, key.parameters);
      check(securityReport(plan, layout).bits >= REQUIRED_BITS, "key.security", "range proof");
      checkProvable(key);
      const reader = new ByteReader(key.weights.rangeProof, "key");
      const transcript = weightTranscript(keyHeaderDigest(key));
      verifyPayload(transcript, plan, layout, { weights: key.weights.root }, () => new Int32Array(), reader);
    } else checkProvable(key);
    return {
      ok: true,
      key: {
        key,
        identity: modelIdentity(keyBytes),
        programHash: programHash(key.program),
        epochs: new Map(),
      },
    };
  });
}

/**
 * Every proof's plan holds at least the tables, tensors and ranges of this one, so that a program too large for any proof
 * is refused once, with its key, and costs no verifier anything later. @throws TensorproofError `program.*`
 */
function checkProvable({ program, weights }: VerificationKey): void {
  const visibilities = {
    input: "public",
    weights: weights.kind === "public" ? "public" : "private",
    output: "private",
  } as const;
  planInference(program, visibilities, 1);
}

export function verifyWithKey(proofBytes: Uint8Array, checked: CheckedKey): Verdict {
  return attempt((): Verdict => {
    const { statement, statementBytes, reader } = openProof(proofBytes);
    checkStatement(statement, checked);
    const { key } = checked;
    const inference = planInference(key.program, statement.visibilities, statement.batch);
    const layout = planLayout(inference.plan, key.parameters);
    const security = Math.floor(securityReport(inference.plan, layout).bits);
    check(security >= REQUIRED_BITS, "statement.security", `${security} bits`);
    check(
      statement.securityBits === security,
      "statement.security",
      `claims ${statement.securityBits} bits, has ${security}`,
    );
    const values = publicTensors(inference, key, statement);
    const transcript = inferenceTranscript(statementBytes);
    verifyPayload(
      transcript,
      inference.plan,
      layout,
      treeRoots(statement),
      (tensor) => values.get(tensor) as Int32Array,
      reader,
    );
    return { ok: true, statement };
  });
}

/** One call for one proof: checks the key as well. */
export function verify(proofBytes: Uint8Array, keyBytes: Uint8Array): Verdict {
  const checked = checkVerificationKey(keyBytes);
  return checked.ok ? verifyWithKey(proofBytes, checked.key) : checked;
}

function checkStatement(statement: Statement, checked: CheckedKey): void {
  const { key, identity, programHash: hash } = checked;
  const { program, weights, proofBudget } = key;
  check(
    sameBytes(statement.modelIdentity, identity),
    "statement.model",
    "the proof is about another verification key",
  );
  check(sameBytes(statement.programHash, hash), "statement.program", "program hash");
  const hidden = weights.kind === "hidden";
  check(hidden === (statement.visibilities.weights !== "public"), "statement.visibility", "weights");
  const { weightSlot } = statement;
  if (weightSlot !== null) {
    checkEpoch(weightSlot, checked);
    check(weightSlot.slot < proofBudget, "statement.slot", `slot ${weightSlot.slot} of ${proofBudget}`);
  }
  const { inputs, outputs, batch } = statement;
  checkValues(
    "input",
    inputs,
    program.inputs.map((id) => program.tensors[id]),
    batch,
  );
  checkValues(
    "output",
    outputs,
    program.outputs.map((id) => program.tensors[id]),
    batch,
  );
}

function checkValues(
  kind: string,
  values: readonly StatementValue[],
  tensors: readonly ProgramTensor[],
  batch: number,
): void {
  check(
    values.length === tensors.length,
    "statement.values",
    `${values.length} ${kind}s, the program has ${tensors.length}`,
  );
  values.forEach((value, i) => {
    const where = `${kind} "${tensors[i].name}"`;
    check(describes(value, tensors[i]), "statement.values", where);
    if (value.values === null) return;
    const { lo, hi } = tensors[i].range;
    const size = tensors[i].shape.reduce((product, length) => product * length, batch);
    check(value.values.length === size, "statement.values", where);
    // Within the declared range an integer has one residue; beyond, two integers could claim the same.
    check(
      value.values.every((x) => x >= lo && x <= hi),
      "statement.range",
      where,
    );
  });
}

function publicTensors(
  inference: InferencePlan,
  key: VerificationKey,
  statement: Statement,
): Map<number, Int32Array> {
  const values = new Map<number, Int32Array>();
  if (key.weights.kind === "public") {
    key.weights.constants.forEach(({ data }, i) => {
      values.set(inference.constants[i], data);
    });
  }
  const assign = (tensors: readonly (number | null)[], described: readonly StatementValue[]): void => {
    tensors.forEach((tensor, i) => {
      const data = described[i].values;
      if (tensor === null || data === null) return;
      const known = values.get(tensor);
      // Two outputs may be one tensor under two shapes.
      check(known === undefined || known.every((x, j) => x === data[j]), "statement.values", `output ${i}`);
      values.set(tensor, data);
    });
  };
  assign(inference.inputs, statement.inputs);
  assign(inference.outputs, statement.outputs);
  return values;
}

function treeRoots(statement: Statement): Partial<Record<TreeName, Uint8Array>> {
  return {
    ...(statement.weightSlot === null ? {} : { weights: statement.weightSlot.epochRoot }),
    ...(statement.inputCommitment === null ? {} : { input: statement.inputCommitment }),
    ...(statement.outputCommitment === null ? {} : { output: statement.outputCommitment }),
  };
}
