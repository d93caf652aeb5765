/**
 * The interactive part of the proof, from the verifier's side: reads all scalars and reduces the plan to linear
 * equations over the committed tensors and pads. The prover replays it to learn the same equations.
 *
 * Order (protocol review, part (c)): α, β, ζ; lookup argument; accumulator evaluations at the leaf point and at the
 * output point; one sumcheck for all linear layers; product check.
 */
import { totalBits } from "../claims/axes.ts";
import {
  type Equality,
  type LayerId,
  type PlanTensorId,
  type ProofPlan,
  readsWhole,
  type Source,
} from "../claims/plan.ts";
import { type EvaluationContext, evaluateTensor, type LayerReading, Relation } from "../claims/relation.ts";
import { isMappedSource } from "../claims/view.ts";
import { ONE } from "../field/ext.ts";
import { P } from "../field/m31.ts";
import { type LookupCube, placeSections } from "../lookup/cube.ts";
import { lookupProducts, lookupScalars, reduceLookups } from "../lookup/verifier.ts";
import { HiddenScalar } from "../masking/hiddenScalar.ts";
import { type MessageReader, RESERVED_PADS } from "../masking/messages.ts";
import type { Point } from "../poly/eq.ts";
import { productScalars, reduceProducts } from "../products/verifier.ts";
import { sumcheckScalars } from "../sumcheck/verifier.ts";
import { layerReadings, leafRelations, lookedUpLayers, readingKey, readingPoint } from "./leaves.ts";
import { type LayerClaim, layerCounts, reduceLayerClaims } from "./linear/verifier.ts";
import {
  operandBits,
  reduceViewClaims,
  settleViews,
  sourceBits,
  VIEW_DEGREE,
  type ViewClaim,
} from "./views/verifier.ts";

export const LABEL_ALPHA = "lookup/alpha";
export const LABEL_BETA = "lookup/beta";
export const LABEL_ZETA = "equality/point";
export const LABEL_LEAF_LAYER = "lookup/accumulator";
export const LABEL_EQUALITY_LAYER = "equality/accumulator";

export type PublicValues = (tensor: PlanTensorId) => Int32Array;

export function reduceToRelations(
  plan: ProofPlan,
  reader: MessageReader,
  publicValues: PublicValues,
): Relation[] {
  const cube = placeSections(plan.sections);
  const alpha = reader.challenge(LABEL_ALPHA);
  const beta = reader.challenge(LABEL_BETA);
  const zeta = Array.from({ length: equalityVariables(plan) }, () => reader.challenge(LABEL_ZETA));

  const leaf = reduceLookups(reader, cube.numVariables);
  const layerClaims: LayerClaim[] = [];
  const views: ViewClaim[] = [];
  const atLeaf = new Map<string, HiddenScalar>();
  for (const reading of lookedUpLayers(cube)) {
    const value = reader.hidden(LABEL_LEAF_LAYER);
    atLeaf.set(readingKey(reading), value);
    layerClaims.push({ layer: reading.layer, point: readingPoint(reading, leaf.point), value });
  }
  const context: EvaluationContext = {
    tensors: plan.tensors,
    publicValues,
    layerValue: (reading) => atLeaf.get(readingKey(reading)) as HiddenScalar,
  };
  const relations = leafRelations(cube, leaf, alpha, beta, context);
  for (const relation of relations) settleViews(reader, relation, views);

  for (const equality of plan.equalities) {
    relations.push(...reduceEquality(reader, context, equality, zeta, layerClaims, views));
  }

  const linear = reduceLayerClaims(reader, plan, context, layerClaims, views);
  relations.push(...linear.relations);
  relations.push(...reduceViewClaims(reader, plan, views, viewVariables(plan, cube)));
  relations.push(...reduceProducts(reader, [...leaf.products, ...linear.products]));
  return relations;
}

/** One equality at its random point; layer and view claims are appended to the lists. */
function reduceEquality(
  reader: MessageReader,
  context: EvaluationContext,
  equality: Equality,
  zeta: Point,
  layerClaims: LayerClaim[],
  views: ViewClaim[],
): Relation[] {
  const { axes, name, value } = equality;
  const point = zeta.slice(zeta.length - totalBits(axes));
  const known = knownLayer(context.tensors, equality);
  if (known !== null) {
    const { reading, tensor } = known;
    const scalar = HiddenScalar.known(evaluateTensor(axes, context.publicValues(tensor), point));
    layerClaims.push({ layer: reading.layer, point: readingPoint(reading, point), value: scalar });
    return [];
  }
  const values = new Map<string, HiddenScalar>();
  for (const reading of layerReadings(axes, value)) {
    const scalar = reader.hidden(LABEL_EQUALITY_LAYER);
    values.set(readingKey(reading), scalar);
    layerClaims.push({ layer: reading.layer, point: readingPoint(reading, point), value: scalar });
  }
  const relation = new Relation(name);
  const layerValue = (reading: LayerReading): HiddenScalar => values.get(readingKey(reading)) as HiddenScalar;
  const here = { ...context, layerValue };
  relation.addExpression(here, axes, value, point, ONE);
  settleViews(reader, relation, views);
  return [relation];
}

/** A layer that equals a public tensor as it is: the verifier knows the accumulators' evaluation. */
export function knownLayer(
  tensors: ProofPlan["tensors"],
  { axes, value }: Equality,
): { readonly reading: LayerReading; readonly tensor: PlanTensorId } | null {
  if (value.constant !== 0 || value.terms.length !== 2) return null;
  const [layer, other] = value.terms;
  if (layer.source.kind !== "layer" || layer.factor !== 1 || other.factor !== P - 1) return null;
  const { source } = other;
  if (source.kind !== "tensor" || source.tensor === null || tensors[source.tensor].holder !== "public")
    return null;
  const [reading] = layerReadings(axes, value);
  return readsWhole(source.wires, axes.length) ? { reading, tensor: source.tensor } : null;
}

export function equalityVariables(plan: ProofPlan): number {
  return plan.equalities.reduce((bits, { axes }) => Math.max(bits, totalBits(axes)), 0);
}

/** The layer of each accumulator evaluation that is sent or known, in order. */
export function claimedLayers(plan: ProofPlan, cube: LookupCube): LayerId[] {
  return [
    ...lookedUpLayers(cube).map(({ layer }) => layer),
    ...plan.equalities.flatMap(({ axes, value }) => layerReadings(axes, value).map(({ layer }) => layer)),
  ];
}

/** Rounds of the view sumcheck; −1 if the plan makes no view claims. */
export function viewVariables(plan: ProofPlan, cube: LookupCube): number {
  const bits = (sources: readonly { readonly source: Source }[]): number =>
    sources.reduce((most, { source }) => Math.max(most, sourceBits(plan, source)), -1);
  // No spread into arguments: a key decides how many there are.
  const claims = [
    ...cube.sections.flatMap(({ section }) => section.columns.map(({ terms }) => bits(terms))),
    ...plan.equalities.map(({ value }) => bits(value.terms)),
    ...claimedLayers(plan, cube).flatMap((layer) => [
      operandBits(plan, plan.layers[layer].left),
      operandBits(plan, plan.layers[layer].right),
    ]),
  ];
  return claims.reduce((most, own) => Math.max(most, own), -1);
}

export interface TranscriptSize {
  /** All scalars, hidden and clear, that `reduceToRelations` reads. */
  readonly scalars: number;
  /** Pads, the reserved cells included. */
  readonly pads: number;
  readonly products: number;
  /** Claims of the layer sumcheck. */
  readonly layerClaims: number;
  /** View claims at most. */
  readonly viewClaims: number;
}

/** Layout, accounting and payload each ask for it, and it takes a walk over all of the plan. */
const knownSizes = new WeakMap<ProofPlan, TranscriptSize>();

/** Known before a byte of the proof is parsed. */
export function transcriptSize(plan: ProofPlan): TranscriptSize {
  let size = knownSizes.get(plan);
  if (size === undefined) {
    size = countTranscript(plan);
    knownSizes.set(plan, size);
  }
  return size;
}

function countTranscript(plan: ProofPlan): TranscriptSize {
  const cube = placeSections(plan.sections);
  const isMapped = ({ source }: { readonly source: Source }): boolean => isMappedSource(plan.tensors, source);
  const claimed = claimedLayers(plan, cube);
  const linear = layerCounts(plan, claimed);
  const products = lookupProducts(cube.numVariables) + linear.products;
  const hidden = plan.equalities.filter((equality) => knownLayer(plan.tensors, equality) === null);
  const equalityLayers = hidden.flatMap(({ axes, value }) => layerReadings(axes, value));
  const leafViews = cube.sections.some(({ section }) =>
    section.columns.some(({ terms }) => terms.some(isMapped)),
  );
  const settled = (leafViews ? 1 : 0) + hidden.filter(({ value }) => value.terms.some(isMapped)).length;
  const viewBits = viewVariables(plan, cube);
  const scalars =
    lookupScalars(cube.numVariables) +
    lookedUpLayers(cube).length +
    equalityLayers.length +
    settled +
    linear.scalars +
    (viewBits < 0 ? 0 : sumcheckScalars(viewBits, VIEW_DEGREE)) +
    productScalars(products);
  return {
    scalars,
    // Clear scalars: the root and the two product evaluations.
    pads: RESERVED_PADS + scalars - 3,
    products,
    layerClaims: claimed.length,
    viewClaims: settled + 2 * claimed.length,
  };
}
