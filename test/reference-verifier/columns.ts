/**
 * What the opening of the stack and its levels of recursion have in common: rounds, positions, columns, paths;
 * docs/spec/06-opening.md, 6.5, 6.7 and 6.8.
 */
import { type Reader, u32Bytes } from "./bytes.ts";
import { type F, type K, multiply, sum } from "./field.ts";
import { missingNodes, workIsDone } from "./merkle.ts";
import { eqTable, type Point } from "./multilinear.ts";
import { must } from "./refusal.ts";
import type { Transcript } from "./transcript.ts";

/** c0 and c2 of a round. */
export type Round = readonly [K, K];

/** Σ_{j < 2^n} eq(point, j)·vector[j] */
export function innerProduct(point: Point, vector: readonly K[]): K {
  return sum(eqTable(point).map((weight, j) => multiply(weight, vector[j]!)));
}

/** Work and positions: 6.7, 3 to 5. */
export function drawPositions(
  transcript: Transcript,
  nonce: number,
  level: { grindBits: number; queries: number; logLength: number },
  code: string,
): number[] {
  const state = transcript.challengeBytes("opening/grind", 32);
  must(workIsDone(state, nonce, level.grindBits), code, "work");
  transcript.absorbBytes("opening/nonce", u32Bytes(nonce));
  return transcript.positions(level.queries, level.logLength);
}

/** `count` columns of `numWords` words each. */
export function readColumns(reader: Reader, count: number, numWords: number, where: string): F[][] {
  const words = reader.fieldWords(count * numWords, `${where} columns`);
  return Array.from({ length: count }, (_, place) => words.slice(place * numWords, (place + 1) * numWords));
}

export function readPath(
  reader: Reader,
  positions: readonly number[],
  logLength: number,
  where: string,
): Uint8Array[] {
  const numHashes = missingNodes(positions, logLength).flat().length;
  return readHashes(reader, numHashes, `${where} path`);
}

/** `count` hashes or salts. */
export function readHashes(reader: Reader, count: number, where: string): Uint8Array[] {
  const bytes = reader.take(32 * count, where);
  return Array.from({ length: count }, (_, index) => bytes.slice(32 * index, 32 * index + 32));
}
