/** A certificate of the tiny dense program's weights, with all that its verification says on the way. */
import { hex as hexOf } from "../../src/bytes/hex.ts";
import { planRenewal, weightTensors } from "../../src/engine/epoch/renewalPlan.ts";
import { checkVerificationKey } from "../../src/engine/verifier/verify.ts";
import { programStructure } from "../../src/program/programStructure.ts";
import { checkCertificate } from "../../src/verify.ts";
import { dense } from "./planPrograms.ts";
import type { Json } from "./planVectors.ts";
import { recorded, relationsJson } from "./proofTrace.ts";
import { outdated } from "./proofVector.ts";

export interface CertificateBytes {
  readonly key: Uint8Array;
  readonly certificate: Uint8Array;
}

/** What a verifier makes of the bytes. */
export function certificateVector({ key, certificate }: CertificateBytes): Json {
  const verdict = checkVerificationKey(key);
  if (!verdict.ok) throw outdated(`key: ${verdict.error.code}`);
  const { result, steps } = recorded(() => checkCertificate(certificate, verdict.key));
  if (!result.ok) throw outdated(`certificate: ${result.error.code}`);
  const { epoch } = result;
  const plan = planRenewal(weightTensors(programStructure(dense())), "parent", "weights");
  return {
    certificateBytes: certificate.length,
    digest: hexOf(epoch.certificate),
    root: hexOf(epoch.root),
    depth: epoch.depth,
    steps,
    relations: relationsJson(plan, steps, () => new Int32Array()),
  };
}
