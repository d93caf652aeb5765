import { describe, expect, it } from "vitest";
import { createKernels } from "../../kernels/createKernels.ts";
import { runProgram } from "../../program/interpreter.ts";
import type { Program } from "../../program/program.ts";
import { planInference } from "../../relations/inferencePlan.ts";
import { DEFAULT_VISIBILITIES } from "../../relations/visibility.ts";
import { denseProgram, seededIntegers } from "../testing/denseProgram.ts";
import { readVerificationKey } from "../verificationKey.ts";
import { checkVerificationKey, verify } from "../verifier/verify.ts";
import { NativeProver } from "./nativeProver.ts";
import { setup } from "./setup.ts";
import { setupParameters } from "./setupParameters.ts";

const kernels = createKernels({ threads: 1 });
const HIDDEN = { weights: "hidden", proofs: 2, batch: 1 } as const;
const PUBLIC = { weights: "public", proofs: 1, batch: 1 } as const;
const program = denseProgram({ input: 9, hidden: 6, output: 4 });

/** y = min(max(x, 0), 15), without any weight. */
function clampOnly(): Program {
  const quant = { scale: 1, zeroPoint: 0 };
  const domain = { lo: -128, hi: 127 };
  return {
    version: 1,
    name: "clamp",
    mode: "pow2",
    tensors: [
      { name: "x", shape: [5], range: domain, quant },
      { name: "y", shape: [5], range: { lo: 0, hi: 15 }, quant },
    ],
    constants: [],
    operators: [
      {
        kind: "requantise",
        name: "clamp",
        input: 0,
        shift: 0,
        rounding: "half-up",
        function: { domain, map: { kind: "clamp", lo: 0, hi: 15 } },
        output: 1,
      },
    ],
    inputs: [0],
    outputs: [1],
  };
}

describe("setup", () => {
  const [first, ...rest] = program.constants;
  const broken: [string, Program][] = [
    [
      "a weight outside its declared range",
      { ...program, constants: [{ ...first, data: first.data.map((x, i) => (i === 3 ? 128 : x)) }, ...rest] },
    ],
    ["a weight too few", { ...program, constants: [{ ...first, data: first.data.subarray(1) }, ...rest] }],
    [
      "a declared range that does not follow",
      {
        ...program,
        tensors: program.tensors.map((t, i) => (i === 1 ? { ...t, range: { lo: 0, hi: 1 } } : t)),
      },
    ],
  ];
  it.each(broken)("refuses a program with %s", (_, bad) => {
    for (const options of [HIDDEN, PUBLIC]) {
      expect(() => setup(kernels, bad, options)).toThrow(
        expect.objectContaining({ code: "program.invalid" }),
      );
    }
  });

  it("says what to do where there are no weights to hide", () => {
    expect(() => setup(kernels, clampOnly(), HIDDEN)).toThrow(
      expect.objectContaining({
        name: "TensorproofError",
        code: "setup.noWeights",
        message: expect.stringContaining("--weights public"),
      }),
    );
  });

  it("sets up a program without weights as that message says", () => {
    const { provingKey, verificationKey } = setup(kernels, clampOnly(), PUBLIC);
    const inputs = [seededIntegers(3, 5, -128, 127)];
    const visibilities = { input: "private", weights: "public", output: "public" } as const;
    const { proof } = new NativeProver(kernels, provingKey, null).prove({ inputs, batch: 1, visibilities });
    expect(verify(proof, verificationKey)).toMatchObject({
      ok: true,
      statement: { outputs: [{ values: runProgram(clampOnly(), inputs, 1).outputs[0] }] },
    });
  });

  it.each([1, 12, 100, 200])("sizes a commitment that bears %i proofs", (proofs) => {
    const { verificationKey } = setup(kernels, program, { weights: "hidden", proofs, batch: 1 });
    const { proofBudget, parameters } = readVerificationKey(verificationKey);
    expect(proofBudget).toBe(proofs);
    // The range proof, and three renewals.
    expect(parameters.weightUses).toBe(proofs + 4);
    expect(parameters.weightUses * parameters.queries).toBeLessThanOrEqual(2 ** parameters.logColumns);
    expect(checkVerificationKey(verificationKey)).toMatchObject({ ok: true });
  });

  it("says how many proofs a commitment bears at most, and how to go on from there", () => {
    const refused = (proofs: number): string => {
      try {
        setup(kernels, program, { weights: "hidden", proofs, batch: 1 });
      } catch (error) {
        expect(error).toMatchObject({ code: "setup.budget", where: "--proofs" });
        return (error as Error).message;
      }
      throw new Error(`${proofs} proofs are no problem`);
    };
    const message = refused(1_000_000);
    expect(message).toContain("tensorproof renew");
    const most = Number(/at most (\d+) proofs/.exec(message)?.[1]);
    expect(refused(most + 1)).toContain(`at most ${most} proofs`);
    expect(() => setup(kernels, program, { weights: "hidden", proofs: most, batch: 1 })).not.toThrow();
  });

  it("takes the parameters of another key where both are to read one commitment", () => {
    const { parameters } = readVerificationKey(
      setup(kernels, denseProgram({ input: 300, hidden: 200, output: 10 }), HIDDEN).verificationKey,
    );
    for (const weights of ["hidden", "public"] as const) {
      const like = setup(kernels, program, { weights, proofs: 2, batch: 1, like: parameters });
      const own = readVerificationKey(like.verificationKey).parameters;
      expect(own).toEqual({ ...parameters, weightUses: weights === "hidden" ? 6 : 0 });
      expect(checkVerificationKey(like.verificationKey)).toMatchObject({ ok: true });
    }
    expect(() => setup(kernels, program, { ...HIDDEN, proofs: 1000, like: parameters })).toThrow(
      expect.objectContaining({ code: "setup.like", message: expect.stringMatching(/at most \d+ proofs/) }),
    );
  });

  it("chooses the parameters that a forecast sees", () => {
    const { plan } = planInference(program, DEFAULT_VISIBILITIES, HIDDEN.batch);
    const { verificationKey } = setup(kernels, program, HIDDEN);
    expect(readVerificationKey(verificationKey).parameters).toEqual(setupParameters(plan, HIDDEN.proofs));
  });
});
