/**
 * Proves every accumulator evaluation of a batch with one sumcheck (Thaler, CRYPTO 2013, §4.4, all layers in parallel):
 * acc̃(z_rows, z_m) = Σ_k X̃(z_rows, k)·W̃(z_m, k) + 1[rows real](z_rows)·b̃(z_m), combined with powers of a challenge.
 *
 * A layer with fewer contraction variables than the longest one is multiplied by eq(0, leading variables), which keeps
 * its sum. What remains are evaluations of the committed operands and one hidden product per claim.
 */
import { axisBits, realIndicator, totalBits } from "../../claims/axes.ts";
import type { LayerId, LinearLayer, ProofPlan } from "../../claims/plan.ts";
import { type EvaluationContext, evaluateTensor, Relation } from "../../claims/relation.ts";
import { type Ext, mul, neg, ONE, sub } from "../../field/ext.ts";
import { HiddenScalar } from "../../masking/hiddenScalar.ts";
import type { MessageReader } from "../../masking/messages.ts";
import type { Point } from "../../poly/eq.ts";
import type { ProductTriple } from "../../products/triple.ts";
import { reduceSumcheck, sumcheckScalars } from "../../sumcheck/verifier.ts";

export const MATMUL_DEGREE = 2;
export const LABEL_BIAS = "matmul/bias";
export const LABEL_BATCH = "matmul/batch";
export const LABEL_OPERAND = "matmul/operand";
export const LABEL_PRODUCT = "matmul/product";

/** acc̃_layer(point) = value. */
export interface LayerClaim {
  readonly layer: LayerId;
  readonly point: Point;
  readonly value: HiddenScalar;
}

export interface LayerPoint {
  readonly rows: Point;
  readonly output: Point;
}

export function splitLayerPoint(layer: LinearLayer, point: Point): LayerPoint {
  const bits = axisBits(layer.outputLength);
  return { rows: point.slice(0, point.length - bits), output: point.slice(point.length - bits) };
}

export function contractionBits(plan: ProofPlan, claims: readonly { readonly layer: LayerId }[]): number {
  return claims.reduce(
    (bits, claim) => Math.max(bits, totalBits(plan.layers[claim.layer].contractionAxes)),
    0,
  );
}

export function reduceLayerClaims(
  reader: MessageReader,
  plan: ProofPlan,
  context: EvaluationContext,
  claims: readonly LayerClaim[],
): { relations: Relation[]; products: ProductTriple[] } {
  const relations: Relation[] = [];
  const products: ProductTriple[] = [];
  if (claims.length === 0) return { relations, products };
  const isPublic = (tensor: number): boolean => plan.tensors[tensor].holder === "public";

  const sums = claims.map((claim) => {
    const layer = plan.layers[claim.layer];
    if (layer.bias === null) return claim.value;
    const { rows, output } = splitLayerPoint(layer, claim.point);
    const spread = neg(realIndicator(layer.rowAxes, rows));
    if (isPublic(layer.bias)) {
      const bias = evaluateTensor(plan.tensors[layer.bias].axes, context.publicValues(layer.bias), output);
      return claim.value.plusKnown(mul(spread, bias));
    }
    const bias = reader.hidden(LABEL_BIAS);
    relations.push(tie(`${layer.name}: bias`, context, layer.bias, output, bias));
    return claim.value.plus(bias, spread);
  });

  const eta = reader.challenge(LABEL_BATCH);
  const numVariables = contractionBits(plan, claims);
  let weight = ONE;
  let total = HiddenScalar.known([0, 0, 0, 0]);
  for (const sum of sums) {
    total = total.plus(sum, weight);
    weight = mul(weight, eta);
  }
  const reduced = reduceSumcheck(reader, total, numVariables, MATMUL_DEGREE);

  const end = new Relation("matmul: end of sumcheck");
  end.addHidden(reduced.value, neg(ONE));
  weight = ONE;
  for (const claim of claims) {
    const layer = plan.layers[claim.layer];
    const { rows, output } = splitLayerPoint(layer, claim.point);
    const lead = numVariables - totalBits(layer.contractionAxes);
    const tail = reduced.point.slice(lead);
    const factor = mul(weight, leadingZeros(reduced.point.slice(0, lead)));
    const operand = (tensor: number, point: Point, name: string): HiddenScalar => {
      if (isPublic(tensor)) {
        return HiddenScalar.known(
          evaluateTensor(plan.tensors[tensor].axes, context.publicValues(tensor), point),
        );
      }
      const value = reader.hidden(LABEL_OPERAND);
      relations.push(tie(`${layer.name}: ${name}`, context, tensor, point, value));
      return value;
    };
    const x = operand(layer.input, [...rows, ...tail], "input");
    const w = operand(layer.weight, [...output, ...tail], "weight");
    if (isPublic(layer.input)) end.addHidden(w, mul(factor, x.constant));
    else if (isPublic(layer.weight)) end.addHidden(x, mul(factor, w.constant));
    else {
      const z = reader.hidden(LABEL_PRODUCT);
      products.push({ name: `${layer.name}: input times weight`, x, y: w, z });
      end.addHidden(z, factor);
    }
    weight = mul(weight, eta);
  }
  relations.push(end);
  return { relations, products };
}

/** T̃(point) = value. */
function tie(
  name: string,
  context: EvaluationContext,
  tensor: number,
  point: Point,
  value: HiddenScalar,
): Relation {
  const relation = new Relation(name);
  relation.addTensor(context, tensor, point, ONE);
  relation.addHidden(value, neg(ONE));
  return relation;
}

/** eq(0 … 0, point). */
export function leadingZeros(point: Point): Ext {
  return point.reduce((product, r) => mul(product, sub(ONE, r)), ONE);
}

export interface MatmulCounts {
  readonly scalars: number;
  readonly products: number;
}

/** Scalars that `reduceLayerClaims` reads and products it leaves, for the layers claimed. */
export function matmulCounts(plan: ProofPlan, claims: readonly { readonly layer: LayerId }[]): MatmulCounts {
  let scalars = claims.length === 0 ? 0 : sumcheckScalars(contractionBits(plan, claims), MATMUL_DEGREE);
  let products = 0;
  for (const claim of claims) {
    const layer = plan.layers[claim.layer];
    const hidden = (tensor: number | null): number =>
      tensor === null || plan.tensors[tensor].holder === "public" ? 0 : 1;
    const operands = hidden(layer.input) + hidden(layer.weight);
    products += operands === 2 ? 1 : 0;
    scalars += hidden(layer.bias) + operands + (operands === 2 ? 1 : 0);
  }
  return { scalars, products };
}
