/**
 * The verifier as a whole, all checks in order: docs/spec/16-verifier.md; 07-files.md, 7.3 and 7.6.
 */
import { ascii, equalBytes, Reader } from "./bytes.ts";
import type { CheckedKey } from "./checkedKey.ts";
import { type F, residue } from "./field.ts";
import { inferencePlan } from "./inferencePlan.ts";
import { type KeyFile, readKeyFile } from "./keyFile.ts";
import { checkParameters } from "./parameters.ts";
import { checkPayload } from "./payload.ts";
import type { InferencePlan } from "./plan.ts";
import { planNumbers } from "./planNumbers.ts";
import { must } from "./refusal.ts";
import { securityLevel } from "./security.ts";
import type { TreeName } from "./stack.ts";
import { readStatement, type Statement } from "./statement.ts";
import { checkEpoch, checkValues } from "./statementChecks.ts";
import { Transcript } from "./transcript.ts";
import { type Verdict, verdictOf } from "./verdict.ts";
import { weightPlan } from "./weightPlan.ts";

const MIN_BITS = 100;

/** The verdict on a proof under a key that nobody checked before. */
export function verify(proofBytes: Uint8Array, keyBytes: Uint8Array): Verdict {
  return verdictOf(() => checkProof(proofBytes, checkKey(keyBytes)));
}

/** A checked key, or a refusal. */
export function checkKey(keyBytes: Uint8Array): CheckedKey {
  const key = readKeyFile(keyBytes);
  checkFile(key);
  return { file: key, epochs: new Map() };
}

function checkFile(key: KeyFile): void {
  const { program, parameters, budget, weights } = key;
  if (weights.kind === "public") checkPublicWeights(key, weights.constants);
  checkParameters(parameters, budget, weights.kind === "hidden");
  const hypothetical = { input: "public", output: "private" } as const;
  if (weights.kind === "public") {
    inferencePlan(program, { ...hypothetical, weights: "public" }, 1);
    return;
  }
  const plan = weightPlan(program);
  must(securityLevel(planNumbers(plan), parameters) >= MIN_BITS, "key.security", "range proof");
  inferencePlan(program, { ...hypothetical, weights: "private" }, 1);
  const transcript = new Transcript("tensorproof/weights/v1");
  transcript.absorbBytes("key/header", key.headerDigest);
  const roots = new Map<TreeName, Uint8Array>([["weights", weights.root]]);
  checkPayload(transcript, plan, parameters, roots, new Map(), new Reader(weights.rangeProof, "key"));
}

function checkPublicWeights({ program }: KeyFile, constants: readonly (readonly bigint[])[]): void {
  for (const [index, { name, range }] of program.constants.entries()) {
    const inRange = constants[index]!.every((value) => range.lo <= value && value <= range.hi);
    must(inRange, "key.weightRange", name);
  }
}

/** Refuses unless the proof holds under the checked key. */
export function checkProof(proofBytes: Uint8Array, checked: CheckedKey): void {
  const key = checked.file;
  const reader = new Reader(proofBytes, "proof");
  if (!equalBytes(reader.take(4, "magic"), ascii("TPRF"))) reader.notCanonical("magic");
  must(reader.u16("version") === 1, "proof.version", "version");
  must(reader.u8("backend") === 1, "proof.backend", "backend");
  const statementBytes = reader.take(reader.u32("length of the statement"), "statement");
  const statement = readStatement(statementBytes);

  must(equalBytes(statement.modelIdentity, key.identity), "statement.model", "model identity");
  must(equalBytes(statement.programHash, key.programHash), "statement.program", "program hash");
  const weightsArePublic = statement.visibilities.weights === "public";
  must(weightsArePublic === (key.weights.kind === "public"), "statement.visibility", "weights");
  checkEpoch(statement, checked);
  checkValues(statement, key.program);

  const plan = inferencePlan(key.program, statement.visibilities, statement.batch);
  const level = securityLevel(planNumbers(plan), key.parameters);
  must(Math.floor(level) >= MIN_BITS, "statement.security", "too few bits");
  must(Math.floor(level) === statement.securityBits, "statement.security", "other bits than claimed");
  const publicValues = publicTensors(plan, statement, key);

  const transcript = new Transcript("tensorproof/inference/v1");
  transcript.absorbBytes("statement", statementBytes);
  checkPayload(transcript, plan, key.parameters, rootsOf(statement), publicValues, reader);
}

function rootsOf({ epoch, inputRoot, outputRoot }: Statement): Map<TreeName, Uint8Array> {
  const roots = new Map<TreeName, Uint8Array>();
  if (epoch !== undefined) roots.set("weights", epoch.root);
  if (inputRoot !== undefined) roots.set("input", inputRoot);
  if (outputRoot !== undefined) roots.set("output", outputRoot);
  return roots;
}

/** 7.6, step 9: residues of the real cells of each public tensor of the plan. */
function publicTensors(plan: InferencePlan, statement: Statement, key: KeyFile): Map<number, F[]> {
  const values = new Map<number, F[]>();
  const publish = (tensor: number | undefined, integers: readonly bigint[] | undefined): void => {
    if (tensor === undefined || integers === undefined) return;
    const residues = integers.map(residue);
    const before = values.get(tensor) ?? residues;
    const agree =
      before.length === residues.length && before.every((value, cell) => value === residues[cell]);
    must(agree, "statement.values", "two outputs of one tensor differ");
    values.set(tensor, residues);
  };
  if (key.weights.kind === "public") {
    for (const [index, tensor] of plan.constantTensors.entries())
      publish(tensor, key.weights.constants[index]);
  }
  for (const [index, tensor] of plan.inputTensors.entries())
    publish(tensor, statement.inputs[index]!.integers);
  for (const [index, tensor] of plan.outputTensors.entries())
    publish(tensor, statement.outputs[index]!.integers);
  return values;
}
