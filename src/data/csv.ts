/** Tables of numbers as text: one row a line, cells separated by comma, semicolon or tab, a heading line at will. */

import { dataError } from "./dataError.ts";
import type { DataTensor } from "./dataFile.ts";

/** Throws `input.unreadable` (no rows), `input.shape` (rows of different lengths), `input.dtype` (no number) and `input.nonFinite` (a missing value). */
export function readCsv(bytes: Uint8Array, fileName: string): DataTensor {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw dataError("input.unreadable", fileName, "expected text of numbers, found other bytes", cause);
  }
  const lines = text.split(/\r\n|\n|\r/).map((line, index) => ({ line, number: index + 1 }));
  const filled = lines.filter(({ line }) => line.trim() !== "");
  const separator = /[;\t,]/.exec(filled[0]?.line ?? "")?.[0] ?? ",";
  const cellsOf = (line: string): string[] =>
    line.split(separator).map((cell) => cell.trim().replace(/^"(.*)"$/, "$1"));
  const headed =
    filled.length > 0 &&
    cellsOf(filled[0].line).some((cell) => numberOf(cell) === undefined && !isMissing(cell));
  const rows = headed ? filled.slice(1) : filled;
  if (rows.length === 0) throw dataError("input.unreadable", fileName, "expected rows of numbers, got none");
  const columns = cellsOf(rows[0].line).length;
  const headings = headed ? cellsOf(filled[0].line) : [];
  const numbers = new Float64Array(rows.length * columns);
  rows.forEach(({ line, number }, row) => {
    const cells = cellsOf(line);
    if (cells.length !== columns) {
      throw dataError(
        "input.shape",
        fileName,
        `line ${number}: expected ${columns} cells, got ${cells.length}`,
      );
    }
    cells.forEach((cell, column) => {
      const value = numberOf(cell);
      if (isMissing(cell)) {
        const heading = headings[column] ?? "";
        const place = `line ${number}, column ${column + 1}${heading === "" ? "" : ` ("${heading}")`}`;
        throw dataError(
          "input.nonFinite",
          fileName,
          `${place}: a value is missing (${cell === "" ? "an empty cell" : cell}); fill it in as in training or leave out the row`,
        );
      }
      if (value === undefined) {
        throw dataError(
          "input.dtype",
          fileName,
          `line ${number}, column ${column + 1}: expected a number, got "${cell}"`,
        );
      }
      numbers[row * columns + column] = value;
    });
  });
  return { shape: [rows.length, columns], data: numbers, integer: numbers.every(Number.isInteger) };
}

function isMissing(cell: string): boolean {
  return /^([+-]?nan|na|n\/a|null|none|\?)?$/i.test(cell);
}

function numberOf(cell: string): number | undefined {
  const known = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(cell);
  return known ? Number(cell) : /^[+-]?(nan|inf(inity)?)$/i.test(cell) ? Number.NaN : undefined;
}
