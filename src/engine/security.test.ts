import { describe, expect, it } from "vitest";
import { realCells } from "../claims/axes.ts";
import { P } from "../field/m31.ts";
import { createKernels } from "../kernels/createKernels.ts";
import { programStructure } from "../program/programStructure.ts";
import { planInference } from "../relations/inferencePlan.ts";
import { planLayout } from "./keyLayout.ts";
import { setup } from "./prover/setup.ts";
import { queryBits, REQUIRED_BITS, securityReport } from "./security.ts";
import { MAX_BATCH } from "./statement.ts";
import { denseProgram } from "./testing/denseProgram.ts";
import { readVerificationKey } from "./verificationKey.ts";

const visibilities = { input: "private", weights: "public", output: "private" } as const;
const program = denseProgram({ input: 20, hidden: 8, output: 2 });
const options = { weights: "public", proofs: 1, batch: 1 } as const;
const { verificationKey } = setup(createKernels({ threads: 1 }), program, options);
const { parameters } = readVerificationKey(verificationKey);

function report(hidden: number, batch: number) {
  const structure = programStructure(denseProgram({ input: 20, hidden, output: 2 }));
  const { plan } = planInference(structure, visibilities, batch);
  const lookups = plan.sections.reduce((sum, { axes }) => sum + realCells(axes), 0);
  return { lookups, ...securityReport(plan, planLayout(plan, parameters)) };
}

describe("security accounting", () => {
  it("quotes the weakest round, at least what is required", () => {
    const { terms, bits, sumBits } = report(8, 1);
    expect(bits).toBe(Math.min(...terms.map((term) => term.bits)));
    expect(sumBits).toBeLessThan(bits);
    expect(bits).toBeGreaterThanOrEqual(REQUIRED_BITS);
  });

  it("counts every query and every bit of work", () => {
    const { queries, grindBits } = parameters;
    expect(queryBits({ ...parameters, grindBits: grindBits - 1 })).toBe(queryBits(parameters) - 1);
    expect(queryBits({ ...parameters, queries: queries - 3 })).toBeLessThan(queryBits(parameters) - 1);
  });

  it("refuses batches long before multiplicities could wrap around p", () => {
    // The accounting falls below the required level at a small fraction of p lookups …
    const { lookups, bits } = report(200, MAX_BATCH);
    expect(lookups).toBeLessThan(P);
    expect(bits).toBeLessThan(REQUIRED_BITS - 3);
    // … and beyond p no plan is made at all.
    expect(() => report(1200, MAX_BATCH)).toThrow(/too large/);
  });
});
