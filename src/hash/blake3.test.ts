import { blake3 } from "@noble/hashes/blake3.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { describe, expect, it } from "vitest";
import { bytesToWords, contextHash, keyedHash, labelKey, wordsToBytes } from "./blake3.ts";
import { IV } from "./compress.ts";
import { PLAIN_HASH, treeHash } from "./treeHash.ts";

const key = Uint8Array.from({ length: 32 }, (_, i) => 255 - 7 * i);
const message = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i % 251);
// Around the ends of words, blocks, chunks and complete trees.
const LENGTHS = [
  0, 1, 3, 4, 5, 31, 63, 64, 65, 127, 128, 1023, 1024, 1025, 2047, 2048, 2049, 3072, 3073, 4096, 5121, 6144,
  7169, 8192, 16385, 31744,
];

describe("BLAKE3", () => {
  it("gives the published hash of nothing", () => {
    const hash = treeHash(IV, PLAIN_HASH, new Int32Array(16), 0, 32);
    expect(bytesToHex(hash)).toBe("af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262");
  });

  it.each(LENGTHS)("agrees with an independent implementation on %i bytes under a key", (length) => {
    expect(keyedHash(key, message(length))).toEqual(blake3(message(length), { key }));
  });

  it.each(LENGTHS)("agrees with an independent implementation on %i bytes under a context", (length) => {
    const context = `context ${"c".repeat(length % 90)}`;
    const expected = blake3(message(length), { context: new TextEncoder().encode(context) });
    expect(contextHash(context, message(length))).toEqual(expected);
  });

  it.each([0, 1, 32, 63, 64, 65, 129, 1000])("gives %i bytes of output", (dkLen) => {
    for (const length of [40, 3000])
      expect(keyedHash(key, message(length), dkLen)).toEqual(blake3(message(length), { key, dkLen }));
  });

  it("hashes labels without a key", () => {
    const label = "x".repeat(200);
    expect(labelKey(label)).toEqual(blake3(new TextEncoder().encode(`tensorproof/${label}`)));
  });

  it("reads messages at any offset of a buffer", () => {
    const buffer = message(300);
    expect(keyedHash(key, buffer.subarray(3, 200))).toEqual(blake3(buffer.slice(3, 200), { key }));
    expect(bytesToWords(buffer.subarray(1, 9))).toEqual(Uint32Array.of(0x04030201, 0x08070605));
    expect(wordsToBytes([0x04030201, 0xfffefdfc])).toEqual(Uint8Array.of(1, 2, 3, 4, 252, 253, 254, 255));
  });

  it("refuses keys of another length", () => {
    expect(() => keyedHash(key.subarray(1), message(4))).toThrow(RangeError);
  });
});
