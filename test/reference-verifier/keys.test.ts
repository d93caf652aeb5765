/**
 * Both verifiers agree on the keys of many programs with one byte changed: what a program may be, and what can be proven of it.
 * Such a key has public weights and no proof of its own, so that only the program, its plan and its integers are checked.
 */
import { expect, it } from "vitest";
import { VICTIMS, type VictimName } from "../../src/engine/testing/cheatVictims.ts";
import { randomExactProgram } from "../../src/program/testing/randomExactProgram.ts";
import { planCases } from "../spec/planPrograms.ts";
import { compare, HEAVY, judgeKey, TIMEOUT } from "./agreement.ts";
import type { Mutation } from "./mutations.ts";
import { workshop } from "./suite.ts";

/** One byte in so many is changed. */
const STEP = HEAVY ? 1 : 41;
const CHANGES: readonly ((byte: number) => number)[] = [
  (byte) => byte ^ 1,
  (byte) => byte ^ 128,
  () => 0,
  () => 255,
  (byte) => (byte + 1) % 256,
  (byte) => (byte + 255) % 256,
];

const programs = [
  ...planCases().map(({ program }) => program),
  ...(Object.keys(VICTIMS) as VictimName[]).map((name) => VICTIMS[name]()),
  ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map((seed) => randomExactProgram(seed, 1 + (seed % 9))),
];

it("keys with one byte changed", { timeout: TIMEOUT }, () => {
  const codes = new Set<string>();
  for (const [index, program] of programs.entries()) {
    const { key } = workshop(program, "public");
    const files: Mutation[] = [];
    for (let at = index; at < key.length; at += STEP) {
      for (const change of CHANGES) {
        const byte = change(key[at]!);
        if (byte !== key[at])
          files.push({ name: `${index}: byte ${at} is ${byte}`, bytes: key.with(at, byte) });
      }
    }
    const { disagreements, outcomes } = compare(files, judgeKey);
    expect(disagreements).toEqual([]);
    for (const code of Object.keys(outcomes)) codes.add(code);
  }
  expect([...codes]).toEqual(expect.arrayContaining(["accepted", "program.invalid", "program.truncated"]));
});
