/** One claim, one form; sizes that a statement declares are bounded while they are read. */
import { describe, expect, it } from "vitest";
import { ByteReader } from "../bytes/byteReader.ts";
import { readStatement, type Statement, writeStatement } from "./statement.ts";

const statement: Statement = {
  programHash: new Uint8Array(32),
  modelIdentity: new Uint8Array(32),
  batch: 2,
  visibilities: { input: "public", weights: "private", output: "private" },
  inputs: [
    {
      name: "x",
      shape: [2, 1],
      range: { lo: 0, hi: 9 },
      quant: { scale: 1, zeroPoint: 0 },
      values: Int32Array.of(1, 2, 3, 4),
    },
  ],
  outputs: [],
  weightSlot: { epochRoot: new Uint8Array(32), certificates: new Uint8Array(32), slot: 3 },
  inputCommitment: null,
  outputCommitment: null,
  context: Uint8Array.of(7),
  securityBits: 100,
};

function read(changed: Statement): Statement {
  const reader = new ByteReader(writeStatement(changed), "proof");
  const result = readStatement(reader);
  reader.end();
  return result;
}

describe("a statement's bytes", () => {
  it("are read back", () => {
    expect(read(statement)).toEqual(statement);
  });

  it("may be written over once they are read", () => {
    const bytes = Buffer.from(writeStatement(statement));
    const kept = readStatement(new ByteReader(bytes, "proof"));
    bytes.fill(255);
    expect(kept).toEqual(statement);
  });

  it("say in one way that weights are hidden", () => {
    const visibilities = { ...statement.visibilities, weights: "committed" } as const;
    expect(() => read({ ...statement, visibilities })).toThrow(
      expect.objectContaining({ code: "proof.notCanonical" }),
    );
  });

  it.each([
    ["overflow", new Array(255).fill(2 ** 32 - 1)],
    ["overflow, and end with a length of 0", [...new Array(254).fill(2 ** 32 - 1), 0]],
    ["are not there", [2 ** 31]],
    ["are not there, before a length of 0", [2 ** 31, 0]],
  ])("declare no integers that %s", (_, shape) => {
    const inputs = [{ ...statement.inputs[0], shape }];
    expect(() => read({ ...statement, inputs })).toThrow(
      expect.objectContaining({ code: "proof.truncated" }),
    );
  });
});
