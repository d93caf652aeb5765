/** What a prover of an R1CS backend holds besides the program: salt of hidden weights, verification key, key of the system. */
import { ByteReader } from "../../bytes/byteReader.ts";
import { ByteWriter } from "../../bytes/byteWriter.ts";
import { parseResidue, residueBytes } from "../r1cs/scalarField.ts";

export interface SnarkProvingKey {
  /** Secret where weights are hidden; 0 for public ones. */
  readonly weightSalt: bigint;
  readonly verificationKey: Uint8Array;
  readonly zkey: Uint8Array;
}

const MAGIC: Uint8Array = new TextEncoder().encode("TPSP");
const VERSION = 1;
const SALT_BYTES = 32;

export function writeSnarkProvingKey(key: SnarkProvingKey): Uint8Array {
  const writer = new ByteWriter();
  writer.bytes(MAGIC);
  writer.u16(VERSION);
  writer.bytes(residueBytes(key.weightSalt));
  for (const part of [key.verificationKey, key.zkey]) {
    writer.u32(part.length);
    writer.bytes(part);
  }
  return writer.finish();
}

/** @throws TensorproofError `key.truncated`, `key.notCanonical` */
export function readSnarkProvingKey(bytes: Uint8Array): SnarkProvingKey {
  const reader = new ByteReader(bytes, "key");
  const magic = reader.bytes(MAGIC.length);
  if (!magic.every((byte, i) => byte === MAGIC[i]))
    throw reader.notCanonical("byte 0", "this is no proving key of this backend");
  if (reader.u16() !== VERSION) throw reader.notCanonical("byte 4", "unknown version");
  const weightSalt = parseResidue(reader.bytes(SALT_BYTES));
  if (weightSalt === null) throw reader.notCanonical("salt", "not below the field's order");
  const verificationKey = reader.bytes(reader.u32());
  const zkey = reader.bytes(reader.u32());
  reader.end();
  return { weightSalt, verificationKey, zkey };
}
