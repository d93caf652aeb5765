/** Certificates by a prover that lies where told and follows the protocol everywhere else. */
import { freshSeed } from "../../../commitment/prover/secretStream.ts";
import type { KernelSet } from "../../../kernels/kernelSet.ts";
import type { ProvingKey } from "../../provingKey.ts";
import { modelIdentity, readVerificationKey } from "../../verificationKey.ts";
import {
  type CertificateHeader,
  openCertificate,
  type WeightSubject,
  writeCertificateHeader,
} from "../certificate.ts";
import { proveRenewal } from "../prover/proveRenewal.ts";
import type { Renewal } from "../prover/renewWeights.ts";
import { provingEpoch } from "../provingEpoch.ts";
import { planRenewal, weightTensors } from "../renewalPlan.ts";

export interface RenewalCheat {
  /** Changes the weights that the new epoch holds. */
  readonly weights?: (data: Int32Array[]) => void;
  /** The header that is proven and sent. */
  readonly header?: (header: CertificateHeader<WeightSubject>) => CertificateHeader;
  /** The header that is sent after the proof was made. */
  readonly sent?: (header: CertificateHeader<WeightSubject>) => CertificateHeader;
  /** The seed of the new commitment; that of its parent, for example. */
  readonly seed?: Uint8Array;
}

/** `renewWeights` with the deviations, and without its refusals. */
export function cheatRenewal(kernels: KernelSet, parent: ProvingKey, cheat: RenewalCheat): Renewal {
  const { verificationKey, program, certificates } = parent;
  const key = readVerificationKey(verificationKey);
  const epoch = provingEpoch(parent);
  if (epoch === null) throw new TypeError("public weights have no epochs");
  const seed = cheat.seed ?? freshSeed();
  const data = program.constants.map((constant) => constant.data);
  const changed = data.map((values) => values.slice());
  cheat.weights?.(changed);
  const proven = proveRenewal(kernels, {
    plan: planRenewal(weightTensors(key.program), "parent", "weights"),
    parameters: key.parameters,
    parent: { name: "parent", seed: parent.seed },
    renewed: { name: "weights", seed },
    purpose: "weights",
    values: [...data, ...changed],
    header: (parentRoot, root) => {
      const subject = {
        kind: "weights",
        modelIdentity: modelIdentity(verificationKey),
        parentCertificate: epoch.certificate,
      } as const;
      const honest = { subject, parentRoot, root, renewal: 0 };
      return writeCertificateHeader(cheat.header?.(honest) ?? honest);
    },
  });
  const header = openCertificate(proven).header as CertificateHeader<WeightSubject>;
  const certificate = proven.slice();
  // Headers of weights have one length.
  certificate.set(writeCertificateHeader(cheat.sent?.(header) ?? header));
  const constants = program.constants.map((constant, i) => ({ ...constant, data: changed[i] }));
  return {
    certificate,
    provingKey: {
      verificationKey,
      program: { ...program, constants },
      seed,
      certificates: [...certificates, certificate],
    },
  };
}
