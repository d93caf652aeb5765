/** Keys and proofs whose declared sizes are the attack: refused by a code of their own before anything is allocated. */
import { describe, expect, it, vi } from "vitest";
import { createKernels } from "../kernels/createKernels.ts";
import type { Program } from "../program/program.ts";
import { programHash } from "../program/programHash.ts";
import type { ProgramStructure } from "../program/programStructure.ts";
import { planInference } from "../relations/inferencePlan.ts";
import { transcriptSize } from "../relations/reduce.ts";
import { MAX_PLAN_ROWS } from "../relations/tableLimits.ts";
import { planLayout } from "./keyLayout.ts";
import { minimumPayloadBytes } from "./payload.ts";
import { openProof } from "./proofFile.ts";
import { setup } from "./prover/setup.ts";
import { securityReport } from "./security.ts";
import type { Statement } from "./statement.ts";
import { writeStatement } from "./statement.ts";
import { describeValues } from "./statementValues.ts";
import { denseProgram } from "./testing/denseProgram.ts";
import { clampChain, emptyProduct, wideProduct } from "./testing/hostilePrograms.ts";
import { assembleProof } from "./testing/proofEditing.ts";
import { modelIdentity, writeVerificationKey } from "./verificationKey.ts";
import {
  checkVerificationKey,
  type KeyVerdict,
  type Verdict,
  verify,
  verifyWithKey,
} from "./verifier/verify.ts";

const shape = {
  logColumns: 10,
  logLength: 13,
  queries: 126,
  grindBits: 16,
  weightUses: 0,
  dataUses: 4,
  levels: [],
};
/** No function has more rows than this. */
const LARGEST_TABLE = 2 ** 16;

function publicKey(program: Program): Uint8Array {
  const weights = { kind: "public", constants: program.constants } as const;
  return writeVerificationKey({ program, parameters: shape, proofBudget: 0, weights });
}

/** With a weight commitment and a range proof that nobody made: sizes must be refused before either is looked at. */
function hiddenKey(program: ProgramStructure): Uint8Array {
  const weights = { kind: "hidden", root: new Uint8Array(32), rangeProof: new Uint8Array(9) } as const;
  const parameters = { ...shape, weightUses: 2 };
  return writeVerificationKey({ program, parameters, proofBudget: 1, weights });
}

function codeOf(verdict: Verdict | KeyVerdict): string {
  return verdict.ok ? "accepted" : verdict.error.code;
}

/** A statement that fits the key, and no proof behind it. */
function bareProof(
  program: Program,
  key: Uint8Array,
  change: Pick<Statement, "batch" | "visibilities" | "securityBits">,
): Uint8Array {
  return assembleProof(
    writeStatement({
      ...change,
      programHash: programHash(program),
      modelIdentity: modelIdentity(key),
      inputs: describeValues(program, program.inputs, null),
      outputs: describeValues(program, program.outputs, null),
      weightSlot: null,
      inputCommitment: null,
      outputCommitment: null,
      context: new Uint8Array(),
    }),
    new Uint8Array(1000),
  );
}

const hiddenData = { input: "private", weights: "public", output: "private" } as const;

describe("tables", () => {
  const most = clampChain(MAX_PLAN_ROWS / LARGEST_TABLE);
  const tooMany = clampChain(MAX_PLAN_ROWS / LARGEST_TABLE + 1);

  it("may hold as many rows together as the plan allows, and not one table more", () => {
    expect(codeOf(checkVerificationKey(publicKey(most)))).toBe("accepted");
    expect(codeOf(checkVerificationKey(publicKey(tooMany)))).toBe("program.tablesTooLarge");
    expect(codeOf(checkVerificationKey(hiddenKey(tooMany)))).toBe("program.tablesTooLarge");
  });

  it("are not made before security and length of a proof are known to suffice", () => {
    // One table less: the range of the hidden input takes one.
    const fitting = clampChain(MAX_PLAN_ROWS / LARGEST_TABLE - 1);
    const key = publicKey(fitting);
    const boasting = bareProof(fitting, key, { batch: 1, visibilities: hiddenData, securityBits: 127 });
    const { plan } = planInference(fitting, hiddenData, 1);
    const securityBits = Math.floor(securityReport(plan, planLayout(plan, shape)).bits);
    const short = bareProof(fitting, key, { batch: 1, visibilities: hiddenData, securityBits });
    const { scalars } = transcriptSize(plan);
    const long = minimumPayloadBytes(planLayout(plan, shape), scalars);
    const verdictOn = (proof: Uint8Array): readonly [code: string, isMade: boolean] => {
      // A clamp's row is a minimum. Counted by hand: a spy would keep millions of calls.
      const { min } = Math;
      let count = 0;
      Math.min = (...numbers: number[]): number => {
        count++;
        return min(...numbers);
      };
      const code = codeOf(verify(proof, key));
      Math.min = min;
      return [code, count > LARGEST_TABLE];
    };
    expect(verdictOn(boasting)).toEqual(["statement.security", false]);
    expect(verdictOn(short)).toEqual(["proof.truncated", false]);
    // Work before the lookup challenges takes a few attempts.
    const { statementBytes } = openProof(short);
    const reaches = Array.from({ length: 64 }, (_, i) => 1 + i).some((byte) => {
      const [, isMade] = verdictOn(assembleProof(statementBytes, new Uint8Array(long).fill(byte)));
      return isMade;
    });
    expect(reaches).toBe(true);
  });

  it("too large for any proof are refused by setup as well", () => {
    const options = { weights: "public", proofs: 1, batch: 1 } as const;
    expect(() => setup(createKernels({ threads: 1 }), tooMany, options)).toThrow(
      expect.objectContaining({ name: "TensorproofError", code: "program.tablesTooLarge" }),
    );
  });
});

describe("padded sizes", () => {
  it.each([
    ["more than 2^28 weights", 2 ** 15, 2 ** 14],
    ["fewer weights, more than 2^28 with their padding", 2 ** 14 + 1, 2 ** 13 + 1],
  ])("%s", (_, outputs, inputs) => {
    expect(codeOf(checkVerificationKey(hiddenKey(emptyProduct(outputs, inputs))))).toBe(
      "program.unsupportedLayout",
    );
  });

  it("that a batch brings about are refused with the proof, not with the key", () => {
    const program = denseProgram({ input: 300, hidden: 6, output: 4 });
    const key = publicKey(program);
    const checked = checkVerificationKey(key);
    if (!checked.ok) throw new Error(checked.error.code);
    const claim = (batch: number): string =>
      codeOf(
        verifyWithKey(
          bareProof(program, key, { batch, visibilities: hiddenData, securityBits: 100 }),
          checked.key,
        ),
      );
    // 512 padded inputs each: 2^20 samples exceed 2^28 cells; half as many would take a longer proof.
    expect(claim(2 ** 20)).toBe("program.unsupportedLayout");
    expect(claim(2 ** 19)).toBe("proof.truncated");
    expect(claim(2 ** 20 + 1)).toBe("proof.notCanonical");
  });
});

describe("ranges", () => {
  const WIDE = { lo: -(2 ** 30) + 1, hi: 2 ** 30 - 1 };
  const BIT = { lo: 0, hi: 1 };

  it("of hidden weights that no range proof can cover", () => {
    expect(codeOf(checkVerificationKey(hiddenKey(wideProduct(BIT, WIDE))))).toBe("program.rangeTooLarge");
  });

  it("of hidden inputs that no range proof can cover", () => {
    const program = wideProduct(WIDE, BIT);
    const key = publicKey(program);
    const proof = bareProof(program, key, { batch: 1, visibilities: hiddenData, securityBits: 100 });
    expect(codeOf(checkVerificationKey(key))).toBe("accepted");
    expect(codeOf(verify(proof, key))).toBe("program.rangeTooLarge");
  });

  it("whose sums wrap around the field", () => {
    const program = wideProduct({ lo: 0, hi: 255 }, { lo: -127, hi: 126 });
    const key = publicKey(program);
    const view = new DataView(key.buffer);
    const at = [...key.keys()].find(
      (i) => i + 8 <= key.length && view.getInt32(i, true) === -127 && view.getInt32(i + 4, true) === 126,
    );
    if (at === undefined) throw new Error("the key does not show its weights' range");
    view.setInt32(at + 4, 2 ** 30 - 1, true);
    expect(codeOf(checkVerificationKey(key))).toBe("program.rangeTooLarge");
  });
});

describe("what nobody foresaw", () => {
  const program = denseProgram({ input: 9, hidden: 6, output: 4 });
  const key = publicKey(program);
  const checked = checkVerificationKey(key);
  if (!checked.ok) throw new Error(checked.error.code);
  const proof = bareProof(program, key, { batch: 1, visibilities: hiddenData, securityBits: 100 });

  it("is a verdict where the verifier runs into a TypeError", () => {
    const broken = { ...checked.key.key, program: { ...checked.key.key.program, constants: [] } };
    expect(verifyWithKey(proof, { ...checked.key, key: broken })).toMatchObject({
      ok: false,
      error: { code: "verifier.internal", where: expect.stringContaining("TypeError") },
    });
    const nothing = undefined as unknown as Uint8Array;
    for (const verdict of [verify(nothing, key), verify(proof, nothing), checkVerificationKey(nothing)])
      expect(codeOf(verdict)).toBe("verifier.internal");
  });

  it("is a verdict where memory runs out", () => {
    const full = vi.spyOn(Uint8Array.prototype, "every").mockImplementation(() => {
      throw new RangeError("Array buffer allocation failed");
    });
    const verdict = verifyWithKey(proof, checked.key);
    full.mockRestore();
    expect(verdict).toEqual({
      ok: false,
      error: { code: "verifier.internal", where: "RangeError: Array buffer allocation failed" },
    });
  });
});
