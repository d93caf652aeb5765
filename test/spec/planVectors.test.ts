import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { planCases } from "./planPrograms.ts";
import { jsonText, planVector } from "./planVectors.ts";

describe("plans in docs/spec/vectors", () => {
  it.each(planCases())("$name is what the code derives", (planCase) => {
    const path = new URL(`../../docs/spec/vectors/plan-${planCase.name}.json`, import.meta.url);
    // `node scripts/specPlanVectors.mjs` writes the file; a change of it is a change of the specification.
    expect(jsonText(planVector(planCase))).toBe(readFileSync(path, "utf8"));
  });
});
