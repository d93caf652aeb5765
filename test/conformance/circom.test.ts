/** Exported Circom projects, compiled by circom2 where it is installed: same outputs, constraints satisfied and binding. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { circomInput, circomProject } from "../../src/backends/circom/circomProject.ts";
import { FIELD_ORDER, signedInteger } from "../../src/backends/r1cs/scalarField.ts";
import { brokenConstraint, type R1cs, readR1cs, readWtns } from "../../src/backends/r1cs/testing/readR1cs.ts";
import { runProgram } from "../../src/program/interpreter.ts";
import type { Program } from "../../src/program/program.ts";
import { ProgramDraft } from "../../src/program/testing/programDraft.ts";
import { randomIntegers } from "../../src/program/testing/randomIntegers.ts";
import { randomInput } from "../../src/program/testing/randomProgram.ts";
import { hasPeer, peerFile } from "./peers.ts";
import { smallProgram } from "./smallProgram.ts";

interface Compiled {
  readonly r1cs: R1cs;
  readonly values: bigint[];
}

interface WitnessCalculator {
  calculateWTNSBin(input: unknown, sanityCheck: number): Promise<Uint8Array>;
}

async function compileAndRun(program: Program, inputs: readonly Int32Array[]): Promise<Compiled> {
  const project = circomProject(program, { input: "private" });
  const folder = mkdtempSync(join(tmpdir(), "circom-"));
  try {
    for (const [path, text] of project.files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const args = [peerFile("circom2/cli.js"), "circuit.circom", "--r1cs", "--wasm", "--O1"];
    execFileSync(process.execPath, args, { cwd: folder, stdio: "pipe" });
    const generator = join(folder, "circuit_js");
    const build = createRequire(join(generator, "x.js"))("./witness_calculator.js");
    const calculator: WitnessCalculator = await build(readFileSync(join(generator, "circuit.wasm")));
    const wtns = await calculator.calculateWTNSBin(JSON.parse(circomInput(project, inputs)), 0);
    return { r1cs: readR1cs(readFileSync(join(folder, "circuit.r1cs"))), values: readWtns(wtns) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A convolution with padding, a rescale per channel, pooling by maxima and sums, and an argmax. */
function convolutionalProgram(): Program {
  const random = randomIntegers(9);
  const draft = new ProgramDraft();
  const byte = { lo: -128, hi: 127 };
  const data = (size: number): Int32Array => Int32Array.from({ length: size }, () => random(256) - 128);
  const input = draft.input([5, 6, 2], byte);
  const weight = draft.constant([4, 3, 3, 2], byte, data(72));
  const sums = draft.add({
    kind: "conv",
    input,
    weight,
    bias: draft.constant([4], byte, data(4)),
    strides: [1, 1],
    dilations: [1, 1],
    padBegin: [1, 1],
    padEnd: [1, 1],
    groups: 1,
  });
  const small = draft.add({
    kind: "rescale",
    input: sums,
    rounding: "tflite-single",
    multipliers: [3, 5, 7, 9].map((i) => ({ multiplier: 2 ** 30 + i * 99991, shift: -8 })),
    zeroPoint: -3,
    lo: -128,
    hi: 127,
  });
  const even = draft.add({ kind: "take", input: small, axis: 1, indices: Int32Array.of(0, 2, 4), fill: 0 });
  const odd = draft.add({
    kind: "take",
    input: small,
    axis: 1,
    indices: Int32Array.of(1, 3, -1),
    fill: -128,
  });
  const pooled = draft.add({ kind: "max", left: even, right: odd });
  const rows = draft.add({
    kind: "windowSum",
    input: pooled,
    axis: 0,
    size: 2,
    stride: 2,
    padBegin: 0,
    padEnd: 1,
  });
  const turned = draft.add({ kind: "transpose", input: rows, permutation: [2, 0, 1] });
  const flat = draft.add({ kind: "reshape", input: turned }, [36]);
  draft.add({ kind: "argmax", input: flat });
  return draft.program("small convolutional network");
}

const isAbsent = hasPeer("circom2") ? null : "circom2 is not installed; npm run peers does";

describe.skipIf(isAbsent !== null)(
  `Circom projects${isAbsent === null ? "" : ` (skipped: ${isAbsent})`}`,
  () => {
    for (const program of [smallProgram(3), convolutionalProgram()]) {
      it(`compute and bind what the program says: ${program.name}`, async () => {
        const inputs = program.inputs.map((_, i) => randomInput(program, 1, 4 + i, i));
        const { r1cs, values } = await compileAndRun(program, inputs);
        expect(brokenConstraint(r1cs, values)).toBeNull();
        const outputs = runProgram(program, inputs, 1).outputs.flatMap((row) => Array.from(row));
        const shown = values.slice(1, 1 + outputs.length);
        expect(shown.map(signedInteger).map(Number)).toEqual(outputs);
        for (let wire = 1; wire <= outputs.length; wire++) {
          for (const by of [1n, 2n, FIELD_ORDER - 1n]) {
            const forged = [...values];
            forged[wire] = (forged[wire] + by) % FIELD_ORDER;
            expect(brokenConstraint(r1cs, forged)).not.toBeNull();
          }
        }
      }, 300_000);
    }
  },
);

describe("Circom projects", () => {
  it("are refused for operators without a template, all at once", () => {
    const draft = new ProgramDraft();
    const table = draft.input([4], { lo: 0, hi: 9 });
    const index = draft.input([2], { lo: 0, hi: 3 });
    draft.add({ kind: "gather", table, index, batchAxes: 0 });
    draft.add({ kind: "gather", table, index, batchAxes: 0 });
    let details: unknown;
    try {
      circomProject(draft.program(), { input: "private" });
    } catch (error) {
      details = (error as { details: unknown }).details;
    }
    expect(details).toEqual([
      { operator: "gather 2", reason: "there is no template for gather" },
      { operator: "gather 3", reason: "there is no template for gather" },
    ]);
  });
});
