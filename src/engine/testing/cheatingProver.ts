/** Setup and prover that follow a deviation: what the real ones do, minus their honesty. */
import type { TreeName } from "../../claims/plan.ts";
import type { InnerLevel } from "../../commitment/parameters.ts";
import { type CommittedTree, commitTree, loadTables } from "../../commitment/prover/committedTree.ts";
import { freshSeed, SecretStream } from "../../commitment/prover/secretStream.ts";
import type { KernelSet } from "../../kernels/kernelSet.ts";
import type { ProgramRun } from "../../program/interpreter.ts";
import type { Program } from "../../program/program.ts";
import { programHash } from "../../program/programHash.ts";
import { runOperator } from "../../program/run/operator.ts";
import { type InferencePlan, planInference } from "../../relations/inferencePlan.ts";
import type { Visibilities } from "../../relations/visibility.ts";
import { planWeightRanges } from "../../relations/weightPlan.ts";
import { elementCount } from "../../tensor/shape.ts";
import { inferenceTranscript, planLayout, weightTranscript } from "../keyLayout.ts";
import { commitWeights, setup } from "../prover/setup.ts";
import { securityReport } from "../security.ts";
import { type Statement, writeStatement } from "../statement.ts";
import { describeValues } from "../statementValues.ts";
import {
  keyHeaderDigest,
  modelIdentity,
  readVerificationKey,
  writeVerificationKey,
} from "../verificationKey.ts";
import { type Cells, cheatingWitness } from "./cheatingWitness.ts";
import { cheatPayload, type Deviation } from "./cheats.ts";
import { assembleProof } from "./proofEditing.ts";

/** Changes a tensor, by name, right after it is computed; later operators read what it leaves. */
export type Tamper = (tensor: string, values: Int32Array) => void;

export interface CheatRequest extends Deviation {
  readonly inputs: readonly Int32Array[];
  readonly batch: number;
  readonly visibilities: Visibilities;
  readonly tamper?: Tamper;
  /** The plan that the prover follows throughout, in place of the one that the verifier derives. */
  readonly plan?: (plan: InferencePlan) => InferencePlan;
  /** The statement that is proven and sent. */
  readonly statement?: (statement: Statement) => Statement;
  /** The statement that is sent after the proof was made. */
  readonly sent?: (statement: Statement) => Statement;
}

export interface CheatingKey {
  readonly verificationKey: Uint8Array;
  readonly program: Program;
  readonly seed: Uint8Array;
  readonly weights: ((cells: Cells) => void) | undefined;
}

/**
 * A key whose committed weights are the given ones, in range or not, changed in their cells where told. `levels`: instead
 * of those that setup chooses.
 */
export function cheatingSetup(
  kernels: KernelSet,
  honest: Program,
  constants: Program["constants"],
  weights?: (cells: Cells) => void,
  levels?: readonly InnerLevel[],
): CheatingKey {
  const made = setup(kernels, honest, { weights: "hidden", proofs: 3, batch: 1 });
  const { provingKey } = made;
  const chosen = readVerificationKey(made.verificationKey);
  const parameters = { ...chosen.parameters, levels: levels ?? chosen.parameters.levels };
  const key = { ...chosen, parameters };
  const verificationKey = writeVerificationKey(key);
  const program = { ...honest, constants };
  const { seed } = provingKey;
  const { tree, annotated, layout, witness } = commitCheatingWeights(kernels, {
    verificationKey,
    program,
    seed,
    weights,
  });
  const unproven = {
    ...key,
    weights: { kind: "hidden", root: tree.root, rangeProof: new Uint8Array() },
  } as const;
  const publicValues = (): Int32Array => new Int32Array();
  const rangeProof = cheatPayload(
    kernels,
    weightTranscript(keyHeaderDigest(unproven)),
    { annotated, layout, witness, trees: [tree], publicValues },
    {},
  );
  const proven = { ...unproven, weights: { ...unproven.weights, rangeProof } };
  return { verificationKey: writeVerificationKey(proven), program, seed, weights };
}

/** A key that shows weights, and a prover who computes with `used` instead. */
export function publicCheatingSetup(
  kernels: KernelSet,
  shown: Program,
  used: Program["constants"] = shown.constants,
): CheatingKey {
  const options = { weights: "public", proofs: 1, batch: 1 } as const;
  const { verificationKey, provingKey } = setup(kernels, shown, options);
  const program = { ...shown, constants: used };
  return { verificationKey, program, seed: provingKey.seed, weights: undefined };
}

function commitCheatingWeights(kernels: KernelSet, cheat: CheatingKey) {
  const key = readVerificationKey(cheat.verificationKey);
  const annotated = planWeightRanges(key.program);
  const layout = planLayout(annotated.plan, key.parameters);
  const deviation = cheat.weights === undefined ? {} : { cells: cheat.weights };
  const empty = { tensors: [], outputs: [] };
  const witness = cheatingWitness(kernels, annotated, cheat.program, empty, deviation);
  const tables = loadTables(kernels, key.parameters);
  const tree = commitWeights(kernels, tables, annotated, layout, witness, cheat.seed);
  return { tree, annotated, layout, witness };
}

/** The interpreter without its checks, tampered with. */
export function tamperedRun(program: Program, inputs: readonly Int32Array[], tamper: Tamper): ProgramRun {
  const tensors: Int32Array[] = [];
  program.inputs.forEach((id, i) => {
    tensors[id] = inputs[i].slice();
    tamper(program.tensors[id].name, tensors[id]);
  });
  const batch = inputs[0].length / elementCount(program.tensors[program.inputs[0]].shape);
  for (const operator of program.operators) {
    const output = runOperator(program, operator, tensors, batch);
    tensors[operator.output] = output;
    tamper(program.tensors[operator.output].name, output);
  }
  return { tensors, outputs: program.outputs.map((id) => tensors[id]) };
}

/** A proof file by the cheat; `cheat` says what was committed as the model. */
export function cheatProof(kernels: KernelSet, cheat: CheatingKey, request: CheatRequest): Uint8Array {
  const key = readVerificationKey(cheat.verificationKey);
  const { program } = key;
  const { batch, visibilities, tamper = () => {} } = request;
  const run = tamperedRun(cheat.program, request.inputs, tamper);
  const honestPlan = planInference(program, visibilities, batch);
  const inference = request.plan?.(honestPlan) ?? honestPlan;
  const { plan } = inference;
  const layout = planLayout(plan, key.parameters);
  const cells = (all: Cells): void => {
    cheat.weights?.(all);
    request.cells?.(all);
  };
  const deviation = { ...request, cells };
  const witness = cheatingWitness(kernels, inference, cheat.program, run, deviation);
  const tables = loadTables(kernels, key.parameters);
  const weights = key.weights.kind === "hidden" ? commitCheatingWeights(kernels, cheat).tree : null;
  const commitData = (name: TreeName): CommittedTree | null => {
    const tree = layout.trees.find((candidate) => candidate.name === name);
    if (tree === undefined) return null;
    const stream = new SecretStream(kernels, freshSeed(), name);
    return commitTree(
      kernels,
      tables,
      { plan, layout, tree, tensor: (id) => witness.tensor(id).ptr },
      stream,
    );
  };
  const input = commitData("input");
  const output = commitData("output");
  const values = program.inputs.map((id) => run.tensors[id]);
  const honest: Statement = {
    programHash: programHash(program),
    modelIdentity: modelIdentity(cheat.verificationKey),
    batch,
    visibilities,
    inputs: describeValues(program, program.inputs, visibilities.input === "public" ? values : null),
    outputs: describeValues(program, program.outputs, visibilities.output === "public" ? run.outputs : null),
    weightSlot:
      weights === null ? null : { epochRoot: weights.root, certificates: new Uint8Array(32), slot: 0 },
    inputCommitment: input?.root ?? null,
    outputCommitment: output?.root ?? null,
    context: new Uint8Array(),
    securityBits: Math.floor(securityReport(plan, layout).bits),
  };
  const statement = request.statement?.(honest) ?? honest;
  const publicValues = new Map<number, Int32Array>();
  inference.constants.forEach((tensor, i) => {
    publicValues.set(tensor, cheat.program.constants[i].data);
  });
  inference.inputs.forEach((tensor, i) => {
    publicValues.set(tensor, statement.inputs[i].values ?? values[i]);
  });
  inference.outputs.forEach((tensor, i) => {
    if (tensor !== null) publicValues.set(tensor, statement.outputs[i].values ?? run.outputs[i]);
  });
  const statementBytes = writeStatement(statement);
  const transcript = request.forger?.transcript("tensorproof/inference/v1");
  transcript?.absorbBytes("statement", statementBytes);
  const payload = cheatPayload(
    kernels,
    transcript ?? inferenceTranscript(statementBytes),
    {
      annotated: inference,
      layout,
      witness,
      trees: [weights, input, output].filter((tree) => tree !== null),
      publicValues: (tensor) => publicValues.get(tensor) as Int32Array,
    },
    deviation,
  );
  return assembleProof(writeStatement(request.sent?.(statement) ?? statement), payload);
}
