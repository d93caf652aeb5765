/**
 * How long a piece of a rescaling may be. Long pieces, the clamped ends above all, are cut so that one lookup checks a
 * place in them; a longer limit takes fewer rows and a larger range table. One length serves the whole program.
 */
import type { ProgramStructure } from "../../program/programStructure.ts";
import { MAX_TABLE_ROWS } from "../tableLimits.ts";
import { thresholdsOf } from "./thresholds.ts";

const CANDIDATES: readonly number[] = [0, 1, 2, 3, 4].map((more) => MAX_TABLE_ROWS * 2 ** more);

const known = new WeakMap<ProgramStructure, number>();

/** The length with the fewest rows of all tables together. */
export function pieceLength(program: ProgramStructure): number {
  let chosen = known.get(program);
  if (chosen === undefined) {
    const rows = CANDIDATES.map((length) => length + countPieces(program, length));
    chosen = CANDIDATES[rows.indexOf(Math.min(...rows))];
    known.set(program, chosen);
  }
  return chosen;
}

function countPieces(program: ProgramStructure, length: number): number {
  let count = 0;
  for (const operator of program.operators) {
    if (operator.kind !== "rescale") continue;
    const { lo, hi } = program.tensors[operator.input].range;
    for (const thresholds of thresholdsOf(operator)) {
      let from = lo;
      for (let i = 0; i <= thresholds.length; i++) {
        const to = i === thresholds.length ? hi : Math.min(thresholds[i] - 1, hi);
        if (to < from) continue;
        count += Math.ceil((to - from + 1) / length);
        from = to + 1;
      }
    }
  }
  return count;
}
