/**
 * A certificate as a file: a header that says which commitment holds what which other one holds, and the proof of it.
 * The header is all that a certificate claims, and the transcript of the proof begins with its bytes.
 */
import { ByteReader } from "../../bytes/byteReader.ts";
import { ByteWriter } from "../../bytes/byteWriter.ts";
import { totalBits } from "../../claims/axes.ts";
import { TensorproofError } from "../../errors/tensorproofError.ts";
import { HASH_BYTES, keyedHash, labelKey } from "../../hash/blake3.ts";
import { Transcript } from "../../transcript/transcript.ts";

/** Weights of a model: shapes and parameters are those of its verification key. */
export interface WeightSubject {
  readonly kind: "weights";
  readonly modelIdentity: Uint8Array;
  /** Digest of the certificate that introduced the parent; zero for the commitment in the key. */
  readonly parentCertificate: Uint8Array;
}

/** Committed inputs or outputs of a model: parameters are those of its verification key. */
export interface DataSubject {
  readonly kind: "data";
  readonly modelIdentity: Uint8Array;
  /** Of each tensor, true lengths, the batch axis first. */
  readonly axes: readonly (readonly number[])[];
}

export interface CertificateHeader<
  Subject extends WeightSubject | DataSubject = WeightSubject | DataSubject,
> {
  readonly subject: Subject;
  readonly parentRoot: Uint8Array;
  readonly root: Uint8Array;
  /** Which of the parent's reserved openings this certificate takes. */
  readonly renewal: number;
}

export interface OpenedCertificate {
  readonly header: CertificateHeader;
  readonly headerBytes: Uint8Array;
  /** What proofs name the certificate by. */
  readonly digest: Uint8Array;
  /** Stands at the payload. */
  readonly reader: ByteReader;
}

/** An epoch's certificate links it to the key by at most this many steps. */
export const MAX_EPOCH_DEPTH = 3;
const MAGIC: Uint8Array = new TextEncoder().encode("TPEC");
export const CERTIFICATE_VERSION = 1;
const DIGEST_KEY: Uint8Array = labelKey("certificate/v1");
const WEIGHTS = 0;
const DATA = 1;
/** Virtual cells of one tensor that a plan may have. */
const MAX_VIRTUAL_BITS = 28;

export function isCertificate(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, i) => bytes[i] === byte);
}

export function writeCertificateHeader({
  subject,
  parentRoot,
  root,
  renewal,
}: CertificateHeader): Uint8Array {
  const writer = new ByteWriter();
  writer.bytes(MAGIC);
  writer.u16(CERTIFICATE_VERSION);
  writer.u8(subject.kind === "weights" ? WEIGHTS : DATA);
  writer.bytes(subject.modelIdentity);
  if (subject.kind === "weights") writer.bytes(subject.parentCertificate);
  else {
    writer.u8(subject.axes.length);
    for (const axes of subject.axes) {
      writer.u8(axes.length);
      for (const length of axes) writer.u32(length);
    }
  }
  writer.bytes(parentRoot);
  writer.bytes(root);
  writer.u16(renewal);
  return writer.finish();
}

/** @throws TensorproofError `certificate.truncated`, `certificate.notCanonical`, `certificate.version` */
export function openCertificate(bytes: Uint8Array): OpenedCertificate {
  const reader = new ByteReader(bytes, "certificate");
  reader.require(MAGIC.length);
  if (!isCertificate(bytes)) throw reader.notCanonical("byte 0", "this is no certificate");
  reader.bytes(MAGIC.length);
  const version = reader.u16();
  if (version !== CERTIFICATE_VERSION) {
    throw new TensorproofError(
      "certificate.version",
      `the certificate has format version ${version}; this release reads version ${CERTIFICATE_VERSION}`,
    );
  }
  const kind = reader.u8();
  if (kind !== WEIGHTS && kind !== DATA) throw reader.notCanonical("kind", `unknown kind ${kind}`);
  // Copies: what a verifier remembers must not change with a buffer that its caller uses again.
  const hash = (): Uint8Array => Uint8Array.from(reader.bytes(HASH_BYTES));
  const modelIdentity = hash();
  const subject =
    kind === WEIGHTS
      ? ({ kind: "weights", modelIdentity, parentCertificate: hash() } as const)
      : ({ kind: "data", modelIdentity, axes: readAllAxes(reader) } as const);
  const header = { subject, parentRoot: hash(), root: hash(), renewal: reader.u16() };
  const headerBytes = bytes.subarray(0, bytes.length - reader.bytesLeft);
  return { header, headerBytes, digest: keyedHash(DIGEST_KEY, bytes), reader };
}

function readAllAxes(reader: ByteReader): number[][] {
  const count = reader.u8();
  if (count === 0) throw reader.notCanonical("axes", "a certificate about no tensor");
  return Array.from({ length: count }, () => {
    const axes = Array.from({ length: reader.u8() }, () => reader.u32());
    if (axes.some((length) => length < 1) || totalBits(axes) > MAX_VIRTUAL_BITS)
      throw reader.notCanonical("axes", `no tensor has the axes [${axes}]`);
    return axes;
  });
}

export function certificateTranscript(headerBytes: Uint8Array): Transcript {
  const transcript = new Transcript("tensorproof/certificate/v1");
  transcript.absorbBytes("certificate/header", headerBytes);
  return transcript;
}
