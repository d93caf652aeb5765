/**
 * Proves every accumulator evaluation of a batch with one sumcheck (Thaler, CRYPTO 2013, §4.4, all layers in parallel):
 * acc̃(z) = Σ_{g, k} eq(z_g, g)·L̃(z, g, k)·R̃(z, g, k) + 1[other outputs real](z)·b̃(z_m), combined with powers of a
 * challenge; g runs over the groups, k over the contracted axes. What remains are evaluations of the operands, which are
 * views of committed tensors, and one hidden product per claim.
 *
 * A layer with fewer variables than the longest one is multiplied by eq(0, leading variables), which keeps its sum.
 */
import { realIndicator, splitPoint, totalBits } from "../../claims/axes.ts";
import { type LayerId, layerAxes, type Operand, type ProofPlan } from "../../claims/plan.ts";
import { type EvaluationContext, evaluateTensor, Relation } from "../../claims/relation.ts";
import { mul, neg, ONE } from "../../field/ext.ts";
import { HiddenScalar } from "../../masking/hiddenScalar.ts";
import { HiddenSum } from "../../masking/hiddenSum.ts";
import type { MessageReader } from "../../masking/messages.ts";
import { eqEval, type Point } from "../../poly/eq.ts";
import type { ProductTriple } from "../../products/triple.ts";
import { reduceSumcheck, sumcheckScalars } from "../../sumcheck/verifier.ts";
import { leadingZeros } from "../leadingZeros.ts";
import type { ViewClaim } from "../views/verifier.ts";
import { boundBits, groupAxes, isPublicOperand, layerDegree, operandParts } from "./shape.ts";

export const LABEL_BIAS = "layers/bias";
export const LABEL_BATCH = "layers/batch";
export const LABEL_OPERAND = "layers/operand";
export const LABEL_PRODUCT = "layers/product";

/** acc̃_layer(point) = value. */
export interface LayerClaim {
  readonly layer: LayerId;
  readonly point: Point;
  readonly value: HiddenScalar;
}

/** Rounds and degree of the joint sumcheck. */
export interface LayerSumcheck {
  readonly numVariables: number;
  readonly degree: number;
}

export function layerSumcheck(plan: ProofPlan, layers: readonly LayerId[]): LayerSumcheck {
  return {
    numVariables: layers.reduce((bits, layer) => Math.max(bits, boundBits(plan.layers[layer])), 0),
    degree: layers.reduce((degree, layer) => Math.max(degree, layerDegree(plan.layers[layer])), 2),
  };
}

export interface ReducedLayers {
  readonly relations: Relation[];
  readonly products: ProductTriple[];
}

/** View claims are appended to `views`. */
export function reduceLayerClaims(
  reader: MessageReader,
  plan: ProofPlan,
  context: EvaluationContext,
  claims: readonly LayerClaim[],
  views: ViewClaim[],
): ReducedLayers {
  const relations: Relation[] = [];
  const products: ProductTriple[] = [];
  if (claims.length === 0) return { relations, products };

  const sums = claims.map((claim) => {
    const layer = plan.layers[claim.layer];
    if (layer.bias === null) return claim.value;
    const axes = layerAxes(layer);
    const parts = splitPoint(axes, claim.point);
    const last = axes.length - 1;
    const spread = neg(realIndicator(axes.slice(0, last), parts.slice(0, last).flat()));
    if (plan.tensors[layer.bias].holder === "public") {
      const bias = evaluateTensor(
        plan.tensors[layer.bias].axes,
        context.publicValues(layer.bias),
        parts[last],
      );
      return claim.value.plusKnown(mul(spread, bias));
    }
    const bias = reader.hidden(LABEL_BIAS);
    const tie = new Relation(`${layer.name}: bias`);
    tie.addTensor(context, layer.bias, parts[last], ONE);
    tie.addHidden(bias, neg(ONE));
    relations.push(tie);
    return claim.value.plus(bias, spread);
  });

  const eta = reader.challenge(LABEL_BATCH);
  const { numVariables, degree } = layerSumcheck(
    plan,
    claims.map(({ layer }) => layer),
  );
  let weight = ONE;
  const total = new HiddenSum();
  for (const sum of sums) {
    total.add(sum, weight);
    weight = mul(weight, eta);
  }
  const reduced = reduceSumcheck(reader, total.scalar(), numVariables, degree);

  const end = new Relation("layers: end of sumcheck");
  end.addHidden(reduced.value, neg(ONE));
  weight = ONE;
  for (const claim of claims) {
    const layer = plan.layers[claim.layer];
    const lead = numVariables - boundBits(layer);
    const bound = reduced.point.slice(lead);
    const evaluate = (operand: Operand, name: string): HiddenScalar => {
      const relation = new Relation(`${layer.name}: ${name}`);
      const lengths = operand.axes.map((axis) => layer.axes[axis]);
      const point = operandParts(layer, operand, claim.point, bound).flat();
      relation.addExpression(context, lengths, operand.value, point, ONE);
      if (isPublicOperand(plan, operand)) return HiddenScalar.known(relation.hidden.constant);
      const scalar = reader.hidden(LABEL_OPERAND);
      if (relation.views.length === 0) {
        relation.addHidden(scalar, neg(ONE));
        relations.push(relation);
      } else {
        const points = relation.terms.map(({ tensor, point: at, factor }) => {
          const weights = splitPoint(plan.tensors[tensor].axes, at);
          return { tensor, factor, weights: weights.map((own) => ({ kind: "point", point: own }) as const) };
        });
        const rest = scalar.plusKnown(neg(relation.hidden.constant));
        views.push({ terms: [...relation.views, ...points], value: rest });
      }
      return scalar;
    };
    const left = evaluate(layer.left, "left operand");
    const right = evaluate(layer.right, "right operand");
    const factor = mul(
      mul(weight, leadingZeros(reduced.point.slice(0, lead))),
      groupFactor(plan, claim, bound),
    );
    if (isPublicOperand(plan, layer.left)) end.addHidden(right, mul(factor, left.constant));
    else if (isPublicOperand(plan, layer.right)) end.addHidden(left, mul(factor, right.constant));
    else {
      const z = reader.hidden(LABEL_PRODUCT);
      products.push({ name: `${layer.name}: left times right`, x: left, y: right, z });
      end.addHidden(z, factor);
    }
    weight = mul(weight, eta);
  }
  relations.push(end);
  return { relations, products };
}

/** eq of the group coordinates of the claim and of the sumcheck. */
function groupFactor(plan: ProofPlan, claim: LayerClaim, bound: Point) {
  const layer = plan.layers[claim.layer];
  const outputs = splitPoint(layerAxes(layer), claim.point);
  const groups = groupAxes(layer).flatMap((axis) => outputs[axis]);
  return eqEval(groups, bound.slice(0, groups.length));
}

export interface LayerCounts {
  readonly scalars: number;
  readonly products: number;
}

/** Scalars that `reduceLayerClaims` reads and products it leaves, for the layers claimed. */
export function layerCounts(plan: ProofPlan, layers: readonly LayerId[]): LayerCounts {
  if (layers.length === 0) return { scalars: 0, products: 0 };
  const { numVariables, degree } = layerSumcheck(plan, layers);
  let scalars = sumcheckScalars(numVariables, degree);
  let products = 0;
  for (const id of layers) {
    const layer = plan.layers[id];
    const operands = [layer.left, layer.right].filter((operand) => !isPublicOperand(plan, operand)).length;
    products += operands === 2 ? 1 : 0;
    scalars += operands + (operands === 2 ? 1 : 0);
    if (layer.bias !== null && plan.tensors[layer.bias].holder !== "public") scalars++;
  }
  return { scalars, products };
}

/** Bits of the claim's point. */
export function claimBits(plan: ProofPlan, layer: LayerId): number {
  return totalBits(layerAxes(plan.layers[layer]));
}
