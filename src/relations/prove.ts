/** The prover's side of relations/reduce.ts: the same messages in the same order. */
import { splitPoint, totalBits } from "../claims/axes.ts";
import type { Expression, PlanTensorId, ProofPlan } from "../claims/plan.ts";
import { isMappedSource, resolveWires, type ViewTerm } from "../claims/view.ts";
import { type Ext, mul, neg, ONE, scale } from "../field/ext.ts";
import type { KernelSet } from "../kernels/kernelSet.ts";
import { type LookupCube, placeSections, restrict } from "../lookup/cube.ts";
import { type LayerProducts, proveLookups } from "../lookup/prover.ts";
import { columnFactors } from "../lookup/verifier.ts";
import { PAD_DELTA, PAD_PRODUCT_X, PAD_PRODUCT_Y } from "../masking/messages.ts";
import type { TranscriptWriter } from "../masking/prover.ts";
import type { Point } from "../poly/eq.ts";
import { proveProducts } from "../products/prover.ts";
import { layerReadings, lookedUpLayers, readingPoint } from "./leaves.ts";
import { type BoundClaim, bindClaim, proveLayerClaims } from "./linear/prover.ts";
import * as reduce from "./reduce.ts";
import { type BoundTerm, bindTerm, claimValue, proveViewClaims } from "./views/prover.ts";
import { LABEL_VALUE } from "./views/verifier.ts";
import type { Witness } from "./witness/witness.ts";

/** Parts of the argument, in order, for profiles. */
export type ArgumentStep = "lookups" | "bindings" | "layers" | "views";

export function provePlan(
  kernels: KernelSet,
  plan: ProofPlan,
  writer: TranscriptWriter,
  witness: Witness,
  pads: (index: number) => Ext,
  onStep: (step: ArgumentStep) => void = () => {},
): void {
  const mark = kernels.mark();
  onStep("lookups");
  const cube = placeSections(plan.sections);
  const alpha = writer.challenge(reduce.LABEL_ALPHA);
  const beta = writer.challenge(reduce.LABEL_BETA);
  const zeta = Array.from({ length: reduce.equalityVariables(plan) }, () =>
    writer.challenge(reduce.LABEL_ZETA),
  );

  const values = {
    columns: witness.columns,
    multiplicities: (section: { multiplicity: PlanTensorId | null }) =>
      witness.tensor(section.multiplicity as number).ptr,
  };
  const leaf: LayerProducts = proveLookups(kernels, writer, cube, values, { alpha, beta }, pads(PAD_DELTA));
  onStep("bindings");
  const claims: BoundClaim[] = [];
  const views: BoundTerm[][] = [];
  for (const reading of lookedUpLayers(cube)) {
    const claim = bindClaim(kernels, plan, reading.layer, witness.tensor, readingPoint(reading, leaf.point));
    writer.hidden(reduce.LABEL_LEAF_LAYER, claim.value);
    claims.push(claim);
  }
  const settle = (terms: readonly ViewTerm[]): void => {
    if (terms.length === 0) return;
    const bound = terms.map((term) => bindTerm(kernels, plan, term, witness.tensor));
    writer.hidden(LABEL_VALUE, claimValue(bound));
    views.push(bound);
  };
  settle(leafViews(plan, cube, leaf.point, beta));
  for (const equality of plan.equalities) {
    const { axes, value } = equality;
    const point = zeta.slice(zeta.length - totalBits(axes));
    const isKnown = reduce.knownLayer(plan.tensors, equality) !== null;
    for (const reading of layerReadings(axes, value)) {
      const claim = bindClaim(kernels, plan, reading.layer, witness.tensor, readingPoint(reading, point));
      if (!isKnown) writer.hidden(reduce.LABEL_EQUALITY_LAYER, claim.value);
      claims.push(claim);
    }
    if (!isKnown) settle(expressionViews(plan, axes, value, point, ONE));
  }
  onStep("layers");
  const layers = proveLayerClaims(kernels, writer, plan, claims);
  onStep("views");
  for (const terms of layers.views) {
    views.push(terms.map((term) => bindTerm(kernels, plan, term, witness.tensor)));
  }
  proveViewClaims(kernels, writer, views, reduce.viewVariables(plan, cube));
  proveProducts(writer, [...leaf.products, ...layers.products], {
    x: pads(PAD_PRODUCT_X),
    y: pads(PAD_PRODUCT_Y),
  });
  kernels.release(mark);
}

/** What the leaf denominators read of tensors otherwise than as they are. */
function leafViews(plan: ProofPlan, cube: LookupCube, leaf: Point, beta: Ext): ViewTerm[] {
  const factors = columnFactors(beta);
  return cube.sections.flatMap((placed) => {
    const { axes, columns } = placed.section;
    if (!columns.some((column) => column.terms.some(({ source }) => isMappedSource(plan.tensors, source)))) {
      return [];
    }
    const { point, weight } = restrict(cube, placed, leaf);
    return columns.flatMap((column, i) =>
      expressionViews(plan, axes, column, point, neg(mul(weight, factors[i]))),
    );
  });
}

function expressionViews(
  plan: ProofPlan,
  axes: readonly number[],
  expression: Expression,
  point: Point,
  factor: Ext,
): ViewTerm[] {
  const parts = splitPoint(axes, point);
  return expression.terms.flatMap(({ source, factor: own }): ViewTerm[] => {
    if (source.kind !== "tensor" || source.tensor === null || !isMappedSource(plan.tensors, source))
      return [];
    const tensorAxes = plan.tensors[source.tensor].axes;
    return [
      {
        tensor: source.tensor,
        ...resolveWires(axes, tensorAxes, source.wires, parts, scale(factor, own)),
      },
    ];
  });
}
