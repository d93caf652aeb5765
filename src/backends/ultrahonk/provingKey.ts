/** What a prover holds besides the program: salt of hidden weights, verification key, circuit, and the points to prove with. */
import { ByteReader } from "../../bytes/byteReader.ts";
import { ByteWriter } from "../../bytes/byteWriter.ts";
import { parseResidue, residueBytes } from "../r1cs/scalarField.ts";

export interface HonkProvingKey {
  /** Secret where weights are hidden; 0 for public ones. */
  readonly weightSalt: bigint;
  readonly verificationKey: Uint8Array;
  /** The compiled circuit as JSON. */
  readonly circuit: Uint8Array;
  /** Points of the reference string; none where Barretenberg finds its own. */
  readonly points: Uint8Array;
}

const MAGIC: Uint8Array = new TextEncoder().encode("TPUP");
const VERSION = 1;
const SALT_BYTES = 32;

export function writeHonkProvingKey(key: HonkProvingKey): Uint8Array {
  const writer = new ByteWriter();
  writer.bytes(MAGIC);
  writer.u16(VERSION);
  writer.bytes(residueBytes(key.weightSalt));
  for (const part of [key.verificationKey, key.circuit, key.points]) {
    writer.u32(part.length);
    writer.bytes(part);
  }
  return writer.finish();
}

/** @throws TensorproofError `key.truncated`, `key.notCanonical` */
export function readHonkProvingKey(bytes: Uint8Array): HonkProvingKey {
  const reader = new ByteReader(bytes, "key");
  const magic = reader.bytes(MAGIC.length);
  if (!magic.every((byte, i) => byte === MAGIC[i]))
    throw reader.notCanonical("byte 0", "this is no proving key of this backend");
  if (reader.u16() !== VERSION) throw reader.notCanonical("byte 4", "unknown version");
  const weightSalt = parseResidue(reader.bytes(SALT_BYTES));
  if (weightSalt === null) throw reader.notCanonical("salt", "not below the field's order");
  const verificationKey = reader.bytes(reader.u32());
  const circuit = reader.bytes(reader.u32());
  const points = reader.bytes(reader.u32());
  reader.end();
  return { weightSalt, verificationKey, circuit, points };
}
