/** Lookups that are cut into slices, from program to verdict: convolution, rescaling, maximum and requantisation. */
import { describe, expect, it } from "vitest";
import { realCells, totalBits } from "../claims/axes.ts";
import { createKernels } from "../kernels/createKernels.ts";
import { runProgram } from "../program/interpreter.ts";
import type { Program } from "../program/program.ts";
import { ProgramDraft } from "../program/testing/programDraft.ts";
import { randomIntegers } from "../program/testing/randomIntegers.ts";
import { randomInput } from "../program/testing/randomProgram.ts";
import { planInference } from "../relations/inferencePlan.ts";
import { cheatingSetup, cheatProof, type Tamper } from "./testing/cheatingProver.ts";
import { checkVerificationKey, verifyWithKey } from "./verifier/verify.ts";

const kernels = createKernels({ threads: 1 });
const CHANNELS = 24;
const BYTE = { lo: -128, hi: 127 };
const visibilities = { input: "private", weights: "private", output: "public" } as const;

function network(): Program {
  const draft = new ProgramDraft();
  const random = randomIntegers(3);
  const input = draft.input([20, 20, 3], BYTE);
  const data = Int32Array.from({ length: CHANNELS * 27 }, () => random(256) - 128);
  const weight = draft.constant([CHANNELS, 3, 3, 3], BYTE, data);
  const geometry = { strides: [1, 1], dilations: [1, 1], padBegin: [1, 1], padEnd: [1, 1], groups: 1 };
  const sum = draft.add({ kind: "conv", input, weight, bias: null, ...geometry });
  const multipliers = Array.from({ length: CHANNELS }, (_, i) => ({
    multiplier: 2 ** 30 + i * 1000003,
    shift: -8,
  }));
  const rounding = { rounding: "tflite-double", zeroPoint: 3, ...BYTE } as const;
  const scaled = draft.add({ kind: "rescale", input: sum, multipliers, ...rounding });
  // The other operand is turned: rows and columns are cut along other axes of the same tensor.
  const turned = draft.add({ kind: "transpose", input: scaled, permutation: [1, 0, 2] });
  const larger = draft.add({ kind: "max", left: scaled, right: turned });
  const total = draft.add({ kind: "combine", inputs: [larger, scaled], factors: [3, -1], offset: 5 });
  const domain = { lo: -128, hi: 255 };
  const f = { domain, map: { kind: "clamp", lo: 0, hi: 100 } } as const;
  draft.add({ kind: "requantise", input: total, shift: 2, rounding: "half-up", function: f });
  return draft.program();
}

/** Sections by the rows that they look up. */
function slicesByName(program: Program, batch: number): Map<string, number[][]> {
  const { plan } = planInference(program, visibilities, batch);
  const slices = new Map<string, number[][]>();
  for (const { name, axes, multiplicity } of plan.sections) {
    if (multiplicity === null) slices.set(name, [...(slices.get(name) ?? []), [...axes]]);
  }
  return slices;
}

const program = network();
const key = cheatingSetup(kernels, program, program.constants);
const checked = checkVerificationKey(key.verificationKey);
if (!checked.ok) throw new Error(checked.error.code);

describe.each([1, 2])("lookups of a batch of %i", (batch) => {
  const inputs = [randomInput(program, batch, 5)];
  const honest = runProgram(program, inputs, batch);

  function isAccepted(tamper: Tamper): boolean {
    const mark = kernels.mark();
    const proof = cheatProof(kernels, key, { inputs, batch, visibilities, tamper });
    kernels.release(mark);
    if (!checked.ok) throw new Error(checked.error.code);
    return verifyWithKey(proof, checked.key).ok;
  }

  it("are cut, and hold every cell once", () => {
    const slices = slicesByName(program, batch);
    for (const operator of ["rescale", "max", "requantise"]) {
      const [, own] = [...slices].find(([name]) => name.startsWith(operator)) as [string, number[][]];
      expect(own.length).toBeGreaterThan(1);
      const padded = own.reduce((sum, axes) => sum + 2 ** totalBits(axes), 0);
      expect(padded).toBeGreaterThan(2 ** 13);
      expect(padded).toBeLessThan(batch * 2 ** 15);
      expect(own.reduce((sum, axes) => sum + realCells(axes), 0)).toBe(batch * 20 * 20 * CHANNELS);
    }
  });

  it("prove an honest run", () => {
    expect(isAccepted(() => {})).toBe(true);
  });

  it.each(["rescale", "max", "requantise"])("refuse a wrong result of %s in the last slice", (kind) => {
    const [name] = program.operators.flatMap((own) => (own.kind === kind ? [own.name] : []));
    const { output } = program.operators.find((own) => own.name === name) as { output: number };
    const values = honest.tensors[output];
    // Behind 16 rows, 16 columns and 16 channels of the last sample, where one more is no other result's.
    const last = values.findLastIndex((value) => value > 0 && value < 100);
    expect(last % (20 * 20 * CHANNELS)).toBeGreaterThan(19 * 20 * CHANNELS);
    const wrong: Tamper = (tensor, cells) => {
      if (tensor === name) cells[last]++;
    };
    expect(isAccepted(wrong)).toBe(false);
  });
});
