import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { P } from "../../field/m31.ts";
import { createKernels } from "../../kernels/createKernels.ts";
import { NativeProver } from "../prover/nativeProver.ts";
import { setup } from "../prover/setup.ts";
import type { Statement } from "../statement.ts";
import { denseProgram, seededIntegers } from "../testing/denseProgram.ts";
import { MemorySlotCounter } from "../testing/memorySlotCounter.ts";
import { flipBit, proofRegions, setWord, spread, withStatement } from "../testing/proofEditing.ts";
import { modelIdentity } from "../verificationKey.ts";
import { checkVerificationKey, type Verdict, verify, verifyWithKey } from "./verify.ts";

const kernels = createKernels({ threads: 1 });
const BUDGET = 3;

function keysFor(seed: number): ReturnType<typeof setup> {
  const program = denseProgram({ input: 8, hidden: 5, output: 4, seed });
  return setup(kernels, program, { weights: "hidden", proofs: BUDGET, batch: 1 });
}

const { provingKey, verificationKey } = keysFor(1);
const { proof, statement } = new NativeProver(kernels, provingKey, new MemorySlotCounter()).prove({
  inputs: [seededIntegers(5, 8, 0, 255)],
  batch: 1,
  visibilities: { input: "private", weights: "private", output: "public" },
  context: new TextEncoder().encode("for Alice"),
});
const checked = checkVerificationKey(verificationKey);
if (!checked.ok) throw new Error(checked.error.code);
const { key } = checked;

function codeOf(verdict: Verdict): string {
  return verdict.ok ? "accepted" : verdict.error.code;
}

describe("a proof whose bytes were changed", () => {
  it("is valid as long as nobody touches it", () => {
    expect(codeOf(verifyWithKey(proof, key))).toBe("accepted");
  });

  it("is refused at every length but its own", () => {
    for (let length = 0; length < proof.length; length += 1 + Math.floor(proof.length / 150)) {
      const code = codeOf(verifyWithKey(proof.subarray(0, length), key));
      expect(code, `${length} bytes`).toMatch(/^proof\.(truncated|notCanonical)$/);
    }
    expect(codeOf(verifyWithKey(proof.subarray(0, proof.length - 1), key))).toBe("proof.truncated");
    for (const extra of [1, 4, 32]) {
      const longer = new Uint8Array(proof.length + extra);
      longer.set(proof);
      expect(codeOf(verifyWithKey(longer, key)), `${extra} more`).toBe("proof.notCanonical");
    }
  });

  it("is refused for every flipped bit, in whichever region", () => {
    const regions = proofRegions(proof, verificationKey);
    expect(regions[regions.length - 1].end).toBe(proof.length);
    let tried = 0;
    for (const region of regions) {
      for (const offset of spread(region, 28)) {
        const verdict = verifyWithKey(flipBit(proof, offset, tried % 8), key);
        expect(codeOf(verdict), `${region.name}, byte ${offset}, bit ${tried % 8}`).toMatch(
          /^(proof|statement|lookup|products|opening|merkle)\.[a-zA-Z]+$/,
        );
        tried++;
      }
    }
    expect(tried).toBeGreaterThan(250);
  });

  it("is refused if a word is p, the second name of zero", () => {
    for (const region of proofRegions(proof, verificationKey)) {
      if (
        !["scalars", "mask sum", "rounds", "proximity", "vector", "first tree's columns"].includes(
          region.name,
        )
      )
        continue;
      // A later change makes the positions of the queries differ, so only what precedes it is certain to be reached.
      const code = codeOf(verifyWithKey(setWord(proof, region.start, P), key));
      expect(code, region.name).toBe("proof.notCanonical");
    }
  });

  it("is refused under another version, backend or magic", () => {
    expect(codeOf(verifyWithKey(flipBit(proof, 4, 1), key))).toBe("proof.version");
    expect(codeOf(verifyWithKey(flipBit(proof, 6, 1), key))).toBe("proof.backend");
    expect(codeOf(verifyWithKey(flipBit(proof, 0, 0), key))).toBe("proof.notCanonical");
  });
});

describe("a proof under a changed statement", () => {
  const output = (change: (values: Int32Array) => Int32Array) => (s: Statement) => ({
    ...s,
    outputs: s.outputs.map((value) => ({ ...value, values: change((value.values as Int32Array).slice()) })),
  });
  const slot = (number: number) => (s: Statement) => ({
    ...s,
    weightSlot: { ...(s.weightSlot as NonNullable<Statement["weightSlot"]>), slot: number },
  });
  const { lo, hi } = statement.outputs[0].range;
  const cases: [string, string, (s: Statement) => Statement][] = [
    ["an output one larger", "opening.evaluation", output((v) => v.map((x, i) => (i === 2 ? x + 1 : x)))],
    ["two outputs exchanged", "opening.evaluation", output((v) => v.map((_, i) => v[i ^ 1]))],
    ["an output above its range", "statement.range", output((v) => v.fill(hi + 1, 0, 1))],
    ["an output below its range", "statement.range", output((v) => v.fill(lo - 1, 0, 1))],
    ["a slot beyond the budget", "statement.slot", slot(BUDGET)],
    ["another slot of the budget", "opening.evaluation", slot(1)],
    [
      "another context",
      "opening.evaluation",
      (s) => ({ ...s, context: new TextEncoder().encode("for Mallory") }),
    ],
    ["no context", "opening.evaluation", (s) => ({ ...s, context: new Uint8Array() })],
    ["weights called committed", "proof.notCanonical", (s) => visible(s, { weights: "committed" })],
    ["another program", "statement.program", (s) => ({ ...s, programHash: new Uint8Array(32) })],
    ["another model", "statement.model", (s) => ({ ...s, modelIdentity: new Uint8Array(32) })],
    ["more security", "statement.security", (s) => ({ ...s, securityBits: s.securityBits + 1 })],
    ["another name of the output", "statement.values", rename],
    ["no output at all", "statement.values", (s) => ({ ...s, outputs: [] })],
    ["a declared range of its own", "statement.values", widen],
    ["a foreign weight commitment", "statement.epoch", (s) => foreign(s, "epochRoot")],
    ["certificates", "statement.epoch", (s) => foreign(s, "certificates")],
    ["a batch of 0", "proof.notCanonical", (s) => ({ ...s, batch: 0 })],
  ];

  function visible(s: Statement, change: Partial<Statement["visibilities"]>): Statement {
    return { ...s, visibilities: { ...s.visibilities, ...change } };
  }
  function rename(s: Statement): Statement {
    return { ...s, outputs: s.outputs.map((value) => ({ ...value, name: "probabilities" })) };
  }
  function widen(s: Statement): Statement {
    const range = { lo: lo - 1, hi };
    return { ...s, outputs: s.outputs.map((value) => ({ ...value, range })) };
  }
  function foreign(s: Statement, field: "epochRoot" | "certificates"): Statement {
    const weightSlot = s.weightSlot as NonNullable<Statement["weightSlot"]>;
    return { ...s, weightSlot: { ...weightSlot, [field]: new Uint8Array(32).fill(7) } };
  }

  it.each(cases)("%s: %s", (_, code, edit) => {
    expect(codeOf(verifyWithKey(withStatement(proof, edit), key))).toBe(code);
  });

  it("is refused with another visibility or batch, whose plan differs", () => {
    const hideOutput = (s: Statement): Statement => ({
      ...visible(s, { output: "private" }),
      outputs: s.outputs.map((value) => ({ ...value, values: null })),
    });
    const double = (s: Statement): Statement => ({
      ...output((v) => Int32Array.from([...v, ...v]))(s),
      batch: 2,
    });
    // Scalars are read with other meanings.
    expect(codeOf(verifyWithKey(withStatement(proof, hideOutput), key))).toBe("opening.evaluation");
    expect(codeOf(verifyWithKey(withStatement(proof, double), key))).toMatch(
      /^(proof\.truncated|opening\.evaluation)$/,
    );
  });

  it("is refused with another model's key, whatever identity it claims", () => {
    const other = keysFor(2).verificationKey;
    expect(codeOf(verify(proof, other))).toBe("statement.model");
    const claiming = withStatement(proof, (s) => ({ ...s, modelIdentity: modelIdentity(other) }));
    expect(codeOf(verify(claiming, other))).toBe("statement.epoch");
  });
});

describe("arbitrary bytes", () => {
  const start = proof.length - 1000;
  it("never make the verifier throw", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.nat({ max: 600 }), (bytes, at) => {
        expect(verifyWithKey(bytes, key).ok).toBe(false);
        expect(checkVerificationKey(bytes).ok).toBe(false);
        // Also behind a valid beginning, where parsing goes deep.
        const spliced = proof.slice();
        spliced.set(bytes, at);
        const same = spliced.every((byte, i) => byte === proof[i]);
        expect(verifyWithKey(spliced, key).ok).toBe(same);
        const tail = proof.slice();
        tail.set(bytes, start);
        expect(verifyWithKey(tail, key).ok).toBe(tail.every((byte, i) => byte === proof[i]));
      }),
      { numRuns: 200, seed: 20 },
    );
  });
});
