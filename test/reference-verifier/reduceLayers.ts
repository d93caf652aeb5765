/**
 * Claims about layers: docs/spec/15-reduction.md, 15.5.
 */
import { lead, type ViewTerm } from "./claims.ts";
import { type K, multiply, ONE, power } from "./field.ts";
import {
  addHidden,
  type Hidden,
  known,
  negateHidden,
  scaleHidden,
  subtractHidden,
  sumHidden,
} from "./masking.ts";
import { eq, evaluate, type Point, real, splitPoint } from "./multilinear.ts";
import type { Layer, Operand } from "./plan.ts";
import { boundAxes, boundBits, groupAxes, layerSumcheck, operandIsPublic } from "./planNumbers.ts";
import { type LayerClaim, noLayers, type Reduction } from "./reductionState.ts";

export function reduceLayers(reduction: Reduction): void {
  const { plan, messages, layerClaims } = reduction;
  if (layerClaims.length === 0) return;
  const layerOf = (claim: LayerClaim): Layer => plan.layers[claim.layer]!;
  const sums = layerClaims.map((claim) => withoutBias(reduction, layerOf(claim), claim));

  const eta = messages.challenge("layers/batch");
  const { rounds, degree } = layerSumcheck(layerClaims.map(layerOf));
  const batched = sumHidden(sums.map((sum, i) => scaleHidden(sum, power(eta, i))));
  const { point: r, value: end } = messages.sumcheck(batched, rounds, degree);

  let last: Hidden = negateHidden(end);
  for (const [i, claim] of layerClaims.entries()) {
    const layer = layerOf(claim);
    const numBound = boundBits(layer);
    const u = r.slice(rounds - numBound);
    const z = partsOfOutput(layer, claim.point);
    const bound = partsOfBound(layer, u);
    const groups = groupAxes(layer);
    const atGroups = groups.map((axis) => eq(z.get(axis)!, bound.get(axis)!)).reduce(multiply, ONE);
    const f = multiply(multiply(power(eta, i), lead(r.slice(0, rounds - numBound))), atGroups);
    const pointOf = ({ axes }: Operand): Point => axes.flatMap((axis) => bound.get(axis) ?? z.get(axis)!);
    const left = operandValue(reduction, layer, layer.left, pointOf(layer.left));
    const right = operandValue(reduction, layer, layer.right, pointOf(layer.right));
    last = addHidden(last, scaleHidden(productOf(reduction, left, right), f));
  }
  reduction.relations.push({ terms: [], form: last });
}

/** Step 1: the claim without what the bias contributes. */
function withoutBias(reduction: Reduction, layer: Layer, claim: LayerClaim): Hidden {
  const { bias } = layer;
  if (bias === undefined) return claim.value;
  const { messages, plan, publicValues, relations } = reduction;
  const outputAxes = layer.axes.slice(0, layer.numOutputAxes);
  const parts = splitPoint(outputAxes, claim.point);
  const y = parts[parts.length - 1]!;
  const cells = real(outputAxes.slice(0, -1), parts.slice(0, -1).flat());
  const tensor = plan.tensors[bias]!;
  let value: Hidden;
  if (tensor.holder === "public") value = known(evaluate(tensor.axes, publicValues.get(bias)!, y));
  else {
    value = messages.hidden("layers/bias");
    relations.push({ terms: [{ tensor: bias, point: y, factor: ONE }], form: negateHidden(value) });
  }
  return subtractHidden(claim.value, scaleHidden(value, cells));
}

/** The part of each output axis. */
function partsOfOutput(layer: Layer, point: Point): Map<number, Point> {
  const axes = layer.axes.slice(0, layer.numOutputAxes);
  return new Map(splitPoint(axes, point).entries());
}

/** The part of each bound axis: groups, then contracted axes. */
function partsOfBound(layer: Layer, u: Point): Map<number, Point> {
  const bound = boundAxes(layer);
  const parts = splitPoint(
    bound.map((axis) => layer.axes[axis]!),
    u,
  );
  return new Map(bound.map((axis, i) => [axis, parts[i]!]));
}

type OperandValue =
  | { readonly isPublic: true; readonly value: K }
  | { readonly isPublic: false; readonly value: Hidden };

function operandValue(reduction: Reduction, layer: Layer, operand: Operand, point: Point): OperandValue {
  const { messages, plan } = reduction;
  const axes = operand.axes.map((axis) => layer.axes[axis]!);
  const relation = reduction.relation();
  relation.add(axes, operand.expression, point, ONE, noLayers);
  if (operandIsPublic(plan, operand)) return { isPublic: true, value: relation.form.constant };
  const value = messages.hidden("layers/operand");
  if (relation.views.length === 0) {
    reduction.relations.push({ terms: relation.terms, form: subtractHidden(relation.form, value) });
  } else {
    const others = relation.terms.map(({ tensor, point: own, factor }): ViewTerm => {
      const parts = splitPoint(plan.tensors[tensor]!.axes, own);
      return { tensor, weights: parts.map((part) => ({ kind: "point", point: part })), factor };
    });
    reduction.viewClaims.push({
      terms: [...relation.views, ...others],
      value: subtractHidden(value, relation.form),
    });
  }
  return { isPublic: false, value };
}

function productOf({ messages, products }: Reduction, left: OperandValue, right: OperandValue): Hidden {
  if (left.isPublic) {
    return right.isPublic ? known(multiply(left.value, right.value)) : scaleHidden(right.value, left.value);
  }
  if (right.isPublic) return scaleHidden(left.value, right.value);
  const z = messages.hidden("layers/product");
  products.push({ x: left.value, y: right.value, z });
  return z;
}
