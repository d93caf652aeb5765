/** Each bound of a key's parameters: the last value that it allows is refused for no such reason, the next one by name. */
import { describe, expect, it } from "vitest";
import type { CommitmentParameters, InnerLevel } from "../commitment/parameters.ts";
import { createKernels } from "../kernels/createKernels.ts";
import { setup } from "./prover/setup.ts";
import { denseProgram } from "./testing/denseProgram.ts";
import { readVerificationKey, type VerificationKey, writeVerificationKey } from "./verificationKey.ts";

const kernels = createKernels({ threads: 1 });
const program = denseProgram({ input: 8, hidden: 5, output: 4 });
const keyOf = (weights: "hidden" | "public"): VerificationKey =>
  readVerificationKey(setup(kernels, program, { weights, proofs: 3, batch: 1 }).verificationKey);
const hidden = keyOf("hidden");
const shown = keyOf("public");

/** Why a key with other parameters is refused; nothing if it is not. */
function problem(change: Partial<CommitmentParameters>, proofBudget = 0, key = shown): string {
  const parameters = { ...key.parameters, ...change };
  try {
    readVerificationKey(writeVerificationKey({ ...key, parameters, proofBudget }));
    return "";
  } catch (error) {
    expect(error).toMatchObject({ code: "key.parameters" });
    return (error as Error).message;
  }
}

/** One level behind rows that are as they were. */
function levelProblem(change: Partial<InnerLevel>): string {
  const level = { logColumns: 6, logLength: 10, queries: 105, grindBits: 8, ...change };
  return problem({ levels: [level] });
}

describe.each([
  ["the rows'", problem],
  ["a level's", levelProblem],
])("%s bounds", (_, of) => {
  it("hold for the columns", () => {
    const words = /rows of 2\^\d+ columns are out of bounds/;
    expect(of({})).toBe("");
    expect(of({ logColumns: 0 })).toMatch(words);
    expect(of({ logColumns: 1 })).not.toMatch(words);
    expect(of({ logColumns: 19, logLength: 21 })).not.toMatch(words);
    expect(of({ logColumns: 20, logLength: 21 })).toMatch(words);
  });

  it("hold for the code's length", () => {
    const words = /code length 2\^\d+ is out of bounds/;
    expect(of({ logColumns: 6, logLength: 6 })).toMatch(words);
    expect(of({ logColumns: 6, logLength: 7 })).not.toMatch(words);
    expect(of({ logLength: 21 })).not.toMatch(words);
    expect(of({ logLength: 22 })).toMatch(words);
  });

  it("hold for the queries", () => {
    const words = /\d+ queries are out of bounds/;
    expect(of({ queries: 0 })).toMatch(words);
    expect(of({ queries: 1 })).not.toMatch(words);
    expect(of({ logColumns: 3, logLength: 8, queries: 128 })).not.toMatch(words);
    expect(of({ logColumns: 3, logLength: 8, queries: 129 })).toMatch(words);
  });

  it("hold for the work", () => {
    const words = /\d+ bits of work are out of bounds/;
    expect(of({ grindBits: 30 })).not.toMatch(words);
    expect(of({ grindBits: 31 })).toMatch(words);
  });
});

describe("a key", () => {
  it("hides its weights or shows them, and nothing else", () => {
    const bytes = writeVerificationKey(hidden);
    if (hidden.weights.kind !== "hidden") throw new Error("the key hides its weights");
    // The kind stands before the root, and the range proof, with its length, at the end.
    const at = bytes.length - hidden.weights.rangeProof.length - 4 - 32 - 1;
    for (const kind of [bytes[at] + 2, 255]) {
      const changed = bytes.map((byte, i) => (i === at ? kind : byte));
      expect(() => readVerificationKey(changed)).toThrow(new RegExp(`unknown kind ${kind}`));
    }
    expect(() => readVerificationKey(bytes)).not.toThrow();
  });

  it("lets committed inputs be opened once at least", () => {
    expect(problem({ dataUses: 0 })).toMatch(/input commitments allow no opening/);
    expect(problem({ dataUses: 1 })).toBe("");
  });

  it("has uniform cells that fit its rows", () => {
    const words = /uniform cells do not fit/;
    // As many as a row has columns would be an even number: the last that fits is one less.
    const rows = { logColumns: 7, logLength: 12 };
    expect(problem({ ...rows, queries: 127, dataUses: 1 })).not.toMatch(words);
    expect(problem({ ...rows, queries: 128, dataUses: 1 })).toMatch(words);
  });

  it("encodes rows with redundancy", () => {
    const words = /code has no redundancy/;
    expect(problem({ logColumns: 7, logLength: 8, queries: 127, dataUses: 1 })).not.toMatch(words);
    expect(levelProblem({ logColumns: 6, logLength: 7 })).not.toMatch(/level 1 has no redundancy/);
  });

  it("asks as many queries as its security needs", () => {
    const { queries } = shown.parameters;
    const needed = (count: number): string => problem({ queries: count, dataUses: 1 });
    expect(needed(queries)).toBe("");
    expect(needed(queries / 2)).toMatch(/queries give less than \d+ bits/);
    expect(levelProblem({ queries: 90 })).toMatch(/level 1 gives less than \d+ bits/);
  });

  it("has levels that make the vector shorter", () => {
    const words = /level 1 commits to no shorter rows/;
    expect(levelProblem({ logColumns: 9, logLength: 13 })).not.toMatch(words);
    expect(levelProblem({ logColumns: 10, logLength: 14 })).toMatch(words);
  });

  it("has a budget where its weights are hidden, below what the commitment bears", () => {
    const { weightUses } = hidden.parameters;
    const words = /proof budget exceeds what the weight commitment bears/;
    expect(problem({}, 0, hidden)).toMatch(words);
    expect(problem({}, 1, hidden)).toBe("");
    expect(problem({}, weightUses - 1, hidden)).toBe("");
    expect(problem({}, weightUses, hidden)).toMatch(words);
    expect(problem({}, 1)).toMatch(/public weights have no budget/);
    expect(problem({ weightUses: 1 })).toMatch(/public weights have no budget/);
  });
});
