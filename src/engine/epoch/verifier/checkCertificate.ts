/**
 * Checks that an epoch holds the weights of a key: a certificate is checked once, and what it certifies is remembered
 * beside the key.
 */
import { hex } from "../../../bytes/hex.ts";
import { check, type VerificationFailure } from "../../../errors/proofError.ts";
import { planLayout } from "../../keyLayout.ts";
import { REQUIRED_BITS, type SecurityReport, securityReport } from "../../security.ts";
import { renewalsOf } from "../../slots.ts";
import type { WeightSlot } from "../../statement.ts";
import type { VerificationKey } from "../../verificationKey.ts";
import { attempt, sameBytes } from "../../verifier/attempt.ts";
import type { CertifiedEpoch, CheckedKey, KeyVerdict } from "../../verifier/checkedKey.ts";
import { verifyPayload } from "../../verifier/verifyPayload.ts";
import {
  type CertificateHeader,
  certificateTranscript,
  MAX_EPOCH_DEPTH,
  type OpenedCertificate,
  openCertificate,
  type WeightSubject,
} from "../certificate.ts";
import { planRenewal, weightTensors } from "../renewalPlan.ts";

export type CertificateVerdict =
  | { readonly ok: true; readonly epoch: CertifiedEpoch }
  | { readonly ok: false; readonly error: VerificationFailure };

/** A certificate about weights. */
interface OpenedEpoch extends OpenedCertificate {
  readonly header: CertificateHeader<WeightSubject>;
}

/** Checks one certificate whose parent the key knows. */
export function checkCertificate(certificate: Uint8Array, checked: CheckedKey): CertificateVerdict {
  return attempt(
    (): CertificateVerdict => ({ ok: true, epoch: certifiedEpoch(openEpoch(certificate), checked) }),
  );
}

/**
 * The key with the epochs of these certificates, in any order: each after its parent's. Those that the key knows already
 * cost nothing.
 */
export function withEpochs(checked: CheckedKey, certificates: readonly Uint8Array[]): KeyVerdict {
  return attempt((): KeyVerdict => {
    const epochs = new Map(checked.epochs);
    let waiting = certificates.map(openEpoch).filter(({ digest }) => !epochs.has(hex(digest)));
    while (waiting.length > 0) {
      // One whose parent is not among those that wait. Digests make no circle: if there were none, the first is refused.
      const digests = new Set(waiting.map(({ digest }) => hex(digest)));
      const isNext = ({ header }: OpenedEpoch): boolean =>
        !digests.has(hex(header.subject.parentCertificate));
      const next = waiting.find(isNext) ?? waiting[0];
      epochs.set(hex(next.digest), certifiedEpoch(next, { ...checked, epochs }));
      waiting = waiting.filter(({ digest }) => !epochs.has(hex(digest)));
    }
    return { ok: true, key: { ...checked, epochs } };
  });
}

/** What a certificate under this key is worth, round by round. */
export function certificateSecurity({ program, parameters }: VerificationKey): SecurityReport {
  const plan = planRenewal(weightTensors(program), "parent", "weights");
  return securityReport(plan, planLayout(plan, parameters));
}

/** The epoch that a proof was made in is the key's commitment or a certified one. */
export function checkEpoch({ epochRoot, certificates }: WeightSlot, checked: CheckedKey): void {
  const epoch = knownCommitment(certificates, checked);
  check(
    epoch !== null,
    "statement.epoch",
    `the proof belongs to the epoch ${hex(epochRoot)}: give its certificate ${hex(certificates)}, and those of its parents`,
  );
  check(
    sameBytes(epochRoot, epoch.root),
    "statement.epoch",
    "the certificate that is named introduces another epoch",
  );
}

function openEpoch(certificate: Uint8Array): OpenedEpoch {
  const opened = openCertificate(certificate);
  const { subject } = opened.header;
  check(subject.kind === "weights", "certificate.kind", "it is about committed inputs or outputs");
  return { ...opened, header: { ...opened.header, subject } };
}

/** The commitment that a digest stands for: the key's for zero. */
function knownCommitment(
  digest: Uint8Array,
  { key, epochs }: CheckedKey,
): { readonly root: Uint8Array; readonly depth: number } | null {
  if (digest.some((byte) => byte !== 0)) return epochs.get(hex(digest)) ?? null;
  return key.weights.kind === "hidden" ? { root: key.weights.root, depth: 0 } : null;
}

function certifiedEpoch(opened: OpenedEpoch, checked: CheckedKey): CertifiedEpoch {
  const { header, headerBytes, digest, reader } = opened;
  const { subject, parentRoot, root, renewal } = header;
  const { key, identity } = checked;
  check(sameBytes(subject.modelIdentity, identity), "certificate.model", "made for another verification key");
  const parent = knownCommitment(subject.parentCertificate, checked);
  check(
    parent !== null,
    "certificate.parent",
    `the parent's certificate ${hex(subject.parentCertificate)} is not given`,
  );
  check(
    sameBytes(parentRoot, parent.root),
    "certificate.parent",
    "another commitment than its parent's certificate introduces",
  );
  const depth = parent.depth + 1;
  check(
    depth <= MAX_EPOCH_DEPTH,
    "certificate.depth",
    `${depth} certificates from the key, at most ${MAX_EPOCH_DEPTH}`,
  );
  const renewals = renewalsOf(key);
  check(renewal < renewals, "certificate.renewal", `renewal ${renewal} of ${renewals}`);
  check(!sameBytes(root, parentRoot), "certificate.root", "an epoch is a commitment of its own");
  const plan = planRenewal(weightTensors(key.program), "parent", "weights");
  const layout = planLayout(plan, key.parameters);
  const { bits } = securityReport(plan, layout);
  check(bits >= REQUIRED_BITS, "certificate.security", `${Math.floor(bits)} bits`);
  const roots = { parent: parentRoot, weights: root };
  verifyPayload(certificateTranscript(headerBytes), plan, layout, roots, noPublicValues, reader);
  return { root, certificate: digest, depth };
}

function noPublicValues(): Int32Array {
  throw new TypeError("a certificate's plan has no public tensors");
}
