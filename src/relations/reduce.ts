/**
 * The interactive part of the proof, from the verifier's side: reads all scalars and reduces the plan to linear
 * equations over the committed tensors and pads. The prover replays it to learn the same equations.
 *
 * Order (protocol review, part (c)): α, β, ζ; lookup argument; accumulator evaluations at the leaf point and at the
 * output point; one sumcheck for all linear layers; product check.
 */
import { totalBits } from "../claims/axes.ts";
import { type LayerId, layerAxes, type PlanTensorId, type ProofPlan } from "../claims/plan.ts";
import { type EvaluationContext, evaluateTensor, Relation } from "../claims/relation.ts";
import { neg, ONE } from "../field/ext.ts";
import { type LookupCube, placeSections } from "../lookup/cube.ts";
import { lookupProducts, lookupScalars, reduceLookups } from "../lookup/verifier.ts";
import { HiddenScalar } from "../masking/hiddenScalar.ts";
import { type MessageReader, RESERVED_PADS } from "../masking/messages.ts";
import type { Point } from "../poly/eq.ts";
import { productScalars, reduceProducts } from "../products/verifier.ts";
import { leafRelations, lookedUpLayers } from "./leaves.ts";
import { type LayerClaim, matmulCounts, reduceLayerClaims } from "./matmul/verifier.ts";

export const LABEL_ALPHA = "lookup/alpha";
export const LABEL_BETA = "lookup/beta";
export const LABEL_ZETA = "output/point";
export const LABEL_LEAF_LAYER = "lookup/accumulator";
export const LABEL_OUTPUT_LAYER = "output/accumulator";

export type PublicValues = (tensor: PlanTensorId) => Int32Array;

export function reduceToRelations(
  plan: ProofPlan,
  reader: MessageReader,
  publicValues: PublicValues,
): Relation[] {
  const cube = placeSections(plan.sections);
  const alpha = reader.challenge(LABEL_ALPHA);
  const beta = reader.challenge(LABEL_BETA);
  const zeta = Array.from({ length: outputVariables(plan) }, () => reader.challenge(LABEL_ZETA));

  const leaf = reduceLookups(reader, cube.numVariables);
  const layerClaims: LayerClaim[] = [];
  const atLeaf = new Map<LayerId, HiddenScalar>();
  for (const layer of lookedUpLayers(cube)) {
    const value = reader.hidden(LABEL_LEAF_LAYER);
    atLeaf.set(layer, value);
    layerClaims.push({ layer, point: layerSuffix(plan, layer, leaf.point), value });
  }
  const context: EvaluationContext = {
    tensors: plan.tensors,
    publicValues,
    layerValue: (layer) => atLeaf.get(layer) as HiddenScalar,
  };
  const relations = leafRelations(cube, leaf, alpha, beta, context);

  for (const { layer, tensor } of plan.outputs) {
    const point = layerSuffix(plan, layer, zeta);
    const { axes, holder } = plan.tensors[tensor];
    if (holder === "public") {
      layerClaims.push({
        layer,
        point,
        value: HiddenScalar.known(evaluateTensor(axes, publicValues(tensor), point)),
      });
      continue;
    }
    const value = reader.hidden(LABEL_OUTPUT_LAYER);
    const relation = new Relation(`output ${plan.tensors[tensor].name}`);
    relation.addTensor(context, tensor, point, ONE);
    relation.addHidden(value, neg(ONE));
    relations.push(relation);
    layerClaims.push({ layer, point, value });
  }

  const linear = reduceLayerClaims(reader, plan, context, layerClaims);
  relations.push(...linear.relations);
  relations.push(...reduceProducts(reader, [...leaf.products, ...linear.products]));
  return relations;
}

/** The last coordinates of a point, as many as the layer's accumulators have index bits. */
export function layerSuffix(plan: ProofPlan, layer: LayerId, point: Point): Point {
  const bits = totalBits(layerAxes(plan.layers[layer]));
  return point.slice(point.length - bits);
}

export function outputVariables(plan: ProofPlan): number {
  return plan.outputs.reduce(
    (bits, { layer }) => Math.max(bits, totalBits(layerAxes(plan.layers[layer]))),
    0,
  );
}

/** The layer of each accumulator evaluation that is sent or known, in order. */
export function claimedLayers(plan: ProofPlan, cube: LookupCube): { layer: LayerId }[] {
  return [
    ...lookedUpLayers(cube).map((layer) => ({ layer })),
    ...plan.outputs.map(({ layer }) => ({ layer })),
  ];
}

export interface TranscriptSize {
  /** All scalars, hidden and clear, that `reduceToRelations` reads. */
  readonly scalars: number;
  /** Pads, the reserved cells included. */
  readonly pads: number;
  readonly products: number;
  readonly numVariables: number;
}

/** Known before a byte of the proof is parsed. */
export function transcriptSize(plan: ProofPlan): TranscriptSize {
  const cube = placeSections(plan.sections);
  const hiddenOutputs = plan.outputs.filter(({ tensor }) => plan.tensors[tensor].holder !== "public").length;
  const linear = matmulCounts(plan, claimedLayers(plan, cube));
  const products = lookupProducts(cube.numVariables) + linear.products;
  const scalars =
    lookupScalars(cube.numVariables) +
    lookedUpLayers(cube).length +
    hiddenOutputs +
    linear.scalars +
    productScalars(products);
  // Clear scalars: the root and the two product evaluations.
  return { scalars, pads: RESERVED_PADS + scalars - 3, products, numVariables: cube.numVariables };
}
