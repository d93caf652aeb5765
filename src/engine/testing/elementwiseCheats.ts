/** Cheats on rescaling, maxima and linear combinations. */
import { P } from "../../field/m31.ts";
import type { Rescale } from "../../program/program.ts";
import { pieceLength } from "../../relations/rescale/pieceLength.ts";
import { RescalePieces } from "../../relations/rescale/pieces.ts";
import {
  type Cheat,
  cheatsOn,
  computing,
  type Deviate,
  indexWhere,
  setCell,
  tamper,
  valuesOf,
} from "./cheat.ts";
import type { CheatRequest } from "./cheatingProver.ts";

const elementwise = cheatsOn("elementwise");
const convolutional = cheatsOn("convolutional");

const SCALED = "rescale 3";
const BY_CHANNEL = "rescale 2";
const LOW = `${SCALED}: low end`;
const HIGH = `${SCALED}: high end`;
const SUM = "combine 4";
const MAX = "max 5";

/** Virtual index of an element of the victim's [3, 5] in rows of 8. */
function cellOf(element: number): number {
  return 8 * Math.floor(element / 5) + (element % 5);
}

/**
 * An element of the rescaled products that is not clamped and whose sum is both above its piece's least and below its
 * greatest value, with its piece and the one above.
 */
function inPiece(honest: Parameters<Deviate>[0]) {
  const { program, tensors } = honest;
  const operator = program.operators.find(({ name }) => name === SCALED) as Rescale;
  const pieces = new RescalePieces(operator, program.tensors[operator.input].range, pieceLength(program));
  const x = tensors[operator.input];
  const isInside = (piece: number, value: number): boolean =>
    piece > 0 && piece + 1 < pieces.numRows && pieces.low[piece] < value && value < pieces.high[piece];
  const element = indexWhere(x, (value) => isInside(pieces.pieceOf(0, value), value));
  return { pieces, x: x[element], element, cell: cellOf(element), piece: pieces.pieceOf(0, x[element]) };
}

/** Takes the result and the ends of another piece of the same table. */
function otherPiece(step: number): Deviate {
  return (honest): Partial<CheatRequest> => {
    const { pieces, element, cell, piece } = inPiece(honest);
    const other = piece + step;
    return {
      tamper: tamper(SCALED, element, () => pieces.result[other]),
      cells: (cells) => {
        cells(LOW)[cell] = (pieces.low[other] + P) % P;
        cells(HIGH)[cell] = (pieces.high[other] + P) % P;
      },
    };
  };
}

/** Changes an end of the piece in which an element lies, its result stays. */
function movedEnd(end: string, change: (value: number, x: number) => number): Deviate {
  return (honest) => {
    const { cell, x } = inPiece(honest);
    return { cells: setCell(end, cell, (value) => (change(value, x) + P) % P) };
  };
}

/** An operand in place of the maximum, at an element where it is less and yet within the output's declared range. */
function lesser(side: "left" | "right"): Deviate {
  return (honest) => {
    const [own, other] = side === "left" ? [SCALED, SUM] : [SUM, SCALED];
    const greater = valuesOf(honest, other);
    const { lo } = honest.program.tensors.find(({ name }) => name === MAX)?.range ?? { lo: 0 };
    const values = valuesOf(honest, own);
    const element = indexWhere(values, (x, i) => lo <= x && x < greater[i]);
    return { tamper: tamper(MAX, element, () => values[element]) };
  };
}

export const ELEMENTWISE_CHEATS: readonly Cheat[] = [
  elementwise("rescale", "result one too high", (honest) => ({
    tamper: tamper(SCALED, inPiece(honest).element, (y) => y + 1),
  })),
  elementwise("rescale", "result one too low", (honest) => ({
    tamper: tamper(SCALED, inPiece(honest).element, (y) => y - 1),
  })),
  elementwise("rescale", "result and piece of the next result", otherPiece(1)),
  elementwise("rescale", "result and piece of the result before", otherPiece(-1)),
  elementwise(
    "rescale",
    "low end of another piece",
    movedEnd(LOW, (low) => low - 4),
  ),
  elementwise(
    "rescale",
    "high end of another piece",
    movedEnd(HIGH, (high) => high + 4),
  ),
  elementwise(
    "rescale",
    "a piece that is in no table",
    movedEnd(LOW, (low) => low + 1),
  ),
  elementwise("rescale", "a piece whose ends are exchanged", (honest) => {
    const { pieces, piece, cell } = inPiece(honest);
    return {
      cells: (cells) => {
        cells(LOW)[cell] = (pieces.high[piece] + P) % P;
        cells(HIGH)[cell] = (pieces.low[piece] + P) % P;
      },
    };
  }),
  elementwise("rescale", "result outside its range", (honest) => ({
    tamper: tamper(SCALED, inPiece(honest).element, () => 41),
  })),
  elementwise(
    "rescale",
    "rounded once instead of twice",
    computing("rescale", SCALED, ({ operator }) => ({
      operator: { ...operator, rounding: "tflite-single" },
    })),
  ),
  elementwise(
    "rescale",
    "another zero point",
    computing("rescale", SCALED, ({ operator }) => ({ operator: { ...operator, zeroPoint: 0 } })),
  ),
  elementwise(
    "rescale",
    "the next larger multiplier",
    computing("rescale", SCALED, ({ operator }) => ({
      operator: { ...operator, multipliers: [{ multiplier: 2 ** 30 + 2 ** 27, shift: -1 }] },
    })),
  ),
  convolutional(
    "rescale",
    "multipliers of two channels exchanged",
    computing("rescale", BY_CHANNEL, ({ operator }) => {
      const [first, second, ...others] = operator.multipliers;
      return { operator: { ...operator, multipliers: [second, first, ...others] } };
    }),
  ),
  convolutional(
    "rescale",
    "one element with another channel's multiplier and its piece",
    ({ program, tensors }) => {
      const operator = program.operators.find(({ name }) => name === BY_CHANNEL) as Rescale;
      const pieces = new RescalePieces(operator, program.tensors[operator.input].range, pieceLength(program));
      const sums = tensors[operator.input];
      const other = (x: number): number => pieces.pieceOf(3, x);
      const element = indexWhere(
        sums,
        (x, i) => i % 4 === 0 && pieces.result[other(x)] !== tensors[operator.output][i],
      );
      const piece = other(sums[element]);
      return {
        tamper: tamper(BY_CHANNEL, element, () => pieces.result[piece]),
        cells: (cells) => {
          // The stored axes are [3, 4, 4] without padding but for the first.
          cells(`${BY_CHANNEL}: low end`)[element] = (pieces.low[piece] + P) % P;
          cells(`${BY_CHANNEL}: high end`)[element] = (pieces.high[piece] + P) % P;
        },
      };
    },
  ),
  elementwise("max", "one above the maximum", () => ({ tamper: tamper(MAX, 3, (y) => y + 1) })),
  elementwise("max", "one below the maximum", () => ({ tamper: tamper(MAX, 3, (y) => y - 1) })),
  elementwise("max", "the left operand where it is less", lesser("left")),
  elementwise("max", "the right operand where it is less", lesser("right")),
  elementwise(
    "max",
    "the left operand throughout",
    computing("max", MAX, ({ operator }) => ({ operator: { ...operator, right: operator.left } })),
  ),
  elementwise(
    "max",
    "maximum of other operands",
    computing("max", MAX, ({ operator }) => ({ operator: { ...operator, left: 0 } })),
  ),
  elementwise("combine", "wrong sum", () => ({ tamper: tamper(SUM, 7, (x) => x + 20) })),
  elementwise(
    "combine",
    "another factor",
    computing("combine", SUM, ({ operator }) => ({ operator: { ...operator, factors: [3, 2] } })),
  ),
  elementwise(
    "combine",
    "another offset",
    computing("combine", SUM, ({ operator }) => ({ operator: { ...operator, offset: 6 } })),
  ),
  elementwise(
    "combine",
    "operands exchanged",
    computing("combine", SUM, ({ operator }) => ({ operator: { ...operator, inputs: [1, 0] } })),
  ),
];
