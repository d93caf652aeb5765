/**
 * From the first challenge to the equations that the opening proves: docs/spec/15-reduction.md.
 */
import { equalityReadings, knownEquality } from "./claimedReadings.ts";
import { type PublicValues, pointOfView } from "./claims.ts";
import { type K, ONE } from "./field.ts";
import type { LinearRelation } from "./linearRelation.ts";
import { known, type Messages } from "./masking.ts";
import { evaluate, type Point } from "./multilinear.ts";
import type { Equality, Plan } from "./plan.ts";
import { lookupCube, planNumbers } from "./planNumbers.ts";
import { checkProducts } from "./products.ts";
import { reduceLayers } from "./reduceLayers.ts";
import { reduceLookups, relateLeaves } from "./reduceLookups.ts";
import { reduceViews } from "./reduceViews.ts";
import { Reduction } from "./reductionState.ts";

/** All relations in the order of 15.7. */
export function reduce(plan: Plan, messages: Messages, publicValues: PublicValues): LinearRelation[] {
  const reduction = new Reduction(plan, messages, publicValues);
  const alpha = messages.challenge("lookup/alpha");
  const beta = messages.challenge("lookup/beta");
  const zeta: K[] = [];
  while (zeta.length < planNumbers(plan).equalityVariables) zeta.push(messages.challenge("equality/point"));
  const leaves = reduceLookups(reduction, lookupCube(plan).numVariables);
  relateLeaves(reduction, leaves, alpha, beta);
  for (const equality of plan.equalities) reduceEquality(reduction, equality, zeta);
  reduceLayers(reduction);
  reduceViews(reduction);
  return [...reduction.relations, ...checkProducts(messages, reduction.products)];
}

/** 15.4 */
function reduceEquality(reduction: Reduction, equality: Equality, zeta: Point): void {
  const { plan, publicValues } = reduction;
  const { axes, expression } = equality;
  const y = pointOfView(axes, zeta);
  const equal = knownEquality(plan, equality);
  if (equal !== undefined) {
    const value = evaluate(plan.tensors[equal.tensor]!.axes, publicValues.get(equal.tensor)!, y);
    reduction.claimLayer(equal.reading, y, known(value));
    return;
  }
  const layerValue = reduction.claimReadings(equalityReadings(equality), "equality/accumulator", y);
  const relation = reduction.relation();
  relation.add(axes, expression, y, ONE, layerValue(axes));
  reduction.settle(relation);
}
