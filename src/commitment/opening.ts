/** The parts of an opening proof and the transcript labels of the opening protocol, shared by both sides. */
import type { Ext } from "../field/ext.ts";
import type { ExtVector } from "../field/extVector.ts";
import { P } from "../field/m31.ts";
import { bytesToWords } from "../hash/blake3.ts";
import type { Transcript } from "../transcript/transcript.ts";

export const LABEL_MASK_SUM = "opening/maskSum";
export const LABEL_LAMBDA = "opening/lambda";
export const LABEL_ROUND = "opening/round";
export const LABEL_RHO = "opening/rho";
export const LABEL_GAMMA = "opening/gamma";
export const LABEL_PROXIMITY = "opening/proximity";
export const LABEL_KAPPA = "opening/kappa";
export const LABEL_VECTOR = "opening/vector";
export const LABEL_VECTOR_ROOT = "opening/vectorRoot";
export const LABEL_GRIND = "opening/grind";
export const LABEL_NONCE = "opening/nonce";
export const LABEL_QUERIES = "opening/queries";
/** Of the levels of recursion: sums of the columns before, their batching, the rounds and the combination of rows. */
export const LABEL_SUMS = "opening/level/sums";
export const LABEL_TAU = "opening/level/tau";
export const LABEL_LEVEL_ROUND = "opening/level/round";
export const LABEL_ZETA = "opening/level/zeta";
export const LABEL_LEVEL_PROXIMITY = "opening/level/proximity";
export const LABEL_LEVEL_KAPPA = "opening/level/kappa";
/**
 * Labels of the trees inside leaf hashes: one for each kind of commitment. Weights are opened as `parent` when they are
 * renewed, and the output of one proof can be the input of the next.
 */
export const TREE_LABEL = { parent: 1, weights: 1, input: 2, output: 2, advice: 4 } as const;

/** Leaf hashes of level i of recursion have this label plus i. */
export const LEVEL_LABEL = 16;

/** Coefficients of 1 and X² of a round of degree 2. */
export interface Round {
  readonly c0: Ext;
  readonly c2: Ext;
}

/** The combination of rows: in clear, or the root of the next level's commitment to it. */
export type SentVector =
  | { readonly kind: "clear"; readonly vector: ExtVector }
  | { readonly kind: "committed"; readonly root: Uint8Array };

/** How one matrix ends up in one vector, the same at every level. */
export interface CombinationHead {
  readonly rounds: readonly Round[];
  /** E₁: the random combination of all rows, evaluated at the point of the rounds. */
  readonly proximity: Ext;
  readonly sent: SentVector;
  readonly nonce: number;
}

/** Everything before the queries; logColumns rounds, a vector of rowLength elements. */
export interface OpeningHead extends CombinationHead {
  /** μ: joint sum of the first two masks. */
  readonly maskSum: Ext;
}

/** One tree's opened columns, by ascending position. */
export interface OpenedTree {
  /** Column words, Q × numRows, position by position. */
  readonly columns: Uint32Array;
  /** Q × 32 bytes. */
  readonly salts: Uint8Array;
  readonly path: readonly Uint8Array[];
}

/** One level of recursion; numVariables rounds, a vector of 2^logColumns elements. */
export interface OpenedLevel {
  readonly head: CombinationHead;
  /** Column words, Q × 4·numRows: an element of K takes four. */
  readonly columns: Uint32Array;
  readonly path: readonly Uint8Array[];
}

export interface Opening {
  readonly head: OpeningHead;
  readonly trees: readonly OpenedTree[];
  readonly levels: readonly OpenedLevel[];
}

/** `count` distinct positions below 2^logLength, ascending. */
export function drawPositions(transcript: Transcript, count: number, logLength: number): number[] {
  const positions = new Set<number>();
  while (positions.size < count) {
    const words = bytesToWords(transcript.challengeBytes(LABEL_QUERIES, 8 * count));
    for (const word of words) {
      if (positions.size < count) positions.add(word & (2 ** logLength - 1));
    }
  }
  return [...positions].sort((a, b) => a - b);
}

/** One uniform element of K per row unit, from a transcript challenge; words equal to p are skipped. */
export function drawRowCoefficients(transcript: Transcript, count: number): Ext[] {
  const coefficients: Ext[] = [];
  let coordinates: number[] = [];
  while (coefficients.length < count) {
    for (const word of bytesToWords(transcript.challengeBytes(LABEL_GAMMA, 16 * count))) {
      const value = word & P;
      if (value === P) continue;
      coordinates.push(value);
      if (coordinates.length === 4) {
        if (coefficients.length < count)
          coefficients.push([coordinates[0], coordinates[1], coordinates[2], coordinates[3]]);
        coordinates = [];
      }
    }
  }
  return coefficients;
}
