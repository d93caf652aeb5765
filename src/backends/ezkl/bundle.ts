/** Several files as one: what a key of EZKL consists of. */
import { ByteReader } from "../../bytes/byteReader.ts";
import { ByteWriter } from "../../bytes/byteWriter.ts";

const MAGIC: Uint8Array = new TextEncoder().encode("TPEZ");

/** In a verification key: 1 where its reference string was made without a ceremony. */
export const INSECURE_FILE = "insecure";

export function writeBundle(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const writer = new ByteWriter();
  writer.bytes(MAGIC);
  const entries = Object.entries(files);
  writer.u16(entries.length);
  for (const [name, bytes] of entries) {
    writer.text(name);
    writer.u32(bytes.length);
    writer.bytes(bytes);
  }
  return writer.finish();
}

/** @throws TensorproofError `key.truncated`, `key.notCanonical` */
export function readBundle(bytes: Uint8Array, names: readonly string[]): Record<string, Uint8Array> {
  const reader = new ByteReader(bytes, "key");
  const magic = reader.bytes(MAGIC.length);
  if (!magic.every((byte, i) => byte === MAGIC[i]))
    throw reader.notCanonical("byte 0", "this is no key of EZKL");
  const files: Record<string, Uint8Array> = {};
  for (let left = reader.u16(); left > 0; left--) files[reader.text()] = reader.bytes(reader.u32());
  reader.end();
  const missing = names.filter((name) => files[name] === undefined);
  if (missing.length > 0) throw reader.notCanonical("files", `${missing.join(", ")} is missing`);
  return files;
}
