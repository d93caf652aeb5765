/**
 * Linear equations over committed tensors and pads: docs/spec/04-multilinear-sumcheck-masking.md, 4.4.
 *
 *     Σ factor·T̃(point) + form = 0
 */
import type { K } from "./field.ts";
import type { Hidden } from "./masking.ts";
import type { Point } from "./multilinear.ts";

export interface TensorTerm {
  /** Index of a committed tensor of the plan. */
  readonly tensor: number;
  /** A point over the tensor's axes. */
  readonly point: Point;
  readonly factor: K;
}

export interface LinearRelation {
  readonly terms: readonly TensorTerm[];
  readonly form: Hidden;
}
