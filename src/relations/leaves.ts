/**
 * Turns the leaf claim of the lookup argument into two linear equations: numerators and denominators of all leaves are
 * affine in the committed tensors, in accumulator evaluations and in the dummy leaf's denominator δ.
 */
import { realIndicator, sliceCoordinates, splitPoint, totalBits } from "../claims/axes.ts";
import type { Expression, LookupSection } from "../claims/plan.ts";
import { type EvaluationContext, type LayerReading, Relation } from "../claims/relation.ts";
import { add, type Ext, fromBase, mul, neg, ONE, sub, ZERO } from "../field/ext.ts";
import { type LookupCube, restrict } from "../lookup/cube.ts";
import { columnFactors, type LeafClaim } from "../lookup/verifier.ts";
import { HiddenScalar } from "../masking/hiddenScalar.ts";
import { PAD_DELTA } from "../masking/messages.ts";
import { eqAtIndex, type Point } from "../poly/eq.ts";

/**
 * All readings of layers by sections, in the order in which their evaluations are sent. A layer that is read in two ways,
 * as it is and transposed, has its evaluation at two points.
 */
export function lookedUpLayers(cube: LookupCube): LayerReading[] {
  const columns = cube.sections.flatMap(({ section }) =>
    section.columns.flatMap((column) => layerReadings(section.axes, column)),
  );
  return distinct(columns);
}

/** All readings of layers by an expression. */
export function layerReadings(viewAxes: readonly number[], expression: Expression): LayerReading[] {
  const readings = expression.terms.flatMap(({ source }) =>
    source.kind === "layer" ? [{ ...source, viewAxes }] : [],
  );
  return distinct(readings);
}

function distinct(readings: readonly LayerReading[]): LayerReading[] {
  const first = new Map<string, LayerReading>();
  for (const reading of readings) {
    const key = readingKey(reading);
    if (!first.has(key)) first.set(key, reading);
  }
  return [...first.values()];
}

/** The same for readings whose evaluations are at the same coordinates of one point. */
export function readingKey({ layer, viewAxes, axes, slices }: LayerReading): string {
  const places = axes.map((axis) => (viewAxes[axis] === 1 ? "" : totalBits(viewAxes.slice(axis + 1))));
  const parts = axes.map((axis, i) =>
    slices?.[i] === undefined ? "" : `${slices[i].start}+${viewAxes[axis]}`,
  );
  return `${layer}: ${places}; ${parts}`;
}

/** The layer's own point, from a point whose last coordinates are those of the view. */
export function readingPoint({ viewAxes, axes, slices }: LayerReading, point: Point): Point {
  const parts = splitPoint(viewAxes, point.slice(point.length - totalBits(viewAxes)));
  return axes.flatMap((axis, i) => sliceCoordinates(slices?.[i], parts[axis]));
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
