/**
 * The cryptographic part of a proof as bytes. Every length follows from the plan and the layout, so that reading neither
 * trusts a length nor allocates more than the key allows; the Merkle paths are read once the positions are known.
 */
import type { ByteReader } from "../bytes/byteReader.ts";
import type {
  CombinationHead,
  OpenedLevel,
  OpenedTree,
  OpeningHead,
  SentVector,
} from "../commitment/opening.ts";
import { type InnerShape, innerShapes } from "../commitment/parameters.ts";
import { rowLength, type StackLayout, type StackTree } from "../commitment/stackLayout.ts";
import { EXT_WORDS, type Ext } from "../field/ext.ts";
import { allCanonical, type ExtVector, getExt } from "../field/extVector.ts";
import { bytesToWords, HASH_BYTES } from "../hash/blake3.ts";
import { missingSiblings, SALT_BYTES } from "../hash/merkle.ts";

const EXT_BYTES = 4 * EXT_WORDS;

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
  const { parameters } = layout;
  const shapes = innerShapes(parameters);
  const outer =
    HASH_BYTES +
    EXT_BYTES * (numScalars + 1) +
    headBytes(parameters.logColumns, sentBytes(rowLength(parameters), shapes[0])) +
    parameters.queries * (4 * layout.numRows + SALT_BYTES * layout.trees.length);
  return shapes.reduce(
    (sum, shape, i) =>
      sum +
      headBytes(shape.numVariables, sentBytes(2 ** shape.logColumns, shapes[i + 1])) +
      shape.queries * EXT_BYTES * shape.numRows,
    outer,
  );
}

/** Rounds, proximity, vector or root, nonce. */
function headBytes(numRounds: number, sent: number): number {
  return EXT_BYTES * (2 * numRounds + 1) + sent + 4;
}

/** A vector goes out in clear unless there is a level that commits to it. */
function sentBytes(length: number, next: InnerShape | undefined): number {
  return next === undefined ? EXT_BYTES * length : HASH_BYTES;
}

/** What a plan fixes of its payload. */
export interface PayloadShape {
  readonly scalars: number;
  readonly lookupWorkBits: number;
}

export function readPayloadHead(reader: ByteReader, layout: StackLayout, shape: PayloadShape): PayloadHead {
  const { parameters } = layout;
  const adviceRoot = reader.bytes(HASH_BYTES);
  const lookupNonce = shape.lookupWorkBits > 0 ? reader.u32() : null;
  const scalars = readExts(reader, shape.scalars);
  const maskSum = readExt(reader);
  const [next] = innerShapes(parameters);
  const head = readCombinationHead(reader, parameters.logColumns, rowLength(parameters), next);
  return { adviceRoot, lookupNonce, scalars, opening: { maskSum, ...head } };
}

/** `next`: the level that commits to the vector, if any. */
export function readLevelHead(
  reader: ByteReader,
  shape: InnerShape,
  next: InnerShape | undefined,
): CombinationHead {
  return readCombinationHead(reader, shape.numVariables, 2 ** shape.logColumns, next);
}

function readCombinationHead(
  reader: ByteReader,
  numRounds: number,
  length: number,
  next: InnerShape | undefined,
): CombinationHead {
  const rounds = Array.from({ length: numRounds }, () => ({ c0: readExt(reader), c2: readExt(reader) }));
  const proximity = readExt(reader);
  const sent: SentVector =
    next === undefined
      ? { kind: "clear", vector: readExts(reader, length) }
      : { kind: "committed", root: reader.bytes(HASH_BYTES) };
  return { rounds, proximity, sent, nonce: reader.u32() };
}

export function readOpenedTree(
  reader: ByteReader,
  layout: StackLayout,
  tree: StackTree,
  positions: readonly number[],
): OpenedTree {
  const columns = readFieldWords(reader, positions.length * tree.numRows);
  const salts = reader.bytes(positions.length * SALT_BYTES);
  return { columns, salts, path: readPath(reader, positions, layout.parameters.logLength) };
}

export function readOpenedLevel(
  reader: ByteReader,
  shape: InnerShape,
  positions: readonly number[],
): Pick<OpenedLevel, "columns" | "path"> {
  const columns = readExts(reader, positions.length * shape.numRows);
  return { columns, path: readPath(reader, positions, shape.logLength) };
}

function readPath(reader: ByteReader, positions: readonly number[], depth: number): Uint8Array[] {
  const numHashes = missingSiblings(positions, depth).reduce((sum, level) => sum + level.length, 0);
  reader.require(numHashes * HASH_BYTES);
  return Array.from({ length: numHashes }, () => reader.bytes(HASH_BYTES));
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
