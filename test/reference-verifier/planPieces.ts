/**
 * Steps and pieces of rescalings and the table of pieces: docs/spec/14-relations.md, 14.4.
 */
import type { Expression } from "./plan.ts";
import { listOfValues } from "./planBuilder.ts";
import type { Multiplier, Program, Range, Rescale } from "./program.ts";
import { must } from "./refusal.ts";
import { floorDivide, rescaleValue } from "./rescaleValue.ts";

/** On the inputs low … high of a channel the function is y. */
export interface Piece {
  readonly y: bigint;
  readonly low: bigint;
  readonly high: bigint;
  /** Among the channels of its operator. */
  readonly channel: number;
  /** Among the channels of all rescalings. */
  readonly tableChannel: number;
}

/** The function of one channel on [lo, hi]: first below t_1, first + 1 from t_1 on, and so on. */
interface Steps {
  readonly first: bigint;
  readonly range: Range;
  readonly thresholds: readonly bigint[];
}

const LENGTHS = [2 ** 16, 2 ** 17, 2 ** 18, 2 ** 19, 2 ** 20];
const MAX_ROWS = 2 ** 23;
const MAX_REST = 2 ** 13;

const stepsOfMultiplier = new WeakMap<Multiplier, Steps>();

/** Steps of each channel. A multiplier object belongs to one operator, so its steps are computed once. */
function stepsOf(rescale: Rescale, range: Range): Steps[] {
  return rescale.multipliers.map((multiplier) => {
    const known = stepsOfMultiplier.get(multiplier) ?? computeSteps(rescale, multiplier, range);
    stepsOfMultiplier.set(multiplier, known);
    return known;
  });
}

function computeSteps(rescale: Rescale, multiplier: Multiplier, range: Range): Steps {
  const first = rescaleValue(rescale, multiplier, range.lo);
  const last = rescaleValue(rescale, multiplier, range.hi);
  const thresholds: bigint[] = [];
  for (let value = first + 1n; value <= last; value++) {
    // y(below) < value ≤ y(reached)
    let [below, reached] = [range.lo, range.hi];
    while (reached - below > 1n) {
      const middle = floorDivide(below + reached, 2n);
      if (rescaleValue(rescale, multiplier, middle) >= value) reached = middle;
      else below = middle;
    }
    thresholds.push(reached);
  }
  return { first, range, thresholds };
}

/** Ends of the constant stretches of a channel: from t_i to t_(i+1) − 1, perhaps empty. */
function stretches({ range, thresholds }: Steps): Range[] {
  const starts = [range.lo, ...thresholds];
  return starts.map((lo, index) => {
    const next = starts[index + 1];
    return { lo, hi: next === undefined ? range.hi : next - 1n };
  });
}

function numPieces(steps: Steps, length: number): number {
  let count = 0;
  for (const { lo, hi } of stretches(steps)) count += Math.ceil(Number(hi - lo + 1n) / length);
  return count;
}

/** The rows of an operator at a length, channels in order. */
export function piecesOf(rescale: Rescale, range: Range, length: number): Omit<Piece, "tableChannel">[] {
  const steps = stepsOf(rescale, range);
  const total = steps.reduce((sum, channel) => sum + numPieces(channel, length), 0);
  must(total <= MAX_ROWS, "program.tablesTooLarge", "pieces of a rescaling");
  return steps.flatMap((channelSteps, channel) =>
    stretches(channelSteps).flatMap(({ lo, hi }, index) => {
      const y = channelSteps.first + BigInt(index);
      const pieces: Omit<Piece, "tableChannel">[] = [];
      for (let low = lo; low <= hi; low += BigInt(length)) {
        const end = low + BigInt(length) - 1n;
        pieces.push({ y, low, high: end < hi ? end : hi, channel });
      }
      return pieces;
    }),
  );
}

const lengthOfProgram = new WeakMap<Program, number>();

/** pieceLength(program), computed once for each program. */
export function pieceLength(program: Program): number {
  const known = lengthOfProgram.get(program) ?? computePieceLength(program);
  lengthOfProgram.set(program, known);
  return known;
}

function computePieceLength(program: Program): number {
  let outputs = 0n;
  const allSteps: Steps[] = [];
  for (const operator of program.operators) {
    if (operator.kind !== "rescale") continue;
    const { range } = program.tensors[operator.input]!;
    for (const multiplier of operator.multipliers) {
      const first = rescaleValue(operator, multiplier, range.lo);
      const last = rescaleValue(operator, multiplier, range.hi);
      outputs += last - first + 1n;
    }
    must(outputs <= MAX_ROWS, "program.tablesTooLarge", `${operator.name}: outputs of rescalings`);
    allSteps.push(...stepsOf(operator, range));
  }
  const costs = LENGTHS.map(
    (length) => length + allSteps.reduce((sum, steps) => sum + numPieces(steps, length), 0),
  );
  return LENGTHS[costs.indexOf(Math.min(...costs))]!;
}

/** Axes and columns of the sections that the rows of all rescalings are cut into. */
export function pieceSections(pieces: readonly Piece[]): { axes: number[]; columns: Expression[] }[] {
  const sections: { axes: number[]; columns: Expression[] }[] = [];
  let rest = pieces;
  while (rest.length > 0) {
    let size = 1;
    while (2 * size <= rest.length) size *= 2;
    if (2 * size - rest.length <= MAX_REST) size = rest.length;
    const rows = rest.slice(0, size);
    const columns = [
      listOfValues(rows.map(({ y }) => y)),
      listOfValues(rows.map(({ low }) => low)),
      listOfValues(rows.map(({ high }) => high)),
      listOfValues(rows.map(({ tableChannel }) => BigInt(tableChannel))),
    ];
    sections.push({ axes: [size], columns });
    rest = rest.slice(size);
  }
  return sections;
}
