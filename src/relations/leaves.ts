/**
 * Turns the leaf claim of the lookup argument into two linear equations: numerators and denominators of all leaves are
 * affine in the committed tensors, in accumulator evaluations and in the dummy leaf's denominator δ.
 */
import { realIndicator } from "../claims/axes.ts";
import type { LayerId, LookupSection } from "../claims/plan.ts";
import { type EvaluationContext, Relation } from "../claims/relation.ts";
import { add, type Ext, fromBase, mul, neg, ONE, sub, ZERO } from "../field/ext.ts";
import { type LookupCube, restrict } from "../lookup/cube.ts";
import { columnFactors, type LeafClaim } from "../lookup/verifier.ts";
import { HiddenScalar } from "../masking/hiddenScalar.ts";
import { PAD_DELTA } from "../masking/messages.ts";
import { eqAtIndex } from "../poly/eq.ts";

/** Layers whose accumulators some section looks up, in the order in which their evaluations are sent. */
export function lookedUpLayers(cube: LookupCube): LayerId[] {
  const layers = new Set<LayerId>();
  for (const { section } of cube.sections) for (const layer of sectionLayers(section)) layers.add(layer);
  return [...layers];
}

export function sectionLayers(section: LookupSection): LayerId[] {
  return section.columns.flatMap((column) =>
    column.terms.flatMap(({ source }) => (source.kind === "layer" ? [source.layer] : [])),
  );
}

export function leafRelations(
  cube: LookupCube,
  claim: LeafClaim,
  alpha: Ext,
  beta: Ext,
  context: EvaluationContext,
): Relation[] {
  const numerators = new Relation("lookup: leaf numerators");
  const denominators = new Relation("lookup: leaf denominators");
  numerators.addHidden(claim.numerator, neg(ONE));
  denominators.addHidden(claim.denominator, neg(ONE));
  const factors = columnFactors(beta);
  // Every leaf outside the sections' real cells and the dummy has denominator 1.
  let ones = ONE;
  for (const placed of cube.sections) {
    const { section } = placed;
    const { point, weight } = restrict(cube, placed, claim.point);
    const real = mul(weight, realIndicator(section.axes, point));
    ones = sub(ones, real);
    denominators.addKnown(mul(real, sub(alpha, fromBase(section.tag))));
    section.columns.forEach((column, i) => {
      denominators.addExpression(context, section.axes, column, point, neg(mul(weight, factors[i])));
    });
    if (section.multiplicity === null) numerators.addKnown(real);
    else numerators.addTensor(context, section.multiplicity, point, neg(weight));
  }
  const dummy = eqAtIndex(claim.point, cube.dummy);
  denominators.addKnown(sub(ones, dummy));
  denominators.addHidden(new HiddenScalar(ZERO, new Map([[PAD_DELTA, ONE]])), dummy);
  return [numerators, denominators];
}

/** Denominator of a real cell: α − tag − Σ β^c · column_c. */
export function leafDenominator(section: LookupSection, columns: readonly Ext[], alpha: Ext, beta: Ext): Ext {
  const factors = columnFactors(beta);
  return columns.reduce(
    (value, column, i) => sub(value, mul(factors[i], column)),
    add(alpha, neg(fromBase(section.tag))),
  );
}
