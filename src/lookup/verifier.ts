/**
 * LogUp by GKR: reduces "the fractions of all leaves sum to zero" to one hidden evaluation of the leaf numerators and of
 * the leaf denominators at a common point (Papini–Haböck, eprint 2023/1284, §3; one root with numerator 0).
 *
 * Layer k has 2^k fractions; child fractions at level k+1 are x‖top bit: (0, x) and (1, x). With
 * p = p0·q1 + p1·q0 and q = q0·q1, one sumcheck per layer proves p + μ·q; its end value splits into the products
 * Z = q1·(p0 + μ·q0) and p1·q0, which go to the product check.
 */
import { check } from "../errors/proofError.ts";
import { type Ext, inv, isZero, mul, ZERO } from "../field/ext.ts";
import { HiddenScalar } from "../masking/hiddenScalar.ts";
import type { MessageReader } from "../masking/messages.ts";
import { eqEval, type Point } from "../poly/eq.ts";
import type { ProductTriple } from "../products/triple.ts";
import { reduceSumcheck, sumcheckScalars } from "../sumcheck/verifier.ts";

export const GKR_DEGREE = 3;
export const LABEL_ROOT = "lookup/root";
export const LABEL_BATCH = "lookup/batch";
export const LABEL_CHILDREN = "lookup/children";
export const LABEL_PRODUCT = "lookup/product";
export const LABEL_LINE = "lookup/line";

export interface LeafClaim {
  readonly point: Point;
  readonly numerator: HiddenScalar;
  readonly denominator: HiddenScalar;
  readonly products: ProductTriple[];
}

export function reduceLookups(reader: MessageReader, numVariables: number): LeafClaim {
  const root = reader.clear(LABEL_ROOT);
  // 0/0 would accept any sum: the root denominator is the product of all leaf denominators.
  check(!isZero(root), "lookup.zeroDenominator", "root denominator");
  let point: Ext[] = [];
  let numerator = HiddenScalar.known(ZERO);
  let denominator = HiddenScalar.known(root);
  const products: ProductTriple[] = [];
  for (let layer = 0; layer < numVariables; layer++) {
    const mu = reader.challenge(LABEL_BATCH);
    const reduced = reduceSumcheck(reader, numerator.plus(denominator, mu), layer, GKR_DEGREE);
    const p0 = reader.hidden(LABEL_CHILDREN);
    const p1 = reader.hidden(LABEL_CHILDREN);
    const q0 = reader.hidden(LABEL_CHILDREN);
    const q1 = reader.hidden(LABEL_CHILDREN);
    const z = reader.hidden(LABEL_PRODUCT);
    const weight = eqEval(point, reduced.point);
    check(!isZero(weight), "lookup.degenerate", `layer ${layer}`);
    products.push({ name: `lookup layer ${layer}, first`, x: q1, y: p0.plus(q0, mu), z });
    products.push({
      name: `lookup layer ${layer}, second`,
      x: p1,
      y: q0,
      z: reduced.value.times(inv(weight)).minus(z),
    });
    const tau = reader.challenge(LABEL_LINE);
    numerator = p0.plus(p1.minus(p0), tau);
    denominator = q0.plus(q1.minus(q0), tau);
    point = [tau, ...reduced.point];
  }
  return { point, numerator, denominator, products };
}

/** Hidden and clear scalars that `reduceLookups` reads. */
export function lookupScalars(numVariables: number): number {
  let count = 1;
  for (let layer = 0; layer < numVariables; layer++) count += sumcheckScalars(layer, GKR_DEGREE) + 5;
  return count;
}

/** Products that `reduceLookups` leaves. */
export function lookupProducts(numVariables: number): number {
  return 2 * numVariables;
}

/** β, β², β³, β⁴: the factors of a row's columns. */
export function columnFactors(beta: Ext): Ext[] {
  const square = mul(beta, beta);
  return [beta, square, mul(square, beta), mul(square, square)];
}
