/**
 * Opens a new epoch: commits to the same weights anew and certifies it. The parent is opened once more for this, which the
 * budget of its proofs does not pay for: certificates have uses of their own.
 */
import { freshSeed } from "../../../commitment/prover/secretStream.ts";
import { TensorproofError } from "../../../errors/tensorproofError.ts";
import type { KernelSet } from "../../../kernels/kernelSet.ts";
import type { ProvingKey } from "../../provingKey.ts";
import { KEPT_RENEWALS, type RenewalCounter, renewalsOf } from "../../slots.ts";
import { modelIdentity, readVerificationKey } from "../../verificationKey.ts";
import { MAX_EPOCH_DEPTH, writeCertificateHeader } from "../certificate.ts";
import { provingEpoch } from "../provingEpoch.ts";
import { planRenewal, weightTensors } from "../renewalPlan.ts";
import { proveRenewal } from "./proveRenewal.ts";

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
  const tensors = weightTensors(key.program);
  const seed = freshSeed();
  const data = program.constants.map((constant) => constant.data);
  const certificate = proveRenewal(kernels, {
    plan: planRenewal(tensors, "parent", "weights"),
    parameters: key.parameters,
    parent: { name: "parent", seed: parent.seed },
    renewed: { name: "weights", seed },
    purpose: "weights",
    values: [...data, ...data],
    header: (parentRoot, root) => {
      if (!parentRoot.every((byte, i) => byte === epoch.root[i])) {
        throw new TensorproofError(
          "key.mismatch",
          "the proving key's weights and seed do not give its commitment",
        );
      }
      return writeCertificateHeader({
        subject: {
          kind: "weights",
          modelIdentity: modelIdentity(verificationKey),
          parentCertificate: epoch.certificate,
        },
        parentRoot,
        root,
        renewal: slots.takeRenewal(renewalsOf(key), KEPT_RENEWALS),
      });
    },
  });
  return {
    certificate,
    provingKey: { verificationKey, program, seed, certificates: [...certificates, certificate] },
  };
}
