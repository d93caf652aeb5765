import { describe, expect, it } from "vitest";
import type { IntRange, Multiplier, Rescale } from "../../program/program.ts";
import { rescaleOutput } from "../../program/rescaleValue.ts";
import { RescalePieces } from "./pieces.ts";
import { type PieceColumn, PieceTable, tableSections } from "./pieceTable.ts";

function rescale(multipliers: readonly Multiplier[], lo: number, hi: number): Rescale {
  const head = { kind: "rescale", name: "rescale", input: 0, output: 1 } as const;
  return { ...head, rounding: "tflite-single", multipliers, zeroPoint: -3, lo, hi };
}

const OPERATORS: readonly (readonly [Rescale, IntRange])[] = [
  [rescale([{ multiplier: 2 ** 30, shift: -2 }], -8, 7), { lo: -90, hi: 70 }],
  [
    rescale(
      [1, 2, 3].map((i) => ({ multiplier: 2 ** 30 + i, shift: -i })),
      0,
      5,
    ),
    { lo: -9, hi: 40 },
  ],
  // One piece only, then one of the same shape as the first.
  [rescale([{ multiplier: 1, shift: -31 }], 0, 0), { lo: 4, hi: 4 }],
  [rescale([{ multiplier: 2 ** 30, shift: 1 }], -8, 7), { lo: -90, hi: 70 }],
];

describe("the table of all rescalings", () => {
  const table = new PieceTable();
  const first = OPERATORS.map(([operator, range]) => table.add(new RescalePieces(operator, range, 16)));
  const column = (kind: PieceColumn): number[] =>
    Array.from(table.column(kind, 0, table.numRows), (x) => (x > 2 ** 30 ? x - (2 ** 31 - 1) : x));
  const [result, low, high, channel] = (["result", "low", "high", "channel"] as const).map(column);

  it("numbers channels through", () => {
    expect(first).toEqual([0, 1, 4, 5]);
    expect([...new Set(channel)]).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it("holds each input of each channel in one row, with its result", () => {
    OPERATORS.forEach(([operator, range], i) => {
      operator.multipliers.forEach((_, own) => {
        for (let x = range.lo; x <= range.hi; x++) {
          const rows = [...result.keys()].filter(
            (row) => channel[row] === first[i] + own && low[row] <= x && x <= high[row],
          );
          expect(rows).toEqual([table.rowOf(first[i] + own, x)]);
          expect(result[rows[0]]).toBe(rescaleOutput(operator, own, x));
          expect(high[rows[0]] - low[rows[0]]).toBeLessThan(16);
        }
      });
    });
  });

  it("is the same in parts, wherever it is cut", () => {
    for (const kind of ["result", "low", "high", "channel"] as const) {
      const whole = table.column(kind, 0, table.numRows);
      for (let from = 0; from <= table.numRows; from++) {
        expect(table.column(kind, from, table.numRows)).toEqual(whole.subarray(from));
        expect(table.column(kind, 0, from)).toEqual(whole.subarray(0, from));
      }
    }
  });
});

describe("sections of a table", () => {
  it.each([
    1,
    2,
    3,
    8191,
    2 ** 13 + 1,
    2 ** 14,
    3 * 2 ** 13,
    2 ** 16 - 1,
    70000,
    99999,
    2 ** 20 + 1,
    2 ** 23,
  ])("cover %i rows once and pad each part little", (numRows) => {
    const sections = tableSections(numRows);
    expect(sections.flatMap(({ from, to }) => [from, to])).toEqual([
      0,
      ...sections.slice(1).flatMap(({ from }) => [from, from]),
      numRows,
    ]);
    for (const { from, to } of sections) {
      let padded = 1;
      while (padded < to - from) padded *= 2;
      expect(padded - (to - from)).toBeLessThanOrEqual(2 ** 13);
    }
    expect(sections.length).toBeLessThan(12);
  });
});
