/**
 * Opens a new epoch: commits to the same weights anew and certifies it. The parent is opened once more for this, which the
 * budget of its proofs does not pay for: certificates have uses of their own.
 */
import type { TreeName } from "../../../claims/plan.ts";
import { type CommittedTree, commitTree, loadTables } from "../../../commitment/prover/committedTree.ts";
import { freshSeed, SecretStream } from "../../../commitment/prover/secretStream.ts";
import { TensorproofError } from "../../../errors/tensorproofError.ts";
import type { KernelSet } from "../../../kernels/kernelSet.ts";
import { storeTensor } from "../../../relations/witness/paddedTensors.ts";
import type { Witness } from "../../../relations/witness/witness.ts";
import { planLayout } from "../../keyLayout.ts";
import { provePayload } from "../../prover/provePayload.ts";
import type { ProvingKey } from "../../provingKey.ts";
import { type RenewalCounter, renewalsOf } from "../../slots.ts";
import { modelIdentity, readVerificationKey } from "../../verificationKey.ts";
import { certificateTranscript, MAX_EPOCH_DEPTH, writeCertificateHeader } from "../certificate.ts";
import { provingEpoch } from "../provingEpoch.ts";
import { planRenewal, weightTensors } from "../renewalPlan.ts";

export interface Renewal {
  /** Proves in the new epoch; its uses are counted by a counter of its own. */
  readonly provingKey: ProvingKey;
  /** Public: verifiers need it once. */
  readonly certificate: Uint8Array;
}

/**
 * @param slots counts the uses of the epoch that is renewed
 * @throws TensorproofError `renew.publicWeights`, `renew.depth`, `key.mismatch`, `budget.*`
 */
export function renewWeights(kernels: KernelSet, parent: ProvingKey, slots: RenewalCounter): Renewal {
  const { verificationKey, program, certificates } = parent;
  const key = readVerificationKey(verificationKey);
  const epoch = provingEpoch(parent);
  if (epoch === null) {
    throw new TensorproofError(
      "renew.publicWeights",
      "the weights of this key are public: its proofs use nothing up, and there is nothing to renew",
    );
  }
  if (certificates.length >= MAX_EPOCH_DEPTH) {
    throw new TensorproofError(
      "renew.depth",
      `this key is ${certificates.length} renewals away from its setup, and verifiers accept no more: renew the key of an earlier epoch, or run setup again`,
    );
  }
  const mark = kernels.mark();
  try {
    const plan = planRenewal(weightTensors(key.program), "parent", "weights");
    const layout = planLayout(plan, key.parameters);
    const tables = loadTables(kernels, key.parameters);
    const stored = program.constants.map(({ data }, i) => storeTensor(kernels, plan.tensors[i].axes, data));
    const witness: Witness = {
      tensor: (id) => stored[id % stored.length],
      layer: () => missing("layers"),
      columns: () => missing("lookups"),
    };
    const commit = (name: TreeName, seed: Uint8Array): CommittedTree => {
      const tree = layout.trees.find((candidate) => candidate.name === name);
      if (tree === undefined) return missing(name);
      // The uniform cells and salts of weights come from this stream of their seed, whichever tree opens them.
      const stream = new SecretStream(kernels, seed, "weights");
      return commitTree(
        kernels,
        tables,
        { plan, layout, tree, tensor: (id) => witness.tensor(id).ptr },
        stream,
      );
    };
    const old = commit("parent", parent.seed);
    if (!old.root.every((byte, i) => byte === epoch.root[i])) {
      throw new TensorproofError(
        "key.mismatch",
        "the proving key's weights and seed do not give its commitment",
      );
    }
    const seed = freshSeed();
    const renewed = commit("weights", seed);
    const header = writeCertificateHeader({
      subject: {
        kind: "weights",
        modelIdentity: modelIdentity(verificationKey),
        parentCertificate: epoch.certificate,
      },
      parentRoot: epoch.root,
      root: renewed.root,
      renewal: slots.takeRenewal(renewalsOf(key)),
    });
    const payload = provePayload(kernels, tables, certificateTranscript(header), {
      plan,
      layout,
      witness,
      trees: [old, renewed],
      publicValues: () => missing("public tensors"),
    });
    const certificate = new Uint8Array(header.length + payload.length);
    certificate.set(header);
    certificate.set(payload, header.length);
    return {
      certificate,
      provingKey: { verificationKey, program, seed, certificates: [...certificates, certificate] },
    };
  } finally {
    kernels.release(mark);
  }
}

function missing(what: string): never {
  throw new TypeError(`the plan of a certificate has no ${what}`);
}
