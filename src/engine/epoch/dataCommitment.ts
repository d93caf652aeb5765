/**
 * A commitment to inputs or outputs that several proofs read: what its owner keeps. Secret. Every proof that reads it opens
 * it once, and a counter of its own, as durable as a key's, counts them.
 */
import { ByteReader } from "../../bytes/byteReader.ts";
import { ByteWriter } from "../../bytes/byteWriter.ts";
import { realCells } from "../../claims/axes.ts";
import type { CommitmentParameters } from "../../commitment/parameters.ts";
import { TensorproofError } from "../../errors/tensorproofError.ts";
import { HASH_BYTES, keyedHash, labelKey } from "../../hash/blake3.ts";
import { DATA_RENEWALS } from "../slots.ts";

/** What keys must have in common for their proofs to read one commitment. */
export type DataShape = Pick<CommitmentParameters, "logColumns" | "logLength" | "queries" | "dataUses">;

export interface CommittedTensor {
  readonly name: string;
  /** True lengths, the batch axis first. */
  readonly axes: readonly number[];
  /** Integers over the axes, row-major. */
  readonly values: Int32Array;
}

export interface DataCommitment {
  readonly shape: DataShape;
  readonly tensors: readonly CommittedTensor[];
  readonly root: Uint8Array;
  /** Of the uniform cells and salts. */
  readonly seed: Uint8Array;
  /** Openings before the counter begins: by the proof whose output it is, or the certificate that introduced it. */
  readonly spent: number;
}

/** Streams of a seed that uniform cells and salts of data come from. */
export const DATA_PURPOSE = "data";
const MAGIC: Uint8Array = new TextEncoder().encode("TPDC");
const VERSION = 1;
const CHECKSUM_KEY: Uint8Array = labelKey("data-commitment-checksum/v1");

/** Proofs that may read the commitment. */
export function dataBudget({ shape, spent }: DataCommitment): number {
  return Math.max(0, shape.dataUses - spent - DATA_RENEWALS);
}

export function dataShape({ logColumns, logLength, queries, dataUses }: DataShape): DataShape {
  return { logColumns, logLength, queries, dataUses };
}

/** @throws TensorproofError `commitment.parameters`, `commitment.layout` */
export function requireReadable(
  { shape, tensors }: DataCommitment,
  parameters: DataShape,
  wanted: readonly { readonly name: string; readonly axes: readonly number[] }[],
): void {
  const names = {
    logColumns: "log2 of columns",
    logLength: "log2 of code length",
    queries: "queries",
    dataUses: "openings",
  };
  const differing = (Object.keys(names) as (keyof DataShape)[]).filter(
    (name) => shape[name] !== parameters[name],
  );
  if (differing.length > 0) {
    const list = differing
      .map((name) => `${names[name]} ${shape[name]} against ${parameters[name]}`)
      .join(", ");
    throw new TensorproofError(
      "commitment.parameters",
      `the commitment was made for a key of other parameters (${list}): set this model up with \`setup --like KEY\`, where KEY is that key`,
      { where: "commitment" },
    );
  }
  const text = (all: readonly { readonly axes: readonly number[] }[]): string =>
    all.map(({ axes }) => `[${axes}]`).join(", ");
  if (text(tensors) === text(wanted)) return;
  throw new TensorproofError(
    "commitment.layout",
    `the commitment holds tensors of ${text(tensors)} (samples first, without axes of length 1), and ${text(wanted)} are to be read`,
    { where: wanted.map(({ name }) => name).join(", ") },
  );
}

export function isDataCommitment(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, i) => bytes[i] === byte);
}

export function writeDataCommitment({ shape, tensors, root, seed, spent }: DataCommitment): Uint8Array {
  const writer = new ByteWriter();
  writer.bytes(MAGIC);
  writer.u16(VERSION);
  writer.u8(shape.logColumns);
  writer.u8(shape.logLength);
  writer.u16(shape.queries);
  writer.u16(shape.dataUses);
  writer.u8(spent);
  writer.bytes(root);
  writer.bytes(seed);
  writer.u8(tensors.length);
  for (const { name, axes, values } of tensors) {
    writer.text(name);
    writer.u8(axes.length);
    for (const length of axes) writer.u32(length);
    for (const value of values) writer.i32(value);
  }
  writer.bytes(keyedHash(CHECKSUM_KEY, writer.finish()));
  return writer.finish();
}

/** @throws TensorproofError `commitment.truncated`, `commitment.notCanonical`, `commitment.version`, `commitment.checksum` */
export function readDataCommitment(bytes: Uint8Array): DataCommitment {
  const reader = new ByteReader(bytes, "commitment");
  reader.require(MAGIC.length);
  if (!isDataCommitment(bytes)) throw reader.notCanonical("byte 0", "this is no commitment to data");
  reader.bytes(MAGIC.length);
  const version = reader.u16();
  if (version !== VERSION) {
    throw new TensorproofError(
      "commitment.version",
      `the commitment has format version ${version}; this release reads version ${VERSION}`,
    );
  }
  const shape = {
    logColumns: reader.u8(),
    logLength: reader.u8(),
    queries: reader.u16(),
    dataUses: reader.u16(),
  };
  const spent = reader.u8();
  const root = Uint8Array.from(reader.bytes(HASH_BYTES));
  const seed = Uint8Array.from(reader.bytes(HASH_BYTES));
  const tensors = Array.from({ length: reader.u8() }, () => {
    const name = reader.text();
    const axes = Array.from({ length: reader.u8() }, () => reader.u32());
    reader.require(4 * realCells(axes));
    return { name, axes, values: Int32Array.from({ length: realCells(axes) }, () => reader.i32()) };
  });
  const body = bytes.subarray(0, bytes.length - reader.bytesLeft);
  const checksum = reader.bytes(HASH_BYTES);
  reader.end();
  if (!keyedHash(CHECKSUM_KEY, body).every((byte, i) => byte === checksum[i]))
    throw new TensorproofError(
      "commitment.checksum",
      "the commitment's file is damaged: restore it, or commit again",
    );
  return { shape, tensors, root, seed, spent };
}
