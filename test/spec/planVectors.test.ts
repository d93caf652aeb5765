import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { certificateVector } from "./certificateVector.ts";
import { planCases } from "./planPrograms.ts";
import { jsonText, planVector } from "./planVectors.ts";
import { proofVector } from "./proofVector.ts";

function vector(name: string): Uint8Array {
  return Uint8Array.from(readFileSync(new URL(`../../docs/spec/vectors/${name}`, import.meta.url)));
}

describe("plans in docs/spec/vectors", () => {
  it.each(planCases())("$name is what the code derives", (planCase) => {
    // `node scripts/specPlanVectors.mjs` writes the file; a change of it is a change of the specification.
    expect(jsonText(planVector(planCase))).toBe(
      new TextDecoder().decode(vector(`plan-${planCase.name}.json`)),
    );
  });
});

describe("the proof in docs/spec/vectors", () => {
  it("says on the way what is listed", () => {
    const bytes = { key: vector("dense.tpvk"), proof: vector("dense.tprf") };
    expect(jsonText(proofVector(bytes))).toBe(new TextDecoder().decode(vector("proof-dense.json")));
  });
});

describe("the certificate in docs/spec/vectors", () => {
  it("says on the way what is listed", () => {
    const bytes = { key: vector("dense.tpvk"), certificate: vector("dense.tpec") };
    expect(jsonText(certificateVector(bytes))).toBe(
      new TextDecoder().decode(vector("certificate-dense.json")),
    );
  });
});
