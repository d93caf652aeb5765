/** Integers of a run that the program's interpreter gives directly. */

import type { ProgramRun } from "../../program/interpreter.ts";
import type { Program } from "../../program/program.ts";
import type { AccumulatorOrigin, Origin } from "../planBuilder.ts";
import type { RescalePieces } from "../rescale/pieces.ts";

/** A layer's accumulators over real cells. */
export function accumulatorValues(run: ProgramRun, origin: AccumulatorOrigin): ArrayLike<number> {
  if (origin.kind === "tensor") return run.tensors[origin.tensor];
  const right = run.tensors[origin.right];
  return Float64Array.from(run.tensors[origin.left], (left, j) => left * right[j]);
}

/** Values over real cells, or null for origins that depend on other plan tensors. */
export function programValues(program: Program, run: ProgramRun, origin: Origin): Int32Array | null {
  switch (origin.kind) {
    case "constant":
      return program.constants[origin.constant].data;
    case "tensor":
      return run.tensors[origin.tensor];
    case "remainder": {
      const half = 2 ** (origin.shift - 1);
      const mask = 2 ** origin.shift - 1;
      // Two's complement makes the mask right for negative values; the no-wrap check keeps the sum below 2^31.
      return run.tensors[origin.tensor].map((x) => (x + half) & mask);
    }
    case "maximum":
      return rowMaxima(run.tensors[origin.tensor], origin.length);
    case "piece":
      return pieceEnds(run.tensors[origin.tensor], origin.pieces, origin.end);
    case "limb":
    case "multiplicity":
      return null;
  }
}

function rowMaxima(values: Int32Array, length: number): Int32Array {
  const maxima = new Int32Array(values.length / length);
  for (let row = 0; row < maxima.length; row++) {
    let best = values[row * length];
    for (let j = 1; j < length; j++) best = Math.max(best, values[row * length + j]);
    maxima[row] = best;
  }
  return maxima;
}

/** The multiplier differs along the last axis, whose length is the number of channels. */
function pieceEnds(values: Int32Array, pieces: RescalePieces, end: "low" | "high"): Int32Array {
  const ends = pieces[end];
  const { numChannels } = pieces;
  return values.map((x, i) => ends[pieces.pieceOf(i % numChannels, x)]);
}
