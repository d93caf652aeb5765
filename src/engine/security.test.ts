import { describe, expect, it, vi } from "vitest";
import { realCells } from "../claims/axes.ts";
import type { Expression, ProofPlan } from "../claims/plan.ts";
import { type CommitmentParameters, codeRate } from "../commitment/parameters.ts";
import { type Ext, mul } from "../field/ext.ts";
import { P } from "../field/m31.ts";
import { createKernels } from "../kernels/createKernels.ts";
import { HiddenScalar } from "../masking/hiddenScalar.ts";
import { RESERVED_PADS } from "../masking/messages.ts";
import type { Program } from "../program/program.ts";
import { programStructure } from "../program/programStructure.ts";
import { randomExactProgram } from "../program/testing/randomExactProgram.ts";
import { planInference } from "../relations/inferencePlan.ts";
import { reduceToRelations, transcriptSize } from "../relations/reduce.ts";
import { planLayout } from "./keyLayout.ts";
import { log2Down } from "./log2.ts";
import { setup } from "./prover/setup.ts";
import { levelQueryBits, queryBits, REQUIRED_BITS, securityReport } from "./security.ts";
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

function planOf(exact: Program): ProofPlan | null {
  try {
    return planInference(programStructure(exact), { ...visibilities, output: "committed" }, 2).plan;
  } catch (error) {
    if ((error as { code?: string }).code?.startsWith("program.") !== true) throw error;
    return null;
  }
}

/** Math as an engine might have it that rounds the other way. */
function onAnotherEngine<T>(shift: number, compute: () => T): T {
  const { log2, pow } = Math;
  const spies = [
    vi.spyOn(Math, "log2").mockImplementation((x) => log2(x) * (1 + shift)),
    vi.spyOn(Math, "pow").mockImplementation((x, y) => pow(x, y) * (1 + shift)),
  ];
  try {
    return compute();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
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

  it("counts every round of every level", () => {
    const levels = [
      { logColumns: 7, logLength: 10, queries: 107, grindBits: 12 },
      { logColumns: 5, logLength: 9, queries: 98, grindBits: 12 },
    ];
    const structure = programStructure(program);
    const { plan } = planInference(structure, visibilities, 1);
    const levelled = securityReport(plan, planLayout(plan, { ...parameters, levels }));
    const without = securityReport(plan, planLayout(plan, { ...parameters, levels: [] }));
    expect(levelled.terms.slice(0, without.terms.length)).toEqual(without.terms);
    const added = levelled.terms.slice(without.terms.length);
    expect(added).toHaveLength(10);
    const field = log2Down(P * P * P * P);
    const expected = levels.flatMap((level, i) => [
      field - Math.log2(i === 0 ? parameters.queries : levels[0].queries),
      field - 1,
      field - level.logLength,
      field - level.logLength,
      level.grindBits -
        level.queries * Math.log2((1 + (2 ** level.logColumns + 1) / 2 ** level.logLength) / 2),
    ]);
    added.forEach(({ bits }, i) => {
      expect(bits).toBeCloseTo(expected[i], 6);
    });
    const weak = { ...levels[1], queries: 60 };
    const weakest = securityReport(plan, planLayout(plan, { ...parameters, levels: [levels[0], weak] }));
    expect(weakest.bits).toBe(levelQueryBits(weak));
  });

  it("gives the same bits on engines whose logarithms differ", () => {
    const { terms, bits } = report(8, 1);
    // Far more than any engine errs, so that a single use of its logarithm shows.
    for (const shift of [2 ** -20, -(2 ** -20)]) {
      const elsewhere = onAnotherEngine(shift, () => report(8, 1));
      expect(elsewhere.terms).toEqual(terms);
      expect(elsewhere.bits).toBe(bits);
      expect(onAnotherEngine(shift, () => queryBits(parameters))).toBe(queryBits(parameters));
    }
  });

  it("takes the degrees of a plan's polynomials from the plan", () => {
    const bitsOf = (plan: ProofPlan, round: RegExp): number => {
      const { terms } = securityReport(plan, planLayout(plan, parameters));
      const term = terms.find((candidate) => round.test(candidate.round));
      if (term === undefined) throw new Error(`no round like ${round}`);
      return term.bits;
    };
    const field = log2Down(P * P * P * P);
    const nothing: Expression = { constant: 0, terms: [] };
    const withRows = (cells: number, numColumns: number): ProofPlan => {
      const columns = Array.from({ length: numColumns }, () => nothing);
      const sections = [{ name: "rows", axes: [cells], tag: 1, columns, multiplicity: null }];
      return { tensors: [], sections, layers: [], equalities: [] };
    };
    // One fraction more is the dummy; a row's highest power of beta is that of its last column.
    for (const numColumns of [1, 2, 4]) {
      expect(bitsOf(withRows(2 ** 10 - 1, numColumns), /alpha/)).toBeCloseTo(
        field - 10 - Math.log2(numColumns),
        6,
      );
    }
    const mixed = withRows(2 ** 10 - 2, 4);
    const short = { ...mixed.sections[0], axes: [1], columns: [nothing] };
    expect(bitsOf({ ...mixed, sections: [...mixed.sections, short] }, /alpha/)).toBeCloseTo(field - 12, 6);
    // Points of equalities have as many coordinates as the largest, whatever is looked up.
    const equality = (axes: number[]) => ({ name: "equal", axes, value: nothing });
    const equalities = [equality([3]), equality([2 ** 9, 2 ** 7]), equality([5, 5])];
    expect(bitsOf({ ...withRows(3, 1), equalities }, /zeta/)).toBeCloseTo(field - 4, 6);
    expect(bitsOf(withRows(2 ** 10, 1), /zeta/)).toBeCloseTo(field, 6);
  });

  it("counts at least as many equations as a proof ends in", () => {
    for (let seed = 0; seed < 40; seed++) {
      const plan = planOf(randomExactProgram(seed, 1 + (seed % 9)));
      if (plan === null) continue;
      let scalar: Ext = [7, 0, 0, 0];
      const next = (): Ext => {
        scalar = mul(scalar, [3, 1, 4, 1]);
        return scalar;
      };
      let pads = RESERVED_PADS;
      const relations = reduceToRelations(
        plan,
        { hidden: () => HiddenScalar.masked(next(), pads++), clear: next, challenge: next },
        (tensor) => new Int32Array(realCells(plan.tensors[tensor].axes)),
      );
      expect(pads).toBe(transcriptSize(plan).pads);
      expect(relations.length).toBeLessThanOrEqual(transcriptSize(plan).scalars + plan.equalities.length);
    }
  });

  it("takes the exact floor where a parameter set just reaches or just misses a whole number of bits", () => {
    // ((1 + rate)/2)^queries · 2^grind against 2^−bits, in integers.
    const exactFloor = (shape: CommitmentParameters): number => {
      const size = 2n ** BigInt(shape.logLength);
      const filled = size + BigInt(Math.round(codeRate(shape) * Number(size)));
      const numerator = (2n * size) ** BigInt(shape.queries);
      const denominator = filled ** BigInt(shape.queries);
      return (numerator / denominator).toString(2).length - 1 + shape.grindBits;
    };
    let nearest = 1;
    for (let queries = 1; queries <= 700; queries++) {
      const shape = { ...parameters, logColumns: 13, logLength: 16, queries };
      const bits = queryBits(shape);
      nearest = Math.min(nearest, Math.abs(bits - Math.round(bits)));
      expect(Math.floor(bits), `${queries} queries`).toBe(exactFloor(shape));
    }
    expect(nearest).toBeLessThan(2e-3);
  });

  it("refuses batches long before multiplicities could wrap around p", () => {
    // The accounting falls below the required level at a small fraction of p lookups …
    const { lookups, bits } = report(200, MAX_BATCH);
    expect(lookups).toBeLessThan(P);
    expect(bits).toBeLessThan(REQUIRED_BITS);
    // … and beyond p no plan is made at all.
    expect(() => report(1200, MAX_BATCH)).toThrow(/too large/);
  });
});
