import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createKernels } from "../kernels/createKernels.ts";
import {
  type CheatRequest,
  cheatingSetup,
  cheatProof,
  publicCheatingSetup,
  tamperedRun,
} from "./testing/cheatingProver.ts";
import { CHEATS } from "./testing/cheatTable.ts";
import { VICTIMS, type VictimName, victimInputs } from "./testing/cheatVictims.ts";
import { checkVerificationKey, verifyWithKey } from "./verifier/verify.ts";

const kernels = createKernels({ threads: 1 });
const visibilities = { input: "private", weights: "private", output: "public" } as const;

function prepare(name: VictimName) {
  const program = VICTIMS[name]();
  const inputs = victimInputs(program);
  const weights = program.constants.length === 0 ? "public" : "private";
  const key =
    weights === "public"
      ? publicCheatingSetup(kernels, program)
      : cheatingSetup(kernels, program, program.constants);
  const checked = checkVerificationKey(key.verificationKey);
  if (!checked.ok) throw new Error(checked.error.code);
  const honest = { program, tensors: tamperedRun(program, inputs, () => {}).tensors };
  const verdict = (deviation: Partial<CheatRequest>) => {
    const mark = kernels.mark();
    const request = { inputs, batch: 1, visibilities: { ...visibilities, weights } as const };
    const proof = cheatProof(kernels, key, { ...request, ...deviation });
    kernels.release(mark);
    return verifyWithKey(proof, checked.key);
  };
  return { honest, verdict };
}

describe.each(Object.keys(VICTIMS) as VictimName[])("a prover that cheats in one place (%s)", (victim) => {
  const { honest, verdict } = prepare(victim);

  it("is believed while it does not cheat", () => {
    expect(verdict({})).toMatchObject({ ok: true });
  });

  it.each(CHEATS.filter((cheat) => cheat.victim === victim))("$operator: $name: $code", (cheat) => {
    expect(verdict(cheat.deviate(honest))).toMatchObject({ ok: false, error: { code: cheat.code } });
  });
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
