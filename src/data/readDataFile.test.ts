import fc from "fast-check";
import { gzipSync, zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { TensorproofError } from "../errors/tensorproofError.ts";
import type { DataErrorCode } from "./dataError.ts";
import { toLabels } from "./labels.ts";
import { writeNpy } from "./npy.ts";
import { readDataFile } from "./readDataFile.ts";

const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const read = (bytes: Uint8Array, name = "data"): ReturnType<typeof readDataFile>["tensors"] =>
  readDataFile(bytes, name).tensors;

/** An idx file of unsigned bytes. */
function idx(shape: readonly number[], data: readonly number[]): Uint8Array {
  return Uint8Array.from([0, 0, 8, shape.length, ...shape.flatMap((n) => [0, 0, n >> 8, n & 0xff]), ...data]);
}

describe("JSON", () => {
  test("EZKL's input_data holds one array for each input", () => {
    expect(read(text('{"input_data": [[1, 2.5], [3]], "output_data": [[9]]}'))).toEqual([
      { shape: [2], data: Float64Array.of(1, 2.5), integer: false },
      { shape: [1], data: Float64Array.of(3), integer: true },
    ]);
  });

  test("a nested array is one tensor", () => {
    expect(read(text(" [[1, true, 3], [4, 5, false]]"))).toEqual([
      { shape: [2, 3], data: Float64Array.of(1, 1, 3, 4, 5, 0), integer: true },
    ]);
  });

  test("printed tensors keep names and shapes", () => {
    const tensor = { name: "x", shape: [2, 1], data: Float64Array.of(1, 2), integer: true };
    expect(read(text('[{"name": "x", "shape": [2, 1], "data": [1, 2]}]'))).toEqual([tensor]);
    expect(read(text('{"name": "x", "shape": [2, 1], "data": [1, 2]}'))).toEqual([tensor]);
  });
});

describe("tables", () => {
  test.each([
    ["plain", "1,2\n3,4\n"],
    ["with a heading", "a,b\r\n1,2\r\n3,4"],
    ["with semicolons", "1;2\n3;4"],
    ["with tabs and blank lines", "\n1\t2\n\n3\t4\n\n"],
    ["with quotes", '"first","second"\n"1","2"\n"3","4"'],
  ])("%s", (_, table) => {
    expect(read(text(table))).toEqual([{ shape: [2, 2], data: Float64Array.of(1, 2, 3, 4), integer: true }]);
  });
});

describe("idx and archives", () => {
  test("idx, plain and packed", () => {
    const expected = [{ shape: [2, 2], data: Uint8Array.of(1, 2, 3, 255), integer: true }];
    expect(read(idx([2, 2], [1, 2, 3, 255]))).toEqual(expected);
    expect(read(gzipSync(idx([2, 2], [1, 2, 3, 255])), "images.gz")).toEqual(expected);
  });

  test("npz holds named arrays", () => {
    const a = writeNpy({ shape: [2], data: Float32Array.of(1, 2) });
    const b = writeNpy({ shape: [1], data: Int32Array.of(3) });
    expect(read(zipSync({ "a.npy": a, "b.npy": b }))).toMatchObject([
      { name: "a", shape: [2] },
      { name: "b", integer: true },
    ]);
  });
});

describe("what is refused", () => {
  const cut = gzipSync(idx([2, 2], [1, 2, 3, 4])).subarray(0, 20);
  const cases: [string, Uint8Array, DataErrorCode, string][] = [
    ["an empty file", new Uint8Array(), "input.unreadable", "empty file"],
    ["other bytes", Uint8Array.of(7, 0, 200, 1), "input.unreadable", "got other bytes"],
    ["broken JSON", text('{"input_data": [[1,'), "input.unreadable", "expected JSON"],
    ["JSON without data", text('{"weights": 1}'), "input.unreadable", "input_data"],
    ["ragged JSON", text("[[1, 2], [3]]"), "input.shape", "one of 1"],
    ["deeply nested JSON", text("[".repeat(40) + "]".repeat(40)), "input.shape", "at most 32 axes"],
    ["null in JSON", text("[1, null]"), "input.dtype", "got null instead"],
    ["an array beside numbers", text("[1, [2]]"), "input.dtype", "got an array instead"],
    [
      "objects in objects",
      text(`{"input_data": [[${'{"a":'.repeat(5000)}1${"}".repeat(5000)}]]}`),
      "input.dtype",
      "an object",
    ],
    ["text in JSON", text('{"input_data": [["0x12"]]}'), "input.dtype", '"0x12"'],
    [
      "a shape that the data does not fill",
      text('{"shape": [3], "data": [1]}'),
      "input.shape",
      "needs 3 elements, got 1",
    ],
    ["ragged rows", text("1,2\n3"), "input.shape", "line 2: expected 2 cells, got 1"],
    [
      "a word in a table",
      text("a,b\n1,2\n3,four"),
      "input.dtype",
      'line 3, column 2: expected a number, got "four"',
    ],
    ["a heading alone", text("a,b"), "input.unreadable", "got none"],
    ["not a number", text("1,nan"), "input.nonFinite", "line 1, column 2: a value is missing (nan)"],
    [
      "an empty cell",
      text("age,rate\n1,2\n3,"),
      "input.nonFinite",
      'line 3, column 2 ("rate"): a value is missing (an empty cell)',
    ],
    [
      "an empty cell of the first line, which is no heading",
      text("1,\n2,3"),
      "input.nonFinite",
      "line 1, column 2",
    ],
    [
      "a missing value of an array",
      writeNpy({ shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, Number.NaN, 6) }),
      "input.nonFinite",
      "NaN at index 4 (row 2, column 2)",
    ],
    [
      "infinity",
      writeNpy({ shape: [2], data: Float32Array.of(1, Number.POSITIVE_INFINITY) }),
      "input.nonFinite",
      "Infinity at index 1",
    ],
    ["a short idx file", idx([2, 2], [1, 2, 3]), "input.unreadable", "needs 4 bytes, got 3"],
    ["a packed file that is cut off", cut, "input.unreadable", "cut off"],
    ["a damaged zip archive", Uint8Array.of(0x50, 0x4b, 3, 4, 9, 9, 9), "input.unreadable", "damaged"],
    ["a zip archive without arrays", zipSync({ "a.txt": text("1") }), "input.unreadable", "got none"],
  ];
  test.each(cases)("%s", (_, bytes, code, says) => {
    expect(() => read(bytes, "name")).toThrow(expect.objectContaining({ code, where: "name" }));
    expect(() => read(bytes, "name")).toThrow(says);
  });

  test("any bytes and any JSON are read or refused in order", () => {
    const readOrRefuse = (bytes: Uint8Array): void => {
      try {
        readDataFile(bytes, "fuzz");
      } catch (error) {
        if (!(error instanceof TensorproofError)) throw error;
      }
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), readOrRefuse), { numRuns: 1000 });
    fc.assert(
      fc.property(fc.json(), (json) => readOrRefuse(text(json))),
      { numRuns: 1000 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (tail) =>
        readOrRefuse(Uint8Array.of(0x1f, 0x8b, 8, ...tail)),
      ),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (tail) =>
        readOrRefuse(Uint8Array.of(0x50, 0x4b, 3, 4, ...tail)),
      ),
    );
  });
});

describe("labels", () => {
  test.each([
    ["a table of one column", text("label\n3\n1"), [3, 1]],
    ["an idx file", idx([2], [3, 1]), [3, 1]],
    ["a column of an array", writeNpy({ shape: [2, 1], data: Float32Array.of(3, 1) }), [3, 1]],
  ])("%s", (_, bytes, labels) => {
    expect(Array.from(toLabels(readDataFile(bytes, "labels")))).toEqual(labels);
  });

  test("several columns and fractions are refused", () => {
    expect(() => toLabels(readDataFile(text("1,2\n3,4"), "labels"))).toThrow(
      expect.objectContaining({ code: "input.shape" }),
    );
    expect(() => toLabels(readDataFile(text("1\n2.5"), "labels"))).toThrow(/got 2.5 at index 1/);
    expect(() => toLabels(readDataFile(text("1\n-2"), "labels"))).toThrow(
      expect.objectContaining({ code: "input.dtype" }),
    );
  });
});
