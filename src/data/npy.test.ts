import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TensorproofError } from "../errors/tensorproofError.ts";
import { readNpy, writeNpy } from "./npy.ts";

/** A .npy file with any header text. */
function npy(header: string, data: ArrayBufferView, version = 1): Uint8Array {
  const text = new TextEncoder().encode(`${header}\n`);
  const prefix =
    version === 1 ? [text.length & 0xff, text.length >> 8] : [text.length & 0xff, text.length >> 8, 0, 0];
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return Uint8Array.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0, ...prefix, ...text, ...raw]);
}

function header(descr: string, shape: string, fortran = "False"): string {
  return `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }`;
}

describe("reading", () => {
  test.each([
    ["<f4", Float32Array.of(1.5, -2), false],
    ["<f8", Float64Array.of(1.1, -2), false],
    ["|i1", Int8Array.of(-128, 127), true],
    ["<i2", Int16Array.of(-5, 6), true],
    ["<i4", Int32Array.of(-5, 6), true],
    ["|u1", Uint8Array.of(0, 255), true],
    ["<u2", Uint16Array.of(0, 65535), true],
    ["<u4", Uint32Array.of(0, 2 ** 32 - 1), true],
  ])("%s keeps its kind", (descr, values, integer) => {
    expect(readNpy(npy(header(descr, "(2,)"), values), "a.npy")).toEqual({
      shape: [2],
      data: values,
      integer,
    });
  });

  test("64-bit integers become doubles, as far as those are exact", () => {
    const read = (value: bigint): unknown =>
      readNpy(npy(header("<i8", "(1,)"), BigInt64Array.of(value)), "a.npy").data;
    expect(read(-7n)).toEqual(Float64Array.of(-7));
    expect(() => read(2n ** 53n)).toThrow(expect.objectContaining({ code: "input.dtype" }));
    expect(readNpy(npy(header("<u8", "()"), BigUint64Array.of(9n)), "a.npy")).toMatchObject({
      shape: [],
      data: Float64Array.of(9),
    });
  });

  test("booleans are not bytes", () => {
    expect(readNpy(npy(header("|b1", "(2,)"), Uint8Array.of(0, 1)), "a.npy").data).toEqual(
      Int8Array.of(0, 1),
    );
  });

  test("big-endian numbers and column-major order", () => {
    expect(readNpy(npy(header(">i2", "(2,)"), Uint8Array.of(1, 0, 0, 1)), "a.npy").data).toEqual(
      Int16Array.of(256, 1),
    );
    const columns = npy(header("<f4", "(2, 3)", "True"), Float32Array.of(0, 3, 1, 4, 2, 5));
    expect(readNpy(columns, "a.npy")).toMatchObject({
      shape: [2, 3],
      data: Float32Array.of(0, 1, 2, 3, 4, 5),
    });
  });

  test("version 2 headers", () => {
    expect(readNpy(npy(header("<f4", "(1, 1)"), Float32Array.of(3), 2), "a.npy").shape).toEqual([1, 1]);
  });

  test.each([
    [
      "too few bytes",
      npy(header("<f4", "(2,)"), Float32Array.of(1)),
      "input.unreadable",
      "needs 8 bytes but only 4",
    ],
    [
      "a size beyond all bounds",
      npy(header("<f4", `(${10 ** 15}, ${10 ** 15})`), Float32Array.of(1)),
      "input.unreadable",
      "only 4",
    ],
    ["strings", npy(header("<U4", "(1,)"), Float32Array.of(1)), "input.dtype", "U4"],
    [
      "records",
      npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", Float32Array.of(1)),
      "input.dtype",
      "[('a'",
    ],
    ["no header", npy("hello", Float32Array.of(1)), "input.unreadable", "expected fortran_order"],
    ["an unknown version", npy(header("<f4", "(1,)"), Float32Array.of(1), 9), "input.unreadable", "found 9"],
  ])("%s", (_, bytes, code, says) => {
    const read = (): unknown => readNpy(bytes, "a.npy");
    expect(read).toThrow(expect.objectContaining({ code, where: "a.npy" }));
    expect(read).toThrow(says);
  });

  test("any bytes after the signature are read or refused in order", () => {
    const property = fc.property(
      fc.string(),
      fc.uint8Array({ maxLength: 40 }),
      fc.nat(3),
      (text, data, version) => {
        try {
          readNpy(npy(text, data, version), "fuzz");
        } catch (error) {
          if (!(error instanceof TensorproofError)) throw error;
        }
      },
    );
    fc.assert(property, { numRuns: 2000 });
  });
});

describe("writing", () => {
  test.each([[[]], [[3]], [[2, 3]], [[0, 4]]])("shape %j is read back", (shape) => {
    const data = Float32Array.from(
      { length: shape.reduce((count, length) => count * length, 1) },
      (_, i) => i / 4,
    );
    const bytes = writeNpy({ shape, data });
    expect(readNpy(bytes, "a.npy")).toEqual({ shape, data, integer: false });
    expect((bytes.length - data.byteLength) % 64).toBe(0);
  });

  test.each([
    Int8Array.of(-1),
    Uint8Array.of(1),
    Int16Array.of(-1),
    Uint16Array.of(1),
    Int32Array.of(-1),
    Uint32Array.of(1),
    Float64Array.of(0.1),
  ])("%o keeps its kind", (data) => {
    expect(readNpy(writeNpy({ shape: [1], data }), "a.npy").data).toEqual(data);
  });
});
