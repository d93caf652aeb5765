/**
 * The lookup argument: docs/spec/13-lookups.md, 13.3 and 13.4; its place: 15-reduction.md, 15.3.
 */
import { sectionReadings } from "./claimedReadings.ts";
import { pointOfView } from "./claims.ts";
import { inverse, isZero, type K, k, multiply, negate, ONE, power, subtract, sum } from "./field.ts";
import {
  addHidden,
  DELTA_PAD,
  HIDDEN_ZERO,
  type Hidden,
  known,
  negateHidden,
  pad,
  scaleHidden,
  subtractHidden,
} from "./masking.ts";
import { eq, eqIndex, type Point, real } from "./multilinear.ts";
import { lookupCube } from "./planNumbers.ts";
import type { Reduction } from "./reductionState.ts";
import { refuse } from "./refusal.ts";

/** The extensions of the leaves' numerators and denominators at a point. */
interface LeafClaim {
  readonly point: Point;
  readonly numerator: Hidden;
  readonly denominator: Hidden;
}

/** 13.3 */
export function reduceLookups({ messages, products }: Reduction, numVariables: number): LeafClaim {
  const root = messages.clear("lookup/root");
  if (isZero(root)) refuse("lookup.zeroDenominator", "root");
  let point: Point = [];
  let numerator = HIDDEN_ZERO;
  let denominator = known(root);
  for (let layer = 0; layer < numVariables; layer++) {
    const mu = messages.challenge("lookup/batch");
    const claim = addHidden(numerator, scaleHidden(denominator, mu));
    const { point: r, value: end } = messages.sumcheck(claim, layer, 3);
    const p0 = messages.hidden("lookup/children");
    const p1 = messages.hidden("lookup/children");
    const q0 = messages.hidden("lookup/children");
    const q1 = messages.hidden("lookup/children");
    const z = messages.hidden("lookup/product");
    const e = eq(point, r);
    if (isZero(e)) refuse("lookup.degenerate", `layer ${layer}`);
    products.push({ x: q1, y: addHidden(p0, scaleHidden(q0, mu)), z });
    products.push({ x: p1, y: q0, z: subtractHidden(scaleHidden(end, inverse(e)), z) });
    const tau = messages.challenge("lookup/line");
    numerator = addHidden(p0, scaleHidden(subtractHidden(p1, p0), tau));
    denominator = addHidden(q0, scaleHidden(subtractHidden(q1, q0), tau));
    point = [tau, ...r];
  }
  return { point, numerator, denominator };
}

/** 13.4: the readings of all sections are claimed, then the two relations about leaves. */
export function relateLeaves(reduction: Reduction, leaves: LeafClaim, alpha: K, beta: K): void {
  const { plan } = reduction;
  const { point } = leaves;
  const cube = lookupCube(plan);
  const layerValue = reduction.claimReadings(sectionReadings(plan), "lookup/accumulator", point);

  const numerators = reduction.relation();
  const denominators = reduction.relation();
  numerators.addForm(negateHidden(leaves.numerator));
  denominators.addForm(negateHidden(leaves.denominator));
  const realWeights: K[] = [];
  for (const { section, numVariables, offset } of cube.sections) {
    const { axes, tag, columns, multiplicity } = section;
    const own = pointOfView(axes, point);
    const block = eqIndex(point.slice(0, point.length - numVariables), offset / 2 ** numVariables);
    const cells = multiply(block, real(axes, own));
    realWeights.push(cells);
    if (multiplicity === undefined) numerators.addForm(known(cells));
    else numerators.terms.push({ tensor: multiplicity, point: own, factor: negate(block) });
    denominators.addForm(known(multiply(cells, subtract(alpha, k(tag)))));
    for (const [c, column] of columns.entries()) {
      const factor = negate(multiply(block, power(beta, c + 1)));
      denominators.add(axes, column, own, factor, layerValue(axes));
    }
  }
  const atDummy = eqIndex(point, cube.dummy);
  denominators.addForm(known(subtract(subtract(ONE, sum(realWeights)), atDummy)));
  denominators.addForm(scaleHidden(pad(DELTA_PAD), atDummy));
  reduction.settle(numerators);
  reduction.settle(denominators);
}
