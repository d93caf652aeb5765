/** Commits the weights of a program once and proves their ranges. */
import type { TreeName } from "../../claims/plan.ts";
import type { CommitmentParameters } from "../../commitment/parameters.ts";
import {
  type CommitmentTables,
  type CommittedTree,
  commitTree,
  loadTables,
} from "../../commitment/prover/committedTree.ts";
import { freshSeed, SecretStream } from "../../commitment/prover/secretStream.ts";
import type { StackLayout } from "../../commitment/stackLayout.ts";
import { TensorproofError } from "../../errors/tensorproofError.ts";
import { HASH_BYTES } from "../../hash/blake3.ts";
import type { KernelSet } from "../../kernels/kernelSet.ts";
import type { Program } from "../../program/program.ts";
import { programStructure } from "../../program/programStructure.ts";
import { validateProgram } from "../../program/validate.ts";
import { planInference } from "../../relations/inferencePlan.ts";
import type { AnnotatedPlan } from "../../relations/planBuilder.ts";
import { DEFAULT_VISIBILITIES } from "../../relations/visibility.ts";
import { planWeightRanges } from "../../relations/weightPlan.ts";
import { buildWitness, type Witness } from "../../relations/witness/witness.ts";
import { planLayout, weightTranscript } from "../keyLayout.ts";
import type { ProvingKey } from "../provingKey.ts";
import { keyHeaderDigest, type VerificationKey, writeVerificationKey } from "../verificationKey.ts";
import { provePayload } from "./provePayload.ts";
import { parametersLike, setupParameters } from "./setupParameters.ts";

export interface SetupOptions {
  readonly weights: "hidden" | "public";
  /** Proofs that the weight commitment must bear (hidden weights). */
  readonly proofs: number;
  /** Batch size that the proof's shape is tuned for; others work too. */
  readonly batch: number;
  /** Parameters of another key, with whose proofs those of this one are to share committed data. */
  readonly like?: CommitmentParameters;
}

export const DEFAULT_PROOF_BUDGET = 12;

export interface SetupResult {
  readonly verificationKey: Uint8Array;
  readonly provingKey: ProvingKey;
}

/** @throws TensorproofError `setup.budget`, `setup.like`, `setup.noWeights`, `program.*` */
export function setup(kernels: KernelSet, program: Program, options: SetupOptions): SetupResult {
  // A key for a program that breaks its own declarations would promise what no proof can keep.
  validateProgram(program);
  const hidden = options.weights === "hidden";
  if (hidden && program.constants.length === 0) {
    throw new TensorproofError(
      "setup.noWeights",
      `the program "${program.name}" has no weights that could be hidden; set it up with public weights (setup --weights public)`,
      { where: "--weights" },
    );
  }
  const structure = programStructure(program);
  const visibilities = { ...DEFAULT_VISIBILITIES, weights: hidden ? "private" : "public" } as const;
  const { plan } = planInference(structure, visibilities, options.batch);
  const proofs = hidden ? options.proofs : null;
  const parameters =
    options.like === undefined ? setupParameters(plan, proofs) : parametersLike(options.like, proofs);
  if (!hidden) {
    const key: VerificationKey = {
      program: structure,
      parameters,
      proofBudget: 0,
      weights: { kind: "public", constants: program.constants },
    };
    const verificationKey = writeVerificationKey(key);
    const seed = new Uint8Array(HASH_BYTES);
    return { verificationKey, provingKey: { verificationKey, program, seed, certificates: [] } };
  }

  const mark = kernels.mark();
  const seed = freshSeed();
  const annotated = planWeightRanges(structure);
  const layout = planLayout(annotated.plan, parameters);
  const tables = loadTables(kernels, parameters);
  const witness = buildWitness(kernels, annotated, program, { tensors: [], outputs: [] });
  const tree = commitWeights(kernels, tables, annotated, layout, witness, seed);
  const unproven: VerificationKey = {
    program: structure,
    parameters,
    proofBudget: options.proofs,
    weights: { kind: "hidden", root: tree.root, rangeProof: new Uint8Array() },
  };
  const rangeProof = provePayload(kernels, tables, weightTranscript(keyHeaderDigest(unproven)), {
    plan: annotated.plan,
    layout,
    witness,
    trees: [tree],
    publicValues: noPublicValues,
  });
  kernels.release(mark);
  const verificationKey = writeVerificationKey({
    ...unproven,
    weights: { kind: "hidden", root: tree.root, rangeProof },
  });
  return { verificationKey, provingKey: { verificationKey, program, seed, certificates: [] } };
}

/** The weight tree, the same every time for one seed, plan layout and program. */
export function commitWeights(
  kernels: KernelSet,
  tables: CommitmentTables,
  annotated: AnnotatedPlan,
  layout: StackLayout,
  witness: Witness,
  seed: Uint8Array,
): CommittedTree {
  const name: TreeName = "weights";
  const tree = layout.trees.find((candidate) => candidate.name === name);
  if (tree === undefined) throw new TypeError("the plan has no hidden weights");
  const tensor = (id: number): number => witness.tensor(id).ptr;
  return commitTree(
    kernels,
    tables,
    { plan: annotated.plan, layout, tree, tensor },
    new SecretStream(kernels, seed, name),
  );
}

function noPublicValues(): Int32Array {
  throw new TypeError("a weight range plan has no public tensors");
}
