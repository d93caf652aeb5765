import { describe, expect, it } from "vitest";
import { numPacks, packingOf, poseidon2Commitment } from "./commitment.ts";
import { poseidon2Hash, poseidon2Permutation } from "./poseidon2.ts";

describe("Poseidon2", () => {
  // As bb.js 5.0.0 answers `poseidon2Permutation` and `poseidon2Hash`.
  it("permutes as Barretenberg does", () => {
    expect(poseidon2Permutation([0n, 1n, 2n, 3n])).toEqual([
      0x01bd538c2ee014ed5141b29e9ae240bf8db3fe5b9a38629a9647cf8d76c01737n,
      0x239b62e7db98aa3a2a8f6a0d2fa1709e7a35959aa6c7034814d9daa90cbac662n,
      0x04cbb44c61d928ed06808456bf758cbf0c18d1e15a7b6dbc8245fa7515d5e3cbn,
      0x2e11c5cff2a22c64d01304b778d78f6998eff1ab73163a35603f54794c30847an,
    ]);
  });

  it("hashes lists as Barretenberg does, of less than a block and more", () => {
    expect(poseidon2Hash([5n, 6n])).toBe(0x1abe6b73438042162805d105c2af231e5880a5b15844e7223e4ea7f609b51f5en);
    expect(poseidon2Hash([5n, 6n, 7n, 8n])).toBe(
      0x0ca9e01694b0d6b483eb9dd46b560fba1c81fe4138ba9c3ef9258114cc5d112dn,
    );
  });
});

describe("commitments", () => {
  const range = { lo: -8, hi: 7 };

  it("pack as many integers as fit below the field's order", () => {
    expect(packingOf(range)).toEqual({ width: 4, each: 62 });
    expect(numPacks(range, 63)).toBe(2);
    expect(poseidon2Commitment(9n, [{ range, values: [-8, -7, 7] }])).toBe(
      poseidon2Hash([9n, 0n + (1n << 4n) + (15n << 8n)]),
    );
  });

  it("differ for other values, another salt and another number of rows", () => {
    const of = (salt: bigint, ...rows: number[][]): bigint =>
      poseidon2Commitment(
        salt,
        rows.map((values) => ({ range, values })),
      );
    const all = [of(1n, [1, 2]), of(2n, [1, 2]), of(1n, [1, 3]), of(1n, [1], [2]), of(1n, [1, 2], [])];
    expect(new Set(all).size).toBe(4);
    expect(all[4]).toBe(all[0]);
  });
});
