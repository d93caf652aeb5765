/**
 * A certificate as a file: a header that says which commitment holds what which other one holds, and the proof of it.
 * The header is all that a certificate claims, and the transcript of the proof begins with its bytes.
 */
import { ByteReader } from "../../bytes/byteReader.ts";
import { ByteWriter } from "../../bytes/byteWriter.ts";
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

export interface CertificateHeader {
  readonly subject: WeightSubject;
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
  writer.u8(WEIGHTS);
  writer.bytes(subject.modelIdentity);
  writer.bytes(subject.parentCertificate);
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
  if (kind !== WEIGHTS) throw reader.notCanonical("kind", `unknown kind ${kind}`);
  // Copies: what a verifier remembers must not change with a buffer that its caller uses again.
  const hash = (): Uint8Array => Uint8Array.from(reader.bytes(HASH_BYTES));
  const subject = { kind: "weights", modelIdentity: hash(), parentCertificate: hash() } as const;
  const header = { subject, parentRoot: hash(), root: hash(), renewal: reader.u16() };
  const headerBytes = bytes.subarray(0, bytes.length - reader.bytesLeft);
  return { header, headerBytes, digest: keyedHash(DIGEST_KEY, bytes), reader };
}

export function certificateTranscript(headerBytes: Uint8Array): Transcript {
  const transcript = new Transcript("tensorproof/certificate/v1");
  transcript.absorbBytes("certificate/header", headerBytes);
  return transcript;
}
