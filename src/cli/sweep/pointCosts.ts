/** What a program costs, by the names that points are chosen by. */
import type { Cost, PointCosts } from "../../bench/studies/sweep/result.ts";
import type { Program } from "../../program/program.ts";
import { estimateProof } from "../estimate.ts";
import { type NotCounted, programCosts, type R1csCost } from "../programCosts.ts";

const constraints = (cost: R1csCost | NotCounted): number | null =>
  "constraints" in cost ? cost.constraints : null;

export function pointCosts(program: Program): PointCosts {
  const { native, r1cs } = programCosts(program);
  return {
    time: native.witnessMs + native.proveMs,
    memory: native.peakBytes,
    proof: native.proofBytes,
    constraints: constraints(r1cs.hiddenWeights),
    "constraints-public": constraints(r1cs.constantWeights),
  };
}

/** One cost, with the size of the proof that decides between equal ones; circuits are built only for their own. */
export function singleCost(
  program: Program,
  cost: Cost,
): { readonly cost: number | null; readonly secondCost: number } {
  if (cost === "constraints" || cost === "constraints-public") {
    const all = pointCosts(program);
    return { cost: all[cost], secondCost: all.proof ?? 0 };
  }
  const { witnessMs, proveMs, peakBytes, proofBytes } = estimateProof(program);
  const figures = { time: witnessMs + proveMs, memory: peakBytes, proof: proofBytes };
  return { cost: figures[cost], secondCost: proofBytes };
}
