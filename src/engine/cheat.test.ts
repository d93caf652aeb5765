import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createKernels } from "../kernels/createKernels.ts";
import { cheatingSetup, cheatProof, tamperedRun } from "./testing/cheatingProver.ts";
import { CHEATS, type HonestRun } from "./testing/cheatTable.ts";
import { denseProgram, seededIntegers } from "./testing/denseProgram.ts";
import { checkVerificationKey, verifyWithKey } from "./verifier/verify.ts";

const kernels = createKernels({ threads: 1 });
const inputs = [seededIntegers(4, 11, 0, 255)];
const visibilities = { input: "private", weights: "private", output: "public" } as const;

function victim(argmax: boolean) {
  const program = denseProgram({ input: 11, hidden: 7, output: 5, argmax });
  const key = cheatingSetup(kernels, program, program.constants);
  const checked = checkVerificationKey(key.verificationKey);
  if (!checked.ok) throw new Error(checked.error.code);
  const [, acc1, y1, scores] = tamperedRun(program, inputs, () => {}).tensors;
  const order = [...scores.keys()].sort((a, b) => scores[b] - scores[a]);
  const honest: HonestRun = { acc1, y1, scores, best: order[0], second: order[1] };
  return { key, checked: checked.key, honest };
}

const victims = { scores: victim(false), argmax: victim(true) };

describe("a prover that cheats in one place", () => {
  for (const name of ["scores", "argmax"] as const) {
    it(`is believed while it does not cheat (${name})`, () => {
      const { key, checked } = victims[name];
      const mark = kernels.mark();
      const proof = cheatProof(kernels, key, { inputs, batch: 1, visibilities });
      kernels.release(mark);
      expect(verifyWithKey(proof, checked)).toMatchObject({ ok: true });
    });
  }

  for (const cheat of CHEATS) {
    it(`${cheat.operator ?? "statement"}: ${cheat.name}: ${cheat.code}`, () => {
      const { key, checked, honest } = victims[cheat.argmax ? "argmax" : "scores"];
      const mark = kernels.mark();
      const proof = cheatProof(kernels, key, { inputs, batch: 1, visibilities, ...cheat.deviate(honest) });
      kernels.release(mark);
      expect(verifyWithKey(proof, checked)).toMatchObject({ ok: false, error: { code: cheat.code } });
    });
  }
});

describe("the table of cheats", () => {
  it("has an entry for every operator that is proven and computes something", () => {
    const source = readFileSync(new URL("../program/program.ts", import.meta.url), "utf8");
    const union = /export type ProgramOperator =([^;]+);/.exec(source)?.[1] ?? "";
    const names = union.split("|").map((name) => name.trim());
    const kinds = names.filter(Boolean).map((name) => {
      const body = source.split(`export interface ${name} {`)[1] ?? "";
      return /readonly kind: "(\w+)"/.exec(body)?.[1];
    });
    expect(kinds).toContain("matmul");
    expect(kinds).not.toContain(undefined);
    const planner = readFileSync(new URL("../relations/inferencePlan.ts", import.meta.url), "utf8");
    // What the planner does not know cannot be proven. A reshape is wiring: it has no cells of its own to cheat with.
    const proven = kinds.filter((kind) => kind !== "reshape" && planner.includes(`case "${kind}"`));
    expect(proven).toContain("requantise");
    const attacked = new Set<string | null | undefined>(CHEATS.map((cheat) => cheat.operator));
    expect(proven.filter((kind) => !attacked.has(kind))).toEqual([]);
  });
});
