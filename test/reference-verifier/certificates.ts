/**
 * Checks of certificates, and the epochs that a checked key knows: docs/spec/09-epochs.md, 9.1, 9.3, 9.4 and 9.6.
 */
import { equalBytes, hex, Reader } from "./bytes.ts";
import { type CertificateFile, readCertificate } from "./certificateFile.ts";
import { type CheckedKey, type Epoch, epochOf } from "./checkedKey.ts";
import { constantAxes } from "./inferencePlan.ts";
import { checkPayload } from "./payload.ts";
import { type Equality, type Holder, type Plan, subtractExpressions, wholeTensor } from "./plan.ts";
import { planNumbers } from "./planNumbers.ts";
import { must, refuse } from "./refusal.ts";
import { securityLevel } from "./security.ts";
import type { TreeName } from "./stack.ts";
import { Transcript } from "./transcript.ts";

const MAX_DEPTH = 3;
const MIN_BITS = 100;

/** The key with the epochs of these certificates: 9.4, "Several files". */
export function withEpochs(key: CheckedKey, files: readonly Uint8Array[]): CheckedKey {
  let waiting = files.map(readCertificateOfWeights);
  let result = key;
  while (waiting.length > 0) {
    const waits = (parent: Uint8Array): boolean => waiting.some(({ digest }) => equalBytes(digest, parent));
    const next = waiting.find(({ parent }) => !waits(parent)) ?? waiting[0]!;
    const epoch = checkWeights(next, next.parent, result);
    result = { ...result, epochs: new Map([...result.epochs, [hex(next.digest), epoch]]) };
    waiting = waiting.filter((file) => file !== next);
  }
  return result;
}

function readCertificateOfWeights(bytes: Uint8Array): CertificateFile & { parent: Uint8Array } {
  const file = readCertificate(bytes);
  if (file.subject.kind !== "weights") refuse("certificate.kind", "not of weights");
  return { ...file, parent: file.subject.parent };
}

/** 9.4, steps 3 to 10: the epoch that a certificate introduces. */
function checkWeights(file: CertificateFile, parentDigest: Uint8Array, key: CheckedKey): Epoch {
  const { parameters, budget, program, identity } = key.file;
  must(equalBytes(file.modelIdentity, identity), "certificate.model", "model identity");
  const parent = epochOf(key, parentDigest);
  if (parent === undefined) refuse("certificate.parent", "unknown parent");
  must(equalBytes(parent.root, file.parentRoot), "certificate.parent", "root of the parent");
  const depth = parent.depth + 1;
  must(depth <= MAX_DEPTH, "certificate.depth", `${depth}`);
  const renewals = Math.max(0, parameters.weightUses - budget - 1);
  must(file.renewal < renewals, "certificate.renewal", `${file.renewal} of ${renewals}`);
  must(!equalBytes(file.root, file.parentRoot), "certificate.root", "the root of the parent");
  checkRenewal(file, key, constantAxes(program), "parent", "weights");
  return { root: file.root, depth };
}

/** 9.6: a certificate of data. */
export function checkDataCertificate(bytes: Uint8Array, key: CheckedKey): CertificateFile {
  const file = readCertificate(bytes);
  if (file.subject.kind !== "data") refuse("certificate.kind", "not of data");
  must(equalBytes(file.modelIdentity, key.file.identity), "certificate.model", "model identity");
  must(file.renewal < 1, "certificate.renewal", `${file.renewal}`);
  checkRenewal(file, key, file.subject.axes, "input", "output");
  return file;
}

/** Security and payload. */
function checkRenewal(
  file: CertificateFile,
  key: CheckedKey,
  axes: readonly (readonly number[])[],
  before: TreeName,
  after: TreeName,
): void {
  const { parameters } = key.file;
  const plan = renewal(axes, before, after);
  must(securityLevel(planNumbers(plan), parameters) >= MIN_BITS, "certificate.security", "too few bits");
  const transcript = new Transcript("tensorproof/certificate/v1");
  transcript.absorbBytes("certificate/header", file.header);
  const roots = new Map<TreeName, Uint8Array>([
    [before, file.parentRoot],
    [after, file.root],
  ]);
  checkPayload(transcript, plan, parameters, roots, new Map(), new Reader(file.payload, "certificate"));
}

/** 9.3: two trees hold the same tensors. */
function renewal(axes: readonly (readonly number[])[], before: Holder, after: Holder): Plan {
  const held = (holder: Holder): Plan["tensors"] =>
    axes.map((lengths, index) => ({ name: `${holder} ${index}`, axes: lengths, holder }));
  const equalities = axes.map((lengths, index): Equality => {
    const old = wholeTensor(index, lengths.length);
    const renewed = wholeTensor(axes.length + index, lengths.length);
    return { name: `renewed ${index}`, axes: lengths, expression: subtractExpressions(old, renewed) };
  });
  return { tensors: [...held(before), ...held(after)], sections: [], layers: [], equalities };
}
