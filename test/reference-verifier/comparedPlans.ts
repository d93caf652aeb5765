/**
 * The plans that either verifier derives from the bytes of a structure. src is a black box here: its reader of structures, its plans.
 */
import { parseProgramStructure } from "../../src/program/parse.ts";
import type { PlanCase } from "../spec/planPrograms.ts";
import { planVector } from "../spec/planVectors.ts";
import type { Judge } from "./agreement.ts";
import { hash } from "./blake3.ts";
import { ascii, hex } from "./bytes.ts";
import { inferencePlan } from "./inferencePlan.ts";
import type { Visibility } from "./plan.ts";
import { derivedForm, planForm, withoutNames } from "./planForm.ts";
import { readProgram } from "./programBytes.ts";
import { weightPlan } from "./weightPlan.ts";

/** What plans are derived for. */
export type Setting = Pick<PlanCase, "visibilities" | "batch">;

const VISIBILITIES: readonly Visibility[] = ["public", "committed", "private"];

/** Each combination of visibilities in turn. */
export function settingOf(seed: number): Setting {
  const visibilities = {
    input: VISIBILITIES[seed % 3]!,
    weights: seed % 2 === 0 ? "private" : "public",
    output: VISIBILITIES[Math.floor(seed / 3) % 3]!,
  } as const;
  return { visibilities, batch: 1 + (seed % 4) };
}

/** A value, or the code of the refusal that came instead. */
function outcome(compute: () => unknown): unknown {
  try {
    return compute();
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (typeof code !== "string" || !/^[a-z]+\.[a-zA-Z]+$/.test(code)) throw error;
    return code;
  }
}

/** What src derives, or its code. */
export function firstPlans(structure: Uint8Array, setting: Setting): unknown {
  return outcome(() => {
    const declared = parseProgramStructure(structure);
    // Plans read no data of constants.
    const program = declared as PlanCase["program"];
    // biome-ignore lint/suspicious/noExplicitAny: JSON without a schema
    const vector = planVector({ name: "", program, ...setting }) as any;
    const { constants, inputs, outputs } = vector.inferencePlan;
    const forms = [vector.weightPlan, vector.inferencePlan].map((plan) => [withoutNames(plan), plan.derived]);
    return { forms, constants, inputs, outputs };
  });
}

/** What the reference verifier derives, or its code; in the order in which planVector derives. */
export function secondPlans(structure: Uint8Array, { visibilities, batch }: Setting): unknown {
  return outcome(() => {
    const program = readProgram(structure);
    const plan = inferencePlan(program, visibilities, batch);
    const forms = [weightPlan(program), plan].map((each) => [planForm(each), derivedForm(each)]);
    const outputs = plan.outputTensors.map((tensor) => tensor ?? null);
    return { forms, constants: plan.constantTensors, inputs: plan.inputTensors, outputs };
  });
}

/** Both outcomes in a word: a code, or a hash of the plans. */
export function judgeStructure(setting: Setting): Judge {
  const word = (outcome: unknown): string =>
    typeof outcome === "string" ? outcome : `plans ${hex(hash(ascii(JSON.stringify(sorted(outcome)))))}`;
  return (structure) => ({
    first: word(firstPlans(structure, setting)),
    second: word(secondPlans(structure, setting)),
  });
}

/** With the keys of all objects in alphabetical order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, entry]) => [key, sorted(entry)]));
}
