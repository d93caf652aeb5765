import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CommitmentParameters } from "../../commitment/parameters.ts";
import { createKernels } from "../../kernels/createKernels.ts";
import { setup } from "../prover/setup.ts";
import { denseProgram } from "../testing/denseProgram.ts";
import { flipBit } from "../testing/proofEditing.ts";
import { readVerificationKey, writeVerificationKey } from "../verificationKey.ts";
import { checkVerificationKey } from "./verify.ts";

const program = denseProgram({ input: 8, hidden: 5, output: 4 });
const { verificationKey } = setup(createKernels({ threads: 1 }), program, {
  weights: "hidden",
  proofs: 3,
  batch: 1,
});
const key = readVerificationKey(verificationKey);
if (key.weights.kind !== "hidden") throw new Error("expected hidden weights");
const proofStart = verificationKey.length - key.weights.rangeProof.length;

function codeOf(bytes: Uint8Array): string {
  const verdict = checkVerificationKey(bytes);
  return verdict.ok ? "accepted" : verdict.error.code;
}

function withParameters(change: Partial<CommitmentParameters>, proofBudget = key.proofBudget): Uint8Array {
  return writeVerificationKey({ ...key, proofBudget, parameters: { ...key.parameters, ...change } });
}

describe("a verification key whose bytes were changed", () => {
  it("is valid as long as nobody touches it", () => {
    expect(codeOf(verificationKey)).toBe("accepted");
  });

  it("is refused at every length but its own", () => {
    for (let length = 0; length < verificationKey.length; length += 97) {
      expect(codeOf(verificationKey.subarray(0, length)), `${length} bytes`).toBe("key.truncated");
    }
    const longer = new Uint8Array(verificationKey.length + 1);
    longer.set(verificationKey);
    expect(codeOf(longer)).toBe("key.notCanonical");
  });

  it("is refused under another version or magic", () => {
    expect(codeOf(flipBit(verificationKey, 4, 1))).toBe("key.version");
    expect(codeOf(flipBit(verificationKey, 0, 0))).toBe("key.notCanonical");
  });

  it("is refused for every flipped bit of the range proof", () => {
    const length = verificationKey.length - proofStart;
    for (let i = 0; i < 60; i++) {
      const offset = proofStart + Math.round((i * (length - 1)) / 59);
      const code = codeOf(flipBit(verificationKey, offset, i % 8));
      expect(code, `byte ${offset}`).toMatch(/^(key|lookup|products|opening|merkle)\.[a-zA-Z]+$/);
    }
  });

  it("is refused for every flipped bit of program, parameters and commitment", () => {
    for (let offset = 0; offset < proofStart; offset += 3) {
      const code = codeOf(flipBit(verificationKey, offset, offset % 8));
      expect(code, `byte ${offset}`).toMatch(
        /^(key|program|lookup|products|opening|merkle|proof)\.[a-zA-Z]+$/,
      );
    }
  });

  it("is refused with weaker parameters", () => {
    const { queries, weightUses, logColumns } = key.parameters;
    for (const [name, weak] of [
      ["fewer queries", withParameters({ queries: queries - 2 })],
      ["no queries", withParameters({ queries: 0 })],
      ["no proof of work", withParameters({ grindBits: 0 })],
      ["less redundancy", withParameters({ logLength: key.parameters.logLength - 1 })],
      ["no redundancy", withParameters({ logLength: logColumns })],
      ["uniform cells beyond the row", withParameters({ weightUses: 4 * weightUses + 2 ** logColumns })],
      ["a budget without uniform cells", withParameters({}, weightUses)],
      ["no budget", withParameters({}, 0)],
      ["no opening of inputs", withParameters({ dataUses: 0 })],
    ] as const) {
      expect(codeOf(weak), name).toBe("key.parameters");
    }
  });

  it("is refused with stronger parameters that its range proof was not made for", () => {
    expect(codeOf(withParameters({ grindBits: key.parameters.grindBits + 1 }))).not.toBe("accepted");
    expect(codeOf(withParameters({}, key.proofBudget + 1))).toBe("opening.evaluation");
  });

  it("never makes the verifier throw, spliced anywhere", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 60 }),
        fc.nat({ max: proofStart + 500 }),
        (bytes, at) => {
          const spliced = verificationKey.slice();
          spliced.set(bytes, at);
          expect(checkVerificationKey(spliced).ok).toBe(
            spliced.every((byte, i) => byte === verificationKey[i]),
          );
        },
      ),
      { numRuns: 200, seed: 21 },
    );
  });
});
