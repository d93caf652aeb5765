/** The plan of a certificate: two commitments hold the same tensors. */
import type { PlanTensor, ProofPlan, TreeName } from "../../claims/plan.ts";
import type { ProgramStructure } from "../../program/programStructure.ts";
import { expression, wholeTensor } from "../../relations/expressions.ts";
import { constantAxes } from "../../relations/inferencePlan.ts";

export interface RenewedTensor {
  readonly name: string;
  readonly axes: readonly number[];
}

/** Tensors of the parent first, then those of the renewal in the same order: equal on every real cell. */
export function planRenewal(
  tensors: readonly RenewedTensor[],
  parent: TreeName,
  renewed: TreeName,
): ProofPlan {
  const held = (holder: TreeName) => tensors.map(({ name, axes }) => ({ name, axes, holder }));
  const equalities = tensors.map(({ name, axes }, i) => ({
    name: `${name}: renewed`,
    axes,
    value: expression(0, [1, wholeTensor(i, axes)], [-1, wholeTensor(tensors.length + i, axes)]),
  }));
  return { tensors: [...held(parent), ...held(renewed)], sections: [], layers: [], equalities };
}

/** Tensors of one tree of a plan, in stack order. */
export function treeTensors(plan: ProofPlan, tree: TreeName): PlanTensor[] {
  return plan.tensors.filter(({ holder }) => holder === tree);
}

/** The weights of a program as every plan lays them out. */
export function weightTensors(program: ProgramStructure): RenewedTensor[] {
  const axes = constantAxes(program);
  return program.constants.map(({ name }, constant) => ({ name, axes: axes[constant] }));
}
