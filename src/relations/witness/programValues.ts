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

/** Both ends of a piece are asked for, one after the other: the pieces of the last values. */
export interface PieceMemo {
  last: { readonly pieces: RescalePieces; readonly indices: Int32Array } | null;
}

/** Values over real cells, or null for origins that depend on other plan tensors. */
export function programValues(
  program: Program,
  run: ProgramRun,
  origin: Origin,
  memo: PieceMemo = { last: null },
): Int32Array | null {
  switch (origin.kind) {
    case "constant":
      return program.constants[origin.constant].data;
    case "tensor":
      return run.tensors[origin.tensor];
    case "remainder":
      return remainders(run.tensors[origin.tensor], origin.shift);
    case "maximum":
      return rowMaxima(run.tensors[origin.tensor], origin.length);
    case "piece": {
      const { pieces, end } = origin;
      if (memo.last?.pieces !== pieces) {
        memo.last = { pieces, indices: pieceIndices(pieces, run.tensors[origin.tensor]) };
      }
      return entriesAt(pieces[end], memo.last.indices);
    }
    case "limb":
    case "multiplicity":
      return null;
  }
}

/** The multiplier differs along the last axis, whose length is the number of channels. */
function pieceIndices(pieces: RescalePieces, values: Int32Array): Int32Array {
  const indices = new Int32Array(values.length);
  const { numChannels } = pieces;
  for (let i = 0, channel = 0; i < values.length; i++) {
    indices[i] = pieces.pieceOf(channel, values[i]);
    channel = channel + 1 === numChannels ? 0 : channel + 1;
  }
  return indices;
}

function entriesAt(entries: Int32Array, indices: Int32Array): Int32Array {
  const values = new Int32Array(indices.length);
  for (let i = 0; i < indices.length; i++) values[i] = entries[indices[i]];
  return values;
}

/** Two's complement makes the mask right for negative values; the no-wrap check keeps the sum below 2^31. */
function remainders(values: Int32Array, shift: number): Int32Array {
  const half = 2 ** (shift - 1);
  const mask = 2 ** shift - 1;
  const result = new Int32Array(values.length);
  for (let i = 0; i < values.length; i++) result[i] = (values[i] + half) & mask;
  return result;
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
