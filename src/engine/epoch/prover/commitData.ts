/** Commits to inputs of a model once, for several proofs; renews such a commitment. */
import type { ProofPlan } from "../../../claims/plan.ts";
import { commitTree, loadTables } from "../../../commitment/prover/committedTree.ts";
import { freshSeed, SecretStream } from "../../../commitment/prover/secretStream.ts";
import type { StackTree } from "../../../commitment/stackLayout.ts";
import { TensorproofError } from "../../../errors/tensorproofError.ts";
import type { KernelSet } from "../../../kernels/kernelSet.ts";
import { planInference } from "../../../relations/inferencePlan.ts";
import { storeTensor } from "../../../relations/witness/paddedTensors.ts";
import { planLayout } from "../../keyLayout.ts";
import { DATA_RENEWALS, type RenewalCounter } from "../../slots.ts";
import { modelIdentity, readVerificationKey, type VerificationKey } from "../../verificationKey.ts";
import { writeCertificateHeader } from "../certificate.ts";
import { DATA_PURPOSE, type DataCommitment, dataShape, requireReadable } from "../dataCommitment.ts";
import { planRenewal, treeTensors } from "../renewalPlan.ts";
import { proveRenewal } from "./proveRenewal.ts";

/**
 * @param inputs one array per program input, batch · size integers each
 * @throws TensorproofError `input.range`, `program.*`
 */
export function commitInputs(
  kernels: KernelSet,
  key: VerificationKey,
  inputs: readonly Int32Array[],
  batch: number,
): DataCommitment {
  const { program, parameters } = key;
  program.inputs.forEach((id, i) => {
    const { name, range } = program.tensors[id];
    if (inputs[i].every((value) => value >= range.lo && value <= range.hi)) return;
    throw new TensorproofError(
      "input.range",
      `input "${name}" leaves its declared range [${range.lo}, ${range.hi}]`,
      { where: `input "${name}"` },
    );
  });
  const weights = key.weights.kind === "public" ? "public" : "private";
  const whole = planInference(program, { input: "committed", weights, output: "private" }, batch).plan;
  const tensors = treeTensors(whole, "input");
  const plan: ProofPlan = { tensors, sections: [], layers: [], equalities: [] };
  const layout = planLayout(plan, parameters);
  const mark = kernels.mark();
  try {
    const stored = tensors.map(({ axes }, i) => storeTensor(kernels, axes, inputs[i]));
    const seed = freshSeed();
    const { root } = commitTree(
      kernels,
      loadTables(kernels, parameters),
      { plan, layout, tree: layout.trees[0] as StackTree, tensor: (id) => stored[id].ptr },
      new SecretStream(kernels, seed, DATA_PURPOSE),
    );
    const held = tensors.map(({ name, axes }, i) => ({ name, axes, values: Int32Array.from(inputs[i]) }));
    return { shape: dataShape(parameters), tensors: held, root, seed, spent: 0 };
  } finally {
    kernels.release(mark);
  }
}

export interface DataRenewal {
  readonly commitment: DataCommitment;
  /** Public: says that both roots commit to the same tensors. */
  readonly certificate: Uint8Array;
}

/**
 * @param verificationKey any key that can read the commitment; verifiers of the certificate need it
 * @param slots counts the uses of the commitment that is renewed
 * @throws TensorproofError `commitment.parameters`, `commitment.mismatch`, `budget.*`
 */
export function renewData(
  kernels: KernelSet,
  verificationKey: Uint8Array,
  parent: DataCommitment,
  slots: RenewalCounter,
): DataRenewal {
  const { parameters } = readVerificationKey(verificationKey);
  const { tensors } = parent;
  requireReadable(parent, parameters, tensors);
  const seed = freshSeed();
  let root = parent.root;
  const values = tensors.map((tensor) => tensor.values);
  const certificate = proveRenewal(kernels, {
    // Inputs and outputs have one kind of tree, so the two of them can stand for a parent and its renewal.
    plan: planRenewal(tensors, "input", "output"),
    parameters,
    parent: { name: "input", seed: parent.seed },
    renewed: { name: "output", seed },
    purpose: DATA_PURPOSE,
    values: [...values, ...values],
    header: (parentRoot, renewedRoot) => {
      requireRoot(parent, parentRoot);
      root = renewedRoot;
      return writeCertificateHeader({
        subject: {
          kind: "data",
          modelIdentity: modelIdentity(verificationKey),
          axes: tensors.map(({ axes }) => axes),
        },
        parentRoot,
        root,
        renewal: slots.takeRenewal(DATA_RENEWALS, 0),
      });
    },
  });
  return { certificate, commitment: { ...parent, root, seed, spent: 1 } };
}

/** @throws TensorproofError `commitment.mismatch` */
export function requireRoot({ root }: DataCommitment, computed: Uint8Array): void {
  if (computed.every((byte, i) => byte === root[i])) return;
  throw new TensorproofError(
    "commitment.mismatch",
    "the values and the seed of the commitment do not give its root: its file was changed",
  );
}
