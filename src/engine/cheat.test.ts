import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createKernels } from "../kernels/createKernels.ts";
import { programStructure } from "../program/programStructure.ts";
import { planInference } from "../relations/inferencePlan.ts";
import { inferenceTranscript, planLayout } from "./keyLayout.ts";
import { openProof } from "./proofFile.ts";
import { cheatProof, publicCheatingSetup, tamperedRun } from "./testing/cheatingProver.ts";
import { CHEATS } from "./testing/cheatTable.ts";
import { VICTIMS, type VictimName, victimInputs } from "./testing/cheatVictims.ts";
import { TABLE_CHEATS } from "./testing/tableCheats.ts";
import { prepareVictim } from "./testing/victim.ts";
import { readVerificationKey } from "./verificationKey.ts";
import { verifyPayload } from "./verifier/verifyPayload.ts";

const kernels = createKernels({ threads: 1 });
describe.each(Object.keys(VICTIMS) as VictimName[])("a prover that cheats in one place (%s)", (victim) => {
  const { honest, verdict } = prepareVictim(kernels, victim);

  it("is believed while it does not cheat", () => {
    expect(verdict({})).toMatchObject({ ok: true });
  });

  it.each(CHEATS.filter((cheat) => cheat.victim === victim))("$operator: $name: $code", (cheat) => {
    expect(verdict(cheat.deviate(honest))).toMatchObject({ ok: false, error: { code: cheat.code } });
  });
});

describe("cheats on which table is asked", () => {
  const program = VICTIMS.activated();
  const inputs = victimInputs(program);
  const key = publicCheatingSetup(kernels, program);
  const visibilities = { input: "private", weights: "public", output: "public" } as const;
  const honest = { program, tensors: tamperedRun(program, inputs, () => {}).tensors };

  it.each(TABLE_CHEATS)("are refused for nothing but the table: $name", ({ deviate }) => {
    const deviation = deviate(honest);
    const proof = cheatProof(kernels, key, { inputs, batch: 1, visibilities, ...deviation });
    const { statement, statementBytes, reader } = openProof(proof);
    const own = planInference(programStructure(program), visibilities, 1);
    const plan = deviation.plan?.(own) ?? own;
    expect(plan).not.toBe(own);
    const layout = planLayout(plan.plan, readVerificationKey(key.verificationKey).parameters);
    const values = (tensor: number): Int32Array =>
      statement.outputs[plan.outputs.indexOf(tensor)].values as Int32Array;
    // By a verifier who believed the plan of the cheat.
    expect(() =>
      verifyPayload(inferenceTranscript(statementBytes), plan.plan, layout, {}, values, reader),
    ).not.toThrow();
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
    const planner = ["planOperator", "planStored"]
      .map((file) => readFileSync(new URL(`../relations/${file}.ts`, import.meta.url), "utf8"))
      .join("\n");
    // What the planner does not know cannot be proven. A reshape is wiring: it has no cells of its own to cheat with.
    const proven = kinds.filter((kind) => kind !== "reshape" && planner.includes(`case "${kind}"`));
    expect(proven).toEqual(expect.arrayContaining(["requantise", "conv", "divide"]));
    const attacked = new Set<string | null | undefined>(CHEATS.map((cheat) => cheat.operator));
    expect(proven.filter((kind) => !attacked.has(kind))).toEqual([]);
  });
});
