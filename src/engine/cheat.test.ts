import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createKernels } from "../kernels/createKernels.ts";
import { CHEATS } from "./testing/cheatTable.ts";
import { VICTIMS, type VictimName } from "./testing/cheatVictims.ts";
import { prepareVictim } from "./testing/victim.ts";

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
