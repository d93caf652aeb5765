/** The proof as a file: magic, version, backend, statement, payload. */
import { ByteReader } from "../bytes/byteReader.ts";
import { TensorproofError } from "../errors/tensorproofError.ts";
import { readStatement, type Statement } from "./statement.ts";

export const PROOF_MAGIC: Uint8Array = new TextEncoder().encode("TPRF");
export const PROOF_VERSION = 1;
/** Backend that made the payload; others get their own numbers. */
export const BACKEND_NATIVE = 1;

export interface OpenedProof {
  readonly statement: Statement;
  readonly statementBytes: Uint8Array;
  /** Stands at the payload. */
  readonly reader: ByteReader;
}

/** @throws TensorproofError `proof.truncated`, `proof.notCanonical`, `proof.version`, `proof.backend` */
export function openProof(bytes: Uint8Array, expectedBackend: number = BACKEND_NATIVE): OpenedProof {
  const reader = new ByteReader(bytes, "proof");
  const magic = reader.bytes(PROOF_MAGIC.length);
  if (!magic.every((byte, i) => byte === PROOF_MAGIC[i]))
    throw reader.notCanonical("byte 0", "this is no proof");
  const version = reader.u16();
  if (version !== PROOF_VERSION) {
    throw new TensorproofError(
      "proof.version",
      `the proof has format version ${version}; this release reads version ${PROOF_VERSION}`,
    );
  }
  const backend = reader.u8();
  if (backend !== expectedBackend)
    throw new TensorproofError("proof.backend", `proof backend ${backend}, not ${expectedBackend}`);
  const length = reader.u32();
  const statementBytes = reader.bytes(length);
  const inner = new ByteReader(statementBytes, "proof");
  const statement = readStatement(inner);
  inner.end();
  return { statement, statementBytes, reader };
}
