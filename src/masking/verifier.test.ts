import { describe, expect, it } from "vitest";
import { ProofError } from "../errors/proofError.ts";
import { ONE, ZERO } from "../field/ext.ts";
import { toExtVector } from "../field/extVector.ts";
import { Transcript } from "../transcript/transcript.ts";
import { TranscriptReader } from "./verifier.ts";

const reader = (): TranscriptReader =>
  new TranscriptReader(new Transcript("test"), toExtVector([ONE, ZERO, ONE]));

function codeOf(run: () => void): string | null {
  try {
    run();
    return null;
  } catch (error) {
    if (!(error instanceof ProofError)) throw error;
    return error.code;
  }
}

describe("the reader of scalars", () => {
  it("hands out as many as there are, and no more", () => {
    const all = reader();
    expect([all.clear("a"), all.clear("a"), all.clear("a")]).toEqual([ONE, ZERO, ONE]);
    expect(codeOf(() => all.clear("a"))).toBe("proof.truncated");
    expect(codeOf(() => all.hidden("a"))).toBe("proof.truncated");
  });

  it("leaves none over", () => {
    const all = reader();
    expect(codeOf(() => all.finish())).toBe("proof.length");
    all.clear("a");
    all.hidden("a");
    expect(codeOf(() => all.finish())).toBe("proof.length");
    all.clear("a");
    expect(codeOf(() => all.finish())).toBe(null);
  });
});
