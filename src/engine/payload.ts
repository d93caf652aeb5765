/**
 * The cryptographic part of a proof as bytes. Every length follows from the plan and the layout, so that reading neither
 * trusts a length nor allocates more than the key allows; the Merkle paths are read once the positions are known.
 */
import type { ByteReader } from "../bytes/byteReader.ts";
import type { OpenedTree, OpeningHead } from "../commitment/opening.ts";
import { rowLength, type StackLayout, type StackTree } from "../commitment/stackLayout.ts";
import { EXT_WORDS, type Ext } from "../field/ext.ts";
import { allCanonical, type ExtVector, getExt } from "../field/extVector.ts";
import { bytesToWords, HASH_BYTES } from "../hash/blake3.ts";
import { missingSiblings, SALT_BYTES } from "../hash/merkle.ts";

/** Everything before the opened columns. */
export interface PayloadHead {
  readonly adviceRoot: Uint8Array;
  /** Nonce of the work before the lookup challenges; null where none is asked for. */
  readonly lookupNonce: number | null;
  readonly scalars: ExtVector;
  readonly opening: OpeningHead;
}

/** Bytes that every payload of this layout has at least; checked before any work. */
export function minimumPayloadBytes(layout: StackLayout, numScalars: number): number {
  const { logColumns, queries } = layout.parameters;
  const exts = numScalars + 2 + 2 * logColumns + rowLength(layout.parameters);
  return (
    HASH_BYTES + 4 * EXT_WORDS * exts + 4 + queries * (4 * layout.numRows + SALT_BYTES * layout.trees.length)
  );
}

/** What a plan fixes of its payload. */
export interface PayloadShape {
  readonly scalars: number;
  readonly lookupWorkBits: number;
}

export function readPayloadHead(reader: ByteReader, layout: StackLayout, shape: PayloadShape): PayloadHead {
  const { logColumns } = layout.parameters;
  const adviceRoot = reader.bytes(HASH_BYTES);
  const lookupNonce = shape.lookupWorkBits > 0 ? reader.u32() : null;
  const scalars = readExts(reader, shape.scalars);
  const maskSum = readExt(reader);
  const rounds = Array.from({ length: logColumns }, () => ({ c0: readExt(reader), c2: readExt(reader) }));
  const proximity = readExt(reader);
  const vector = readExts(reader, rowLength(layout.parameters));
  const nonce = reader.u32();
  return { adviceRoot, lookupNonce, scalars, opening: { maskSum, rounds, proximity, vector, nonce } };
}

export function readOpenedTree(
  reader: ByteReader,
  layout: StackLayout,
  tree: StackTree,
  positions: readonly number[],
): OpenedTree {
  const columns = readFieldWords(reader, positions.length * tree.numRows);
  const salts = reader.bytes(positions.length * SALT_BYTES);
  const numHashes = missingSiblings(positions, layout.parameters.logLength).reduce(
    (sum, level) => sum + level.length,
    0,
  );
  reader.require(numHashes * HASH_BYTES);
  const path = Array.from({ length: numHashes }, () => reader.bytes(HASH_BYTES));
  return { columns, salts, path };
}

function readExt(reader: ByteReader): Ext {
  return getExt(readExts(reader, 1), 0);
}

function readExts(reader: ByteReader, count: number): ExtVector {
  return readFieldWords(reader, count * EXT_WORDS);
}

function readFieldWords(reader: ByteReader, count: number): Uint32Array {
  const { where } = reader;
  const words = bytesToWords(reader.bytes(4 * count));
  if (!allCanonical(words)) throw reader.notCanonical(where, "a word is no field element");
  return words;
}
