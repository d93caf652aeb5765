/**
 * The opening of the stack in its base form and up to its columns: docs/spec/06-opening.md, 6.3 to 6.8; 06b, 6b.3 and 6b.5.
 */
import { equalBytes, type Reader } from "./bytes.ts";
import { symbolAt } from "./circle.ts";
import { drawPositions, innerProduct, type Round, readColumns, readHashes, readPath } from "./columns.ts";
import { combinedTotal, nextRound, proximityWeights, rowClaims } from "./combine.ts";
import { add, equal, type F, isZero, type K, multiply, scale, ZERO } from "./field.ts";
import { openLevels } from "./levels.ts";
import type { LinearRelation } from "./linearRelation.ts";
import { leafHash, rootOf } from "./merkle.ts";
import type { Point } from "./multilinear.ts";
import type { Parameters } from "./parameters.ts";
import { must, refuse } from "./refusal.ts";
import type { Stack, TreeName } from "./stack.ts";
import type { Transcript } from "./transcript.ts";

/** What the head of a payload holds for the opening. */
export interface OpeningHead {
  readonly maskSum: K;
  readonly rounds: readonly Round[];
  /** E1 */
  readonly proximity: K;
  /** v; with levels of recursion the root of the commitment to it. */
  readonly vector: readonly K[] | Uint8Array;
  readonly nonce: number;
}

/** Refuses unless the payload opens all relations. */
export function checkOpening(
  transcript: Transcript,
  parameters: Parameters,
  stack: Stack,
  axes: readonly (readonly number[])[],
  relations: readonly LinearRelation[],
  roots: ReadonlyMap<TreeName, Uint8Array>,
  head: OpeningHead,
  reader: Reader,
): void {
  transcript.absorbExts("opening/maskSum", [head.maskSum]);
  const lambda = transcript.challengeExt("opening/lambda");
  let value = combinedTotal(relations, lambda, head.maskSum);
  const rho: K[] = [];
  for (const [c0, c2] of head.rounds) {
    transcript.absorbExts("opening/round", [c0, c2]);
    const r = transcript.challengeExt("opening/rho");
    value = nextRound(value, c0, c2, r);
    rho.push(r);
  }
  const s = rowClaims(stack, axes, relations, lambda, rho);
  const gamma = proximityWeights(stack, transcript.rowCoefficients(stack.firstPadRow + stack.padRows + 2));
  transcript.absorbExts("opening/proximity", [head.proximity]);
  const kappa = transcript.challengeExt("opening/kappa");
  if (isZero(kappa)) refuse("opening.kappa", "κ = 0");
  const weights = s.map((weight, row) => add(weight, multiply(kappa, gamma[row]!)));
  const claim = add(value, multiply(kappa, head.proximity));

  absorbVector(transcript, head.vector, rho, claim);
  const positions = drawPositions(transcript, head.nonce, parameters, "opening.grind");
  const sums = openTrees(reader, parameters, stack, roots, positions, weights);
  if (head.vector instanceof Uint8Array) {
    openLevels(transcript, reader, parameters, { point: rho, value: claim }, positions, sums, head.vector);
    return;
  }
  reader.end("payload");
  for (const [place, position] of positions.entries()) {
    const symbol = symbolAt(head.vector, position, parameters.logLength);
    must(equal(sums[place]!, symbol), "opening.column", `position ${position}`);
  }
}

/** 6.7, 1 and 2, or 6b.3, 1. */
function absorbVector(transcript: Transcript, vector: readonly K[] | Uint8Array, rho: Point, claim: K): void {
  if (vector instanceof Uint8Array) {
    transcript.absorbBytes("opening/vectorRoot", vector);
    return;
  }
  transcript.absorbWords("opening/vector", vector.flat());
  must(equal(innerProduct(rho, vector), claim), "opening.evaluation", "vector");
}

/** 6.8, 1 and 2, for all trees: the sums Σ_row w[row]·word for each position. */
function openTrees(
  reader: Reader,
  { queries, logLength }: Parameters,
  stack: Stack,
  roots: ReadonlyMap<TreeName, Uint8Array>,
  positions: readonly number[],
  weights: readonly K[],
): K[] {
  let sums: K[] = positions.map(() => ZERO);
  let firstRow = 0;
  for (const { name, label, numRows } of stack.trees) {
    const columns = readColumns(reader, queries, numRows, name);
    const salts = readHashes(reader, queries, `${name} salts`);
    const path = readPath(reader, positions, logLength, name);
    const leaves = positions.map((position, place) =>
      leafHash(label, position, salts[place]!, columns[place]!),
    );
    const root = rootOf(positions, leaves, path, logLength);
    must(equalBytes(root, roots.get(name)!), "opening.root", name);
    const treeWeights = weights.slice(firstRow, firstRow + numRows);
    sums = sums.map((before, place) => add(before, weigh(treeWeights, columns[place]!)));
    firstRow += numRows;
  }
  return sums;
}

function weigh(weights: readonly K[], column: readonly F[]): K {
  let total = ZERO;
  for (const [row, weight] of weights.entries()) total = add(total, scale(weight, column[row]!));
  return total;
}
