/**
 * The product check: docs/spec/04-multilinear-sumcheck-masking.md, 4.6.
 */
import {
  equal,
  inverseF,
  type K,
  k,
  multiply,
  negate,
  ONE,
  product,
  residue,
  scale,
  subtract,
} from "./field.ts";
import type { LinearRelation } from "./linearRelation.ts";
import {
  addHidden,
  type Hidden,
  known,
  type Messages,
  pad,
  scaleHidden,
  sumHidden,
  X_PAD,
  Y_PAD,
} from "./masking.ts";
import { refuse } from "./refusal.ts";

/** Claims x·y = z. */
export interface ProductTriple {
  readonly x: Hidden;
  readonly y: Hidden;
  readonly z: Hidden;
}

/** The three equations that the triples leave. */
export function checkProducts(messages: Messages, triples: readonly ProductTriple[]): LinearRelation[] {
  const m = triples.length;
  const first = messages.hidden("products/value");
  const others = triples.map(() => messages.hidden("products/value"));
  const theta = messages.challenge("products/node");
  for (let node = 0; node <= 2 * m; node++) {
    if (equal(theta, k(node))) refuse("products.node", `node ${node}`);
  }
  const xAtTheta = messages.clear("products/evaluation");
  const yAtTheta = messages.clear("products/evaluation");
  return [
    interpolates([pad(X_PAD), ...triples.map(({ x }) => x)], theta, xAtTheta),
    interpolates([pad(Y_PAD), ...triples.map(({ y }) => y)], theta, yAtTheta),
    interpolates([first, ...triples.map(({ z }) => z), ...others], theta, multiply(xAtTheta, yAtTheta)),
  ];
}

/** The equation: the polynomial with these values at 0, 1, … has this value at θ. */
function interpolates(values: readonly Hidden[], theta: K, value: K): LinearRelation {
  const coefficients = lagrangeCoefficients(values.length, theta);
  const interpolated = sumHidden(values.map((form, node) => scaleHidden(form, coefficients[node]!)));
  return { terms: [], form: addHidden(interpolated, known(negate(value))) };
}

/** ℓ_i(θ) for the nodes 0 … count − 1. */
export function lagrangeCoefficients(count: number, theta: K): K[] {
  const nodes = Array.from({ length: count }, (_, node) => node);
  return nodes.map((i) => {
    const others = nodes.filter((j) => j !== i);
    const above = product([ONE, ...others.map((j) => subtract(theta, k(j)))]);
    const below = others.reduce((result, j) => residue(result * residue(i - j)), 1n);
    return scale(above, inverseF(below));
  });
}
