/**
 * All hidden products at once: X and Y of degree m interpolate x_1…x_m and y_1…y_m at the nodes 1…m and committed
 * uniform values at node 0; P = X·Y has degree 2m, its values at 1…m are the z_i. The prover sends the other values of P
 * masked, then X(θ) and Y(θ) in clear, which the node-0 values make exactly uniform. Soundness error 2m/|K|
 * (protocol review, part (c), messages 9 and 10).
 */
import { Relation } from "../claims/relation.ts";
import { check } from "../errors/proofError.ts";
import { type Ext, mul, neg, ONE } from "../field/ext.ts";
import { HiddenScalar } from "../masking/hiddenScalar.ts";
import { type MessageReader, PAD_PRODUCT_X, PAD_PRODUCT_Y } from "../masking/messages.ts";
import { lagrangeCoefficients } from "../poly/lagrange.ts";
import type { ProductTriple } from "./triple.ts";

export const LABEL_VALUE = "products/value";
export const LABEL_NODE = "products/node";
export const LABEL_EVALUATION = "products/evaluation";

/** Returns the three linear equations that remain. At least one triple. */
export function reduceProducts(reader: MessageReader, triples: readonly ProductTriple[]): Relation[] {
  const m = triples.length;
  // P at 0, then at m + 1 … 2m.
  const atZero = reader.hidden(LABEL_VALUE);
  const beyond = Array.from({ length: m }, () => reader.hidden(LABEL_VALUE));
  const theta = reader.challenge(LABEL_NODE);
  check(!isNode(theta, 2 * m), "products.node", "evaluation point is an interpolation node");
  const xTheta = reader.clear(LABEL_EVALUATION);
  const yTheta = reader.clear(LABEL_EVALUATION);
  const low = lagrangeCoefficients(m + 1, theta);
  const all = lagrangeCoefficients(2 * m + 1, theta);
  const x0 = new HiddenScalar([0, 0, 0, 0], new Map([[PAD_PRODUCT_X, ONE]]));
  const y0 = new HiddenScalar([0, 0, 0, 0], new Map([[PAD_PRODUCT_Y, ONE]]));
  return [
    equation("products: X", low, [x0, ...triples.map((t) => t.x)], xTheta),
    equation("products: Y", low, [y0, ...triples.map((t) => t.y)], yTheta),
    equation("products: P", all, [atZero, ...triples.map((t) => t.z), ...beyond], mul(xTheta, yTheta)),
  ];
}

/** Σ coefficient · value = right side. */
function equation(
  name: string,
  coefficients: readonly Ext[],
  values: readonly HiddenScalar[],
  right: Ext,
): Relation {
  const relation = new Relation(name);
  values.forEach((value, i) => {
    relation.addHidden(value, coefficients[i]);
  });
  relation.addKnown(neg(right));
  return relation;
}

export function isNode(theta: Ext, last: number): boolean {
  return theta[1] === 0 && theta[2] === 0 && theta[3] === 0 && theta[0] <= last;
}

/** Hidden and clear scalars that `reduceProducts` reads. */
export function productScalars(numTriples: number): number {
  return numTriples + 3;
}
