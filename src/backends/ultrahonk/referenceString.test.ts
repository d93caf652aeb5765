import { describe, expect, it } from "vitest";
import { readHonkProvingKey, writeHonkProvingKey } from "./provingKey.ts";
import {
  CEREMONY_G2,
  firstPoint,
  insecureReferenceString,
  numPoints,
  POINT_BYTES,
} from "./referenceString.ts";
import { readSystemKey, writeSystemKey } from "./systemKey.ts";

describe("reference strings", () => {
  it("begin with the generator and have the points that were asked for", () => {
    const { g1, g2 } = insecureReferenceString(5);
    expect(g1).toHaveLength(5 * POINT_BYTES);
    expect(g1.slice(0, POINT_BYTES)).toEqual(firstPoint());
    expect(Array.from(firstPoint()).filter((byte) => byte !== 0)).toEqual([1, 2]);
    expect(g2).toHaveLength(CEREMONY_G2.length);
    expect(g2).not.toEqual(CEREMONY_G2);
    expect(insecureReferenceString(2).g2).not.toEqual(g2);
  });

  it("have a point for each row of the padded circuit, and room for its own rows", () => {
    expect(numPoints(3)).toBe(1024);
    expect(numPoints(3347)).toBe(4097);
    expect(numPoints(4090)).toBe(8193);
  });
});

describe("keys", () => {
  it("are read as they were written", () => {
    const key = {
      weightSalt: 7n,
      verificationKey: Uint8Array.of(1, 2),
      circuit: Uint8Array.of(3),
      points: new Uint8Array(64),
    };
    const bytes = writeHonkProvingKey(key);
    expect(readHonkProvingKey(bytes)).toEqual(key);
    expect(() => readHonkProvingKey(bytes.subarray(0, 40))).toThrow(
      expect.objectContaining({ code: "key.truncated" }),
    );
    const system = { g2: CEREMONY_G2, key: Uint8Array.of(9, 8) };
    expect(readSystemKey(writeSystemKey(system))).toEqual(system);
  });
});
