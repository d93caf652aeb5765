/**
 * What a prover holds: verification key, program with weights and the seed of one commitment to the weights. Secret. It
 * serves one host: a second one, or a restored backup, opens an epoch of its own (decision record 0010).
 */
import { ByteReader } from "../bytes/byteReader.ts";
import { ByteWriter } from "../bytes/byteWriter.ts";
import { TensorproofError } from "../errors/tensorproofError.ts";
import { HASH_BYTES, keyedHash, labelKey } from "../hash/blake3.ts";
import type { Program } from "../program/program.ts";
import { parseProgram, serialiseProgram } from "../program/programFile.ts";

export interface ProvingKey {
  readonly verificationKey: Uint8Array;
  readonly program: Program;
  /** Seed of the weight commitment's uniform cells and salts; all zero for public weights. */
  readonly seed: Uint8Array;
  /** Certificates from the verification key's commitment to that of the seed; none if it is the key's own. */
  readonly certificates: readonly Uint8Array[];
}

const MAGIC: Uint8Array = new TextEncoder().encode("TPPK");
const VERSION = 2;
const CHECKSUM_KEY: Uint8Array = labelKey("proving-key-checksum/v1");

export function isProvingKey(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, i) => bytes[i] === byte);
}

export function writeProvingKey(key: ProvingKey): Uint8Array {
  const writer = new ByteWriter();
  const program = serialiseProgram(key.program);
  writer.bytes(MAGIC);
  writer.u16(VERSION);
  writer.u32(key.verificationKey.length);
  writer.bytes(key.verificationKey);
  writer.u32(program.length);
  writer.bytes(program);
  writer.bytes(key.seed);
  writer.u8(key.certificates.length);
  for (const certificate of key.certificates) {
    writer.u32(certificate.length);
    writer.bytes(certificate);
  }
  const body = writer.finish();
  writer.bytes(keyedHash(CHECKSUM_KEY, body));
  return writer.finish();
}

/** @throws TensorproofError `key.truncated`, `key.notCanonical`, `key.version`, `key.checksum`, `program.*` */
export function readProvingKey(bytes: Uint8Array): ProvingKey {
  const reader = new ByteReader(bytes, "key");
  reader.require(MAGIC.length);
  if (!isProvingKey(bytes)) throw reader.notCanonical("byte 0", "this is no proving key");
  reader.bytes(MAGIC.length);
  const version = reader.u16();
  if (version !== VERSION) {
    throw new TensorproofError(
      "key.version",
      `the proving key has format version ${version}; this release reads version ${VERSION}: run setup again`,
    );
  }
  const verificationKey = reader.bytes(reader.u32());
  const programBytes = reader.bytes(reader.u32());
  const seed = reader.bytes(HASH_BYTES);
  const certificates = Array.from({ length: reader.u8() }, () => reader.bytes(reader.u32()));
  const body = bytes.subarray(0, bytes.length - reader.bytesLeft);
  const checksum = reader.bytes(HASH_BYTES);
  reader.end();
  if (!keyedHash(CHECKSUM_KEY, body).every((byte, i) => byte === checksum[i])) {
    throw new TensorproofError(
      "key.checksum",
      "the proving key is damaged; run setup again or restore it (its used slots stay used)",
    );
  }
  return { verificationKey, program: parseProgram(programBytes), seed, certificates };
}
