/**
 * Turns the leaf claim of the lookup argument into two linear equations: numerators and denominators of all leaves are
 * affine in the committed tensors, in accumulator evaluations and in the dummy leaf's denominator δ.
 */
import { realIndicator, splitPoint, totalBits } from "../claims/axes.ts";
import type { Expression, LayerId, LookupSection } from "../claims/plan.ts";
import { type EvaluationContext, Relation } from "../claims/relation.ts";
import { add, type Ext, fromBase, mul, neg, ONE, sub, ZERO } from "../field/ext.ts";
import { type LookupCube, restrict } from "../lookup/cube.ts";
import { columnFactors, type LeafClaim } from "../lookup/verifier.ts";
import { HiddenScalar } from "../masking/hiddenScalar.ts";
import { PAD_DELTA } from "../masking/messages.ts";
import { eqAtIndex, type Point } from "../poly/eq.ts";

/** A layer that sections look up: its output axes are those of the sections, in another order perhaps. */
export interface LayerReading {
  readonly layer: LayerId;
  /** Lengths of the view's axes. */
  readonly viewAxes: readonly number[];
  /** Axis of the view for each output axis of the layer. */
  readonly axes: readonly number[];
}

/** Layers that some section looks up, in the order in which their evaluations are sent. A plan reads each in one way. */
export function lookedUpLayers(cube: LookupCube): LayerReading[] {
  const readings = new Map<LayerId, LayerReading>();
  for (const { section } of cube.sections) {
    for (const column of section.columns) {
      for (const reading of layerReadings(section.axes, column)) {
        if (!readings.has(reading.layer)) readings.set(reading.layer, reading);
      }
    }
  }
  return [...readings.values()];
}

export function layerReadings(viewAxes: readonly number[], expression: Expression): LayerReading[] {
  return expression.terms.flatMap(({ source }) =>
    source.kind === "layer" ? [{ layer: source.layer, viewAxes, axes: source.axes }] : [],
  );
}

/** The layer's own point, from a point whose last coordinates are those of the view. */
export function readingPoint({ viewAxes, axes }: LayerReading, point: Point): Point {
  const parts = splitPoint(viewAxes, point.slice(point.length - totalBits(viewAxes)));
  return axes.flatMap((axis) => parts[axis]);
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
