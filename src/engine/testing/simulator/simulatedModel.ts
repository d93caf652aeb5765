/**
 * A model that nobody has and proofs about it, all of them together, from public information alone: the program's structure,
 * the parameters, and what each statement says. The weights' tree is one, opened by the key's range proof and by every
 * proof, so that its columns are drawn at the union of all positions before its root exists.
 */

import { ByteWriter } from "../../../bytes/byteWriter.ts";
import type { CommitmentParameters } from "../../../commitment/parameters.ts";
import { FixedTranscript } from "../../../commitment/testing/fixedTranscript.ts";
import { HASH_BYTES } from "../../../hash/blake3.ts";
import type { KernelSet } from "../../../kernels/kernelSet.ts";
import type { ProgramConstant } from "../../../program/program.ts";
import { programHash } from "../../../program/programHash.ts";
import type { ProgramStructure } from "../../../program/programStructure.ts";
import { type InferencePlan, planInference } from "../../../relations/inferencePlan.ts";
import type { Visibilities } from "../../../relations/visibility.ts";
import { planWeightRanges } from "../../../relations/weightPlan.ts";
import type { Transcript } from "../../../transcript/transcript.ts";
import { inferenceTranscript, planLayout, weightTranscript } from "../../keyLayout.ts";
import { BACKEND_NATIVE, PROOF_MAGIC, PROOF_VERSION } from "../../proofFile.ts";
import { setupParameters } from "../../prover/setupParameters.ts";
import { securityReport } from "../../security.ts";
import { type Statement, type WeightSlot, writeStatement } from "../../statement.ts";
import { describeValues } from "../../statementValues.ts";
import {
  keyHeaderDigest,
  modelIdentity,
  type VerificationKey,
  writeVerificationKey,
} from "../../verificationKey.ts";
import { Coins } from "./coins.ts";
import { type OracleTable, ProgrammingTranscript } from "./programmedTranscript.ts";
import { SimulatedEpoch } from "./simulatedEpoch.ts";
import { SimulatedPayload } from "./simulatedPayload.ts";
import { SimulatedTree } from "./simulatedTree.ts";

/** What is public about the model. */
export interface PublicModel {
  readonly structure: ProgramStructure;
  /** Null if they are hidden. */
  readonly constants: readonly ProgramConstant[] | null;
  /** Proofs that the weight commitment bears. */
  readonly budget: number;
}

/** What is public about a proof. */
export interface PublicRun {
  readonly visibilities: Visibilities;
  readonly batch: number;
  /** By program input and output; null unless public. */
  readonly inputs: readonly Int32Array[] | null;
  readonly outputs: readonly Int32Array[] | null;
  readonly context: Uint8Array;
  /** Made in an epoch after the key's. */
  readonly inEpoch?: boolean;
}

export interface SimulatedProofs {
  readonly verificationKey: Uint8Array;
  readonly proofs: readonly Uint8Array[];
  /** Of the epoch, if any proof was made in one. */
  readonly certificates: readonly Uint8Array[];
  readonly oracle: OracleTable;
  /** Distinct columns of the key's weights that were opened. */
  readonly weightColumns: number;
}

/** @param kernels compute what follows each opening's vector */
export function simulateModel(
  kernels: KernelSet,
  model: PublicModel,
  runs: readonly PublicRun[],
  seed: string,
): SimulatedProofs {
  const { structure, constants, budget } = model;
  const visibilities = {
    input: "private",
    weights: constants === null ? "private" : "public",
    output: "public",
  } as const;
  const { plan } = planInference(structure, visibilities, 1);
  const parameters = setupParameters(plan, constants === null ? budget : null);
  const oracle: OracleTable = new Map();
  const speak = (inner: Transcript) => (challenges: Transcript) =>
    new ProgrammingTranscript(inner, challenges, oracle);
  const challenges = (name: string) => () => new FixedTranscript(`${seed} challenges ${name}`);

  const ranges = constants === null ? rangeStatement(structure, parameters) : null;
  const weights =
    ranges === null
      ? null
      : new SimulatedTree(ranges.layout.trees[0], parameters.logLength, new Coins(`${seed} weights`));
  const rangePayload =
    ranges === null || weights === null
      ? null
      : new SimulatedPayload(kernels, ranges, challenges("key"), `${seed} key`, { weights });
  const epoch =
    weights !== null && runs.some(({ inEpoch }) => inEpoch)
      ? new SimulatedEpoch(kernels, { structure, parameters }, weights, challenges("epoch"), `${seed} epoch`)
      : null;
  const proofs = runs.map((run, i) => {
    const inference = planInference(structure, run.visibilities, run.batch);
    const layout = planLayout(inference.plan, parameters);
    const values = publicTensors(inference, constants, run);
    const publicValues = (tensor: number): Int32Array => values.get(tensor) as Int32Array;
    const statement = { plan: inference.plan, layout, publicValues };
    const own = run.inEpoch ? epoch?.tree : weights;
    const shared = own == null ? {} : { weights: own };
    const payload = new SimulatedPayload(
      kernels,
      statement,
      challenges(`${i}`),
      `${seed} proof ${i}`,
      shared,
    );
    return { run, statement, payload, root: () => own?.root() };
  });

  // All positions are known: the root of the weights, then the key, then what names the key.
  const root = weights?.root();
  const key = (rangeProof: Uint8Array): VerificationKey => ({
    program: structure,
    parameters,
    proofBudget: root === undefined ? 0 : budget,
    weights:
      root === undefined
        ? { kind: "public", constants: constants ?? [] }
        : { kind: "hidden", root, rangeProof },
  });
  const header = keyHeaderDigest(key(new Uint8Array()));
  const rangeProof = rangePayload?.finish(speak(weightTranscript(header)));
  const verificationKey = writeVerificationKey(key(rangeProof ?? new Uint8Array()));

  const identity = modelIdentity(verificationKey);
  const certified = epoch?.certify(identity, speak);

  const finished = proofs.map(({ run, statement: { plan: own, layout }, payload, root: epochRoot }, i) => {
    const committed = (name: "input" | "output"): Uint8Array | null =>
      run.visibilities[name] === "committed" && layout.trees.some((tree) => tree.name === name)
        ? payload.root(name)
        : null;
    const statement: Statement = {
      programHash: programHash(structure),
      modelIdentity: identity,
      batch: run.batch,
      visibilities: run.visibilities,
      inputs: describeValues(structure, structure.inputs, run.inputs),
      outputs: describeValues(structure, structure.outputs, run.outputs),
      weightSlot: weightSlot(epochRoot(), run.inEpoch ? certified?.digest : new Uint8Array(HASH_BYTES), i),
      inputCommitment: committed("input"),
      outputCommitment: committed("output"),
      context: run.context,
      securityBits: Math.floor(securityReport(own, layout).bits),
    };
    const bytes = writeStatement(statement);
    return proofBytes(bytes, payload.finish(speak(inferenceTranscript(bytes))));
  });
  return {
    verificationKey,
    proofs: finished,
    certificates: certified === undefined ? [] : [certified.certificate],
    oracle,
    weightColumns: weights?.positionsOpened ?? 0,
  };
}

function weightSlot(
  epochRoot: Uint8Array | undefined,
  certificates: Uint8Array | undefined,
  slot: number,
): WeightSlot | null {
  return epochRoot === undefined || certificates === undefined ? null : { epochRoot, certificates, slot };
}

function rangeStatement(structure: ProgramStructure, parameters: CommitmentParameters) {
  const { plan } = planWeightRanges(structure);
  const layout = planLayout(plan, parameters);
  const publicValues = (): Int32Array => {
    throw new TypeError("a weight range plan has no public tensors");
  };
  return { plan, layout, publicValues };
}

function publicTensors(
  inference: InferencePlan,
  constants: readonly ProgramConstant[] | null,
  run: PublicRun,
): Map<number, Int32Array> {
  const values = new Map<number, Int32Array>();
  constants?.forEach(({ data }, i) => {
    values.set(inference.constants[i], data);
  });
  run.inputs?.forEach((data, i) => {
    values.set(inference.inputs[i], data);
  });
  run.outputs?.forEach((data, i) => {
    const tensor = inference.outputs[i];
    if (tensor !== null) values.set(tensor, data);
  });
  return values;
}

function proofBytes(statement: Uint8Array, payload: Uint8Array): Uint8Array {
  const writer = new ByteWriter();
  writer.bytes(PROOF_MAGIC);
  writer.u16(PROOF_VERSION);
  writer.u8(BACKEND_NATIVE);
  writer.u32(statement.length);
  writer.bytes(statement);
  writer.bytes(payload);
  return writer.finish();
}
