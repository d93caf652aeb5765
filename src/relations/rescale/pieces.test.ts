import { describe, expect, it } from "vitest";
import type { IntRange, Multiplier, Rescale, Rounding } from "../../program/program.ts";
import { rescaleOutput } from "../../program/rescaleValue.ts";
import { RescalePieces } from "./pieces.ts";

function rescale(rounding: Rounding, multipliers: readonly Multiplier[]): Rescale {
  return {
    kind: "rescale",
    name: "rescale",
    input: 0,
    rounding,
    multipliers,
    zeroPoint: 3,
    lo: -128,
    hi: 127,
    output: 1,
  };
}

const shifted = (multiplier: number, shift: number): Multiplier => ({ multiplier, shift });

const CASES: readonly (readonly [string, Rescale, IntRange])[] = [
  ["wide pieces", rescale("tflite-single", [shifted(1518500250, -19)]), { lo: -(2 ** 28), hi: 2 ** 28 }],
  ["rounded twice", rescale("tflite-double", [shifted(2 ** 30, -3)]), { lo: -5000, hi: 7000 }],
  ["a factor above 1", rescale("tflite-double", [shifted(2 ** 31 - 1, 2)]), { lo: -90, hi: 101 }],
  ["float32", rescale("float-half-even", [shifted(Math.fround(0.0371), 0)]), { lo: -9000, hi: 20000 }],
  ["quotients", rescale("divide-half-away", [shifted(49, 0)]), { lo: -6272, hi: 6223 }],
  [
    "channels",
    rescale("tflite-double", [shifted(2 ** 30, -3), shifted(2 ** 31 - 1, -9), shifted(1, -31)]),
    { lo: -70000, hi: 80000 },
  ],
  ["only clamped inputs", rescale("tflite-single", [shifted(2 ** 30, 0)]), { lo: 400, hi: 200000 }],
  ["a single input", rescale("tflite-single", [shifted(2 ** 30, 0)]), { lo: 5, hi: 5 }],
];

describe.each(CASES)("pieces of a rescaling: %s", (_, operator, range) => {
  const pieces = new RescalePieces(operator, range, 2 ** 16);
  const ofChannel = (channel: number): number[] =>
    [...pieces.channel.keys()].filter((piece) => pieces.channel[piece] === channel);

  it("cover the range of each channel without gaps or overlaps, in order", () => {
    expect(pieces.numChannels).toBe(operator.multipliers.length);
    operator.multipliers.forEach((_multiplier, channel) => {
      const own = ofChannel(channel);
      expect(pieces.low[own[0]]).toBe(range.lo);
      expect(pieces.high[own[own.length - 1]]).toBe(range.hi);
      own.slice(1).forEach((piece, i) => {
        expect(piece).toBe(own[i] + 1);
        expect(pieces.low[piece]).toBe(pieces.high[own[i]] + 1);
      });
    });
  });

  it("have the operator's result at both ends, hence, as it is monotone, between them", () => {
    for (let piece = 0; piece < pieces.numRows; piece++) {
      const channel = pieces.channel[piece];
      const ends = [pieces.low[piece], pieces.high[piece]].map((x) => rescaleOutput(operator, channel, x));
      expect(ends).toEqual([pieces.result[piece], pieces.result[piece]]);
    }
  });

  it("hold between one and 2^16 inputs each", () => {
    for (let piece = 0; piece < pieces.numRows; piece++) {
      const size = pieces.high[piece] - pieces.low[piece] + 1;
      expect(size).toBeGreaterThanOrEqual(1);
      expect(size).toBeLessThanOrEqual(2 ** 16);
    }
  });

  it("are found by their inputs", () => {
    for (let piece = 0; piece < pieces.numRows; piece++) {
      const channel = pieces.channel[piece];
      for (const x of [pieces.low[piece], pieces.high[piece]]) {
        expect(pieces.pieceOf(channel, x)).toBe(piece);
      }
    }
  });
});

describe("a table of pieces", () => {
  it("cuts what has one result and does not fit one range lookup", () => {
    const [, operator, range] = CASES[0];
    const pieces = new RescalePieces(operator, range, 2 ** 16);
    const results = new Set(pieces.result);
    expect(pieces.numRows).toBeGreaterThan(results.size);
  });

  it("is refused where it would be exhausting", () => {
    // Each channel alone has 2^14 pieces.
    const multipliers = Array.from({ length: 2 ** 11 }, () => shifted(1, -31));
    const operator = { ...rescale("tflite-single", multipliers), lo: 0, hi: 0 };
    const range = { lo: -(2 ** 29), hi: 2 ** 29 - 1 };
    const few = new RescalePieces({ ...operator, multipliers: multipliers.slice(0, 2) }, range, 2 ** 16);
    expect(few.numRows).toBe(2 ** 15);
    expect(() => new RescalePieces(operator, range, 2 ** 16)).toThrow(/table rows; use one multiplier/);
  });
});
