/**
 * Levels of recursion of the opening: docs/spec/06b-recursive-opening.md.
 */
import { equalBytes, type Reader } from "./bytes.ts";
import { basisAt, domainPoint, symbolAt } from "./circle.ts";
import { drawPositions, innerProduct, type Round, readColumns, readPath } from "./columns.ts";
import { nextRound } from "./combine.ts";
import {
  add,
  equal,
  type F,
  type K,
  k,
  multiply,
  power,
  product,
  scale,
  subtract,
  sum,
  ZERO,
} from "./field.ts";
import { leafHash, rootOf } from "./merkle.ts";
import { bits, eq, eqIndex, eqTable, type Point } from "./multilinear.ts";
import { type Level, type Parameters, vectorLength } from "./parameters.ts";
import { must } from "./refusal.ts";
import type { Transcript } from "./transcript.ts";

const FIRST_LEVEL_LABEL = 16;

/** A claim: Σ_j eq(point, trailing bits of j)·v[j] over the first 2^(coordinates) elements = value. */
interface Claim {
  readonly point: Point;
  readonly value: K;
}

/** 6b.1: the numbers of level i. */
export interface LevelNumbers extends Level {
  readonly label: number;
  /** L_(i−1) */
  readonly committed: number;
  /** m_i */
  readonly variables: number;
  /** R_i */
  readonly rows: number;
  /** h_(i−1) */
  readonly logLengthBefore: number;
}

export function levelNumbers(parameters: Parameters): LevelNumbers[] {
  let committed = vectorLength(parameters);
  let logLengthBefore = parameters.logLength;
  return parameters.levels.map((level, index) => {
    const width = 2 ** level.logColumns;
    const rows = Math.ceil(committed / width);
    const numbers = {
      ...level,
      label: FIRST_LEVEL_LABEL + index + 1,
      committed,
      variables: bits(committed),
      rows,
      logLengthBefore,
    };
    committed = width;
    logLengthBefore = level.logLength;
    return numbers;
  });
}

/** Bytes of all levels but their paths (6b.6). */
export function leastLevelBytes(parameters: Parameters): number {
  const levels = levelNumbers(parameters);
  return levels.reduce((total, { variables, logColumns, queries, rows }, index) => {
    const last = index === levels.length - 1;
    return total + 32 * variables + 16 + (last ? 16 * 2 ** logColumns : 32) + 4 + 16 * queries * rows;
  }, 0);
}

/** Refuses unless the levels prove the first claim and the sums S_a at the positions of the stack. */
export function openLevels(
  transcript: Transcript,
  reader: Reader,
  parameters: Parameters,
  firstClaim: Claim,
  firstPositions: readonly number[],
  firstSums: readonly K[],
  firstRoot: Uint8Array,
): void {
  const levels = levelNumbers(parameters);
  let claim = firstClaim;
  let positions = firstPositions;
  let sums = firstSums;
  let root = firstRoot;
  let vector: readonly K[] = [];
  for (const [index, level] of levels.entries()) {
    const isLast = index === levels.length - 1;
    const where = `level ${index + 1}`;
    const message = readMessage(reader, level, isLast, where);
    const reduced = reduceClaims(transcript, level, claim, positions, sums, message.rounds);
    const split = level.variables - level.logColumns;
    const s = Array.from({ length: level.rows }, (_, r) =>
      multiply(reduced.factor, eqIndex(reduced.point.slice(0, split), r)),
    );
    const gamma = transcript.rowCoefficients(level.rows);
    transcript.absorbExts("opening/level/proximity", [message.proximity]);
    const kappa = transcript.challengeExt("opening/level/kappa");
    const weights = s.map((weight, r) => add(weight, multiply(kappa, gamma[r]!)));
    claim = {
      point: reduced.point.slice(split),
      value: add(reduced.value, multiply(kappa, message.proximity)),
    };
    if (isLast) {
      transcript.absorbWords("opening/vector", message.vector.flat());
      const evaluation = innerProduct(claim.point, message.vector);
      must(equal(evaluation, claim.value), "opening.levelEvaluation", where);
      vector = message.vector;
    } else transcript.absorbBytes("opening/vectorRoot", message.nextRoot);
    positions = drawPositions(transcript, message.nonce, level, "opening.levelGrind");
    sums = openLevelTree(reader, level, root, positions, weights, where);
    root = message.nextRoot;
  }
  reader.end("payload");
  const { logLength } = levels[levels.length - 1]!;
  for (const [place, position] of positions.entries()) {
    must(equal(sums[place]!, symbolAt(vector, position, logLength)), "opening.levelColumn", `${position}`);
  }
}

interface LevelMessage {
  readonly rounds: readonly Round[];
  readonly proximity: K;
  readonly nextRoot: Uint8Array;
  readonly vector: readonly K[];
  readonly nonce: number;
}

/** 6b.4, 1 */
function readMessage(reader: Reader, level: LevelNumbers, isLast: boolean, where: string): LevelMessage {
  const rounds = Array.from({ length: level.variables }, (_, b): Round => {
    const [c0] = reader.extensions(1, `${where} c0 of round ${b}`);
    const [c2] = reader.extensions(1, `${where} c2 of round ${b}`);
    return [c0!, c2!];
  });
  const [proximity] = reader.extensions(1, `${where} E1`);
  const nextRoot = isLast ? new Uint8Array(0) : reader.take(32, `${where} next root`);
  const vector = isLast ? reader.extensions(2 ** level.logColumns, `${where} vector`) : [];
  const nonce = reader.u32(`${where} nonce`);
  return { rounds, proximity: proximity!, nextRoot, vector, nonce };
}

/** 6b.4, 2 to 5: the claim and the sums become one evaluation of the committed vector, weighted with `factor`. */
function reduceClaims(
  transcript: Transcript,
  level: LevelNumbers,
  claim: Claim,
  positions: readonly number[],
  sums: readonly K[],
  rounds: readonly Round[],
): { point: Point; value: K; factor: K } {
  transcript.absorbExts("opening/level/sums", sums);
  const tau = transcript.challengeExt("opening/level/tau");
  let value = add(claim.value, sum(sums.map((s, a) => multiply(power(tau, a + 1), s))));
  const z: K[] = [];
  for (const [c0, c2] of rounds) {
    transcript.absorbExts("opening/level/round", [c0, c2]);
    const challenge = transcript.challengeExt("opening/level/zeta");
    value = nextRound(value, c0, c2, challenge);
    z.push(challenge);
  }
  const extra = level.variables - claim.point.length;
  const lead = product(z.slice(0, extra).map((coordinate) => subtract(k(1), coordinate)));
  const table = eqTable(z, level.committed);
  const factor = positions.reduce(
    (total, position, a) => {
      const basis = basisAt(domainPoint(position, level.logLengthBefore), level.committed);
      return add(total, multiply(power(tau, a + 1), combine(table, basis)));
    },
    multiply(lead, eq(claim.point, z.slice(extra))),
  );
  return { point: z, value, factor };
}

/** Σ_j weights[j]·values[j] with values over F. */
function combine(weights: readonly K[], values: readonly F[]): K {
  let total = ZERO;
  for (const [j, weight] of weights.entries()) total = add(total, scale(weight, values[j]!));
  return total;
}

/** 6b.4, 12 to 14 */
function openLevelTree(
  reader: Reader,
  level: LevelNumbers,
  root: Uint8Array,
  positions: readonly number[],
  weights: readonly K[],
  where: string,
): K[] {
  const columns = readColumns(reader, level.queries, 4 * level.rows, where);
  const path = readPath(reader, positions, level.logLength, where);
  const noSalt = new Uint8Array(32);
  const leaves = positions.map((position, a) => leafHash(level.label, position, noSalt, columns[a]!));
  const computed = rootOf(positions, leaves, path, level.logLength);
  must(equalBytes(computed, root), "opening.levelRoot", where);
  return columns.map((column) =>
    sum(
      weights.map((weight, r) => {
        const [c0, c1, c2, c3] = column.slice(4 * r, 4 * r + 4);
        return multiply(weight, [c0!, c1!, c2!, c3!]);
      }),
    ),
  );
}
