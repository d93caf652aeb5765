/**
 * How long a piece of a rescaling may be. Long pieces, the clamped ends above all, are cut so that one lookup checks a
 * place in them; a longer limit takes fewer rows and a larger range table. One length serves the whole program.
 */
import { TensorproofError } from "../../errors/tensorproofError.ts";
import type { ProgramStructure } from "../../program/programStructure.ts";
import { MAX_PLAN_ROWS, MAX_TABLE_ROWS } from "../tableLimits.ts";
import { countOutputs, stepsOf } from "./thresholds.ts";

const CANDIDATES: readonly number[] = [0, 1, 2, 3, 4].map((more) => MAX_TABLE_ROWS * 2 ** more);

const known = new WeakMap<ProgramStructure, number>();

/**
 * The length with the fewest rows of all tables together.
 *
 * @throws TensorproofError `program.tablesTooLarge` before it computes more than the tables could hold
 */
export function pieceLength(program: ProgramStructure): number {
  let chosen = known.get(program);
  if (chosen === undefined) {
    checkOutputs(program);
    const rows = CANDIDATES.map((length) => length + countPieces(program, length));
    chosen = CANDIDATES[rows.indexOf(Math.min(...rows))];
    known.set(program, chosen);
  }
  return chosen;
}

/** A hostile key has many channels of which each may have many steps. */
function checkOutputs(program: ProgramStructure): void {
  let count = 0;
  for (const operator of program.operators) {
    if (operator.kind !== "rescale") continue;
    count += countOutputs(operator, program.tensors[operator.input].range);
    if (count <= MAX_PLAN_ROWS) continue;
    throw new TensorproofError(
      "program.tablesTooLarge",
      `${operator.name}: all rescalings together have more than ${MAX_PLAN_ROWS} outputs; use one multiplier for all channels`,
      { where: operator.name },
    );
  }
}

function countPieces(program: ProgramStructure, length: number): number {
  let count = 0;
  for (const operator of program.operators) {
    if (operator.kind !== "rescale") continue;
    const { range } = program.tensors[operator.input];
    for (const { thresholds } of stepsOf(operator, range)) {
      let from = range.lo;
      for (let i = 0; i <= thresholds.length; i++) {
        const next = i === thresholds.length ? range.hi + 1 : thresholds[i];
        count += Math.ceil((next - from) / length);
        from = next;
      }
    }
  }
  return count;
}
