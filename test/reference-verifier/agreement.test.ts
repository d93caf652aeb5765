/**
 * Both verifiers, the one in src and this one, give the same verdict with the same code: on honest proofs of all kinds, and on
 * proofs and keys changed at every boundary of a field and at random places.
 */
import { describe, expect, it } from "vitest";
import { gatherByLayer } from "../../src/engine/testing/gatherByLayer.ts";
import { TensorproofError } from "../../src/errors/tensorproofError.ts";
import type { Program } from "../../src/program/program.ts";
import { randomExactProgram } from "../../src/program/testing/randomExactProgram.ts";
import { planCases } from "../spec/planPrograms.ts";
import {
  changedKeys,
  changedProofs,
  compare,
  HEAVY,
  judgeKey,
  judgePair,
  judgeProofs,
  TIMEOUT,
} from "./agreement.ts";
import { smallDense, type Workshop, withLevels, workshop } from "./suite.ts";
import { vectorFile } from "./vectors.ts";

const VISIBILITIES = ["public", "committed", "private"] as const;
const ACCEPTED = { first: "accepted", second: "accepted" };
const FEW_LEVELS = [{ logColumns: 7, logLength: 10, queries: 107, grindBits: 12 }];
const TWO_LEVELS = [...FEW_LEVELS, { logColumns: 5, logLength: 9, queries: 98, grindBits: 12 }];

describe("honest proofs", () => {
  it("of the vectors", () => {
    expect(judgePair(vectorFile("dense.tpvk"))(vectorFile("dense.tprf"))).toEqual(ACCEPTED);
  });

  for (const weights of ["hidden", "public"] as const) {
    it(`of every visibility, ${weights} weights, batches of 1 and 3`, { timeout: TIMEOUT }, () => {
      const { key, prove } = workshop(smallDense(weights === "public"), weights, 18);
      const judge = judgeProofs(key);
      let batch = 1;
      for (const input of VISIBILITIES) {
        for (const output of VISIBILITIES) {
          for (const size of HEAVY ? [1, 3] : [batch]) {
            expect(judge(prove(input, output, size)), `${input} ${output} ${size}`).toEqual(ACCEPTED);
          }
          batch = 4 - batch;
        }
      }
    });
  }

  it.each(planCases())("of the program $name", { timeout: TIMEOUT }, ({ program, visibilities, batch }) => {
    const { key, prove } = workshop(program, visibilities.weights === "public" ? "public" : "hidden");
    expect(judgeProofs(key)(prove(visibilities.input, visibilities.output, batch))).toEqual(ACCEPTED);
  });

  it("of a program that chooses entries by sums", { timeout: TIMEOUT }, () => {
    const { key, prove } = workshop(gatherByLayer(2, 3), "hidden");
    expect(judgeProofs(key)(prove("private", "public", 2))).toEqual(ACCEPTED);
  });

  it("of random programs", { timeout: TIMEOUT }, () => {
    let made = 0;
    for (let seed = 0; seed < (HEAVY ? 60 : 5); seed++) {
      const program = randomExactProgram(seed, 1 + (seed % 9));
      const weights = program.constants.length > 0 && seed % 2 === 0 ? "hidden" : "public";
      const shop = provable(program, weights);
      if (shop === undefined) continue;
      const [input, output] = [VISIBILITIES[seed % 3]!, VISIBILITIES[Math.floor(seed / 3) % 3]!];
      const proof = shop.prove(input, output, 1 + (seed % 2));
      expect(judgeProofs(shop.key)(proof), `seed ${seed}`).toEqual(ACCEPTED);
      made++;
    }
    expect(made).toBeGreaterThanOrEqual(HEAVY ? 40 : 3);
  });

  it.each([[FEW_LEVELS], [TWO_LEVELS]])("with levels of recursion", { timeout: TIMEOUT }, (levels) => {
    const { key, proof } = withLevels(levels);
    expect(judgePair(key)(proof)).toEqual(ACCEPTED);
  });
});

/** Nothing for a program with a maximum too wide for a table, which no key can be about. */
function provable(program: Program, weights: "hidden" | "public"): Workshop | undefined {
  try {
    return workshop(program, weights);
  } catch (error) {
    if (error instanceof TensorproofError && error.code === "program.rangeTooLarge") return undefined;
    throw error;
  }
}

describe("changed files", () => {
  const hidden = workshop(smallDense(), "hidden");
  const open = workshop(smallDense(true), "public");

  it("proofs with hidden weights", { timeout: TIMEOUT }, () => {
    const proof = hidden.prove("committed", "public", 1);
    const files = changedProofs(proof, hidden.key, HEAVY ? 1500 : 40, HEAVY);
    const { disagreements, outcomes } = compare(files, judgeProofs(hidden.key));
    expect(disagreements).toEqual([]);
    expect(outcomes.accepted).toBeUndefined();
    expect(Object.keys(outcomes).length).toBeGreaterThan(5);
  });

  it("proofs with public weights", { timeout: TIMEOUT }, () => {
    const proof = open.prove("public", "committed", 3);
    const files = changedProofs(proof, open.key, HEAVY ? 500 : 15, HEAVY);
    expect(compare(files, judgeProofs(open.key)).disagreements).toEqual([]);
  });

  it("proofs with levels of recursion", { timeout: TIMEOUT }, () => {
    const { key, proof } = withLevels(TWO_LEVELS);
    const files = changedProofs(proof, key, HEAVY ? 500 : 15, HEAVY);
    expect(compare(files, judgeProofs(key)).disagreements).toEqual([]);
  });

  it("keys with hidden weights", { timeout: TIMEOUT }, () => {
    const files = changedKeys(hidden.key, HEAVY ? 1000 : 20, HEAVY);
    const { disagreements, outcomes } = compare(files, judgeKey);
    expect(disagreements).toEqual([]);
    // A key says nothing but its range proof; some bytes of the program are free, and make another program.
    expect(Object.keys(outcomes).length).toBeGreaterThan(5);
  });

  it("keys with public weights", { timeout: TIMEOUT }, () => {
    const files = changedKeys(open.key, HEAVY ? 500 : 30, HEAVY);
    expect(compare(files, judgeKey).disagreements).toEqual([]);
  });
});
