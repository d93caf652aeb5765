/**
 * Random programs of all operators with one wrong integer somewhere: whatever is computed from it follows, and the proof
 * is refused whenever anything that a plan stores or shows differs from the honest run.
 */
import { describe, expect, it } from "vitest";
import { createKernels } from "../kernels/createKernels.ts";
import type { ProgramRun } from "../program/interpreter.ts";
import type { Program } from "../program/program.ts";
import { randomExactProgram } from "../program/testing/randomExactProgram.ts";
import { randomIntegers } from "../program/testing/randomIntegers.ts";
import { randomInput } from "../program/testing/randomProgram.ts";
import { planInference } from "../relations/inferencePlan.ts";
import { programValues } from "../relations/witness/programValues.ts";
import {
  cheatingSetup,
  cheatProof,
  publicCheatingSetup,
  type Tamper,
  tamperedRun,
} from "./testing/cheatingProver.ts";
import { checkVerificationKey, verifyWithKey } from "./verifier/verify.ts";

const kernels = createKernels({ threads: 1 });
const BATCH = 2;
const TAMPERS = 4;

/** Everything that the plan stores of a run, but for multiplicities. */
function storedValues(
  program: Program,
  run: ProgramRun,
  origins: ReturnType<typeof planInference>["origins"],
) {
  return origins.map((origin) => programValues(program, run, origin)?.join()).join(";");
}

/** Verdicts on proofs with one wrong integer each, and whether anything stored was wrong; none if there is no plan. */
function attack(seed: number) {
  const program = randomExactProgram(seed, 1 + (seed % 7));
  const isHidden = program.constants.length > 0;
  const weights = isHidden ? "private" : "public";
  const visibilities = { input: "private", weights, output: "public" } as const;
  const random = randomIntegers(seed);
  // A reshape gives its input's own integers: to change them is to run on another input.
  const computed = program.operators.filter(({ kind }) => kind !== "reshape");
  if (computed.length === 0) return [];
  const inputs = program.inputs.map((_, i) => randomInput(program, BATCH, seed, i));
  let inference: ReturnType<typeof planInference>;
  try {
    inference = planInference(program, visibilities, BATCH);
  } catch (error) {
    if ((error as { code?: string }).code?.startsWith("program.") !== true) throw error;
    return [];
  }
  const key = isHidden
    ? cheatingSetup(kernels, program, program.constants)
    : publicCheatingSetup(kernels, program);
  const checked = checkVerificationKey(key.verificationKey);
  if (!checked.ok) throw new Error(checked.error.code);
  const stored = (tamper: Tamper): string =>
    storedValues(program, tamperedRun(program, inputs, tamper), inference.origins);
  const honest = stored(() => {});
  return Array.from({ length: TAMPERS }, () => {
    const { output } = computed[random(computed.length)];
    const { name } = program.tensors[output];
    const place = random(2 ** 30);
    const step = [-1, 1, 2, 7][random(4)];
    const tamper: Tamper = (tensor, values) => {
      if (tensor === name) values[place % values.length] += step;
    };
    const mark = kernels.mark();
    const proof = cheatProof(kernels, key, { inputs, batch: BATCH, visibilities, tamper });
    kernels.release(mark);
    return {
      name,
      isWrong: stored(tamper) !== honest,
      accepted: verifyWithKey(proof, checked.key).ok,
    };
  });
}

describe("a random program with one wrong integer", () => {
  let numWrong = 0;

  it.each(Array.from({ length: 40 }, (_, i) => 300 + i))("is refused: program %i", (seed) => {
    for (const { name, isWrong, accepted } of attack(seed)) {
      // Where nothing stored is wrong, the integer was rounded or clamped away, or nobody reads it.
      if (!isWrong) continue;
      numWrong++;
      expect(accepted, name).toBe(false);
    }
  });

  it("was wrong where it matters, most of the time", () => {
    expect(numWrong).toBeGreaterThan(60);
  });
});
