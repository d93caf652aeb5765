/** The prover's side of products/verifier.ts. */
import { TensorproofError } from "../errors/tensorproofError.ts";
import { type Ext, mul } from "../field/ext.ts";
import type { TranscriptWriter } from "../masking/prover.ts";
import { extrapolate, interpolate } from "../poly/lagrange.ts";
import * as products from "./verifier.ts";

/** Plain values of a product triple; z = x·y. */
export interface ProductValues {
  readonly x: Ext;
  readonly y: Ext;
}

/** `atZero`: the committed uniform values of X and Y at node 0. */
export function proveProducts(
  writer: TranscriptWriter,
  triples: readonly ProductValues[],
  atZero: ProductValues,
): void {
  const m = triples.length;
  const x = [atZero.x, ...triples.map((triple) => triple.x)];
  const y = [atZero.y, ...triples.map((triple) => triple.y)];
  const farX = extrapolate(x, 2 * m);
  const farY = extrapolate(y, 2 * m);
  writer.hidden(products.LABEL_VALUE, mul(x[0], y[0]));
  farX.forEach((value, i) => {
    writer.hidden(products.LABEL_VALUE, mul(value, farY[i]));
  });
  const theta = writer.challenge(products.LABEL_NODE);
  if (products.isNode(theta, 2 * m)) {
    // X(θ) would be one of the hidden values themselves.
    throw new TensorproofError(
      "prove.degenerate",
      "the evaluation point is an interpolation node, which hardly ever happens; prove again",
      { where: "products" },
    );
  }
  writer.clear(products.LABEL_EVALUATION, interpolate(x, theta));
  writer.clear(products.LABEL_EVALUATION, interpolate(y, theta));
}
