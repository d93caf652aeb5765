/**
 * The affine space over F that the views of one witness span, with the products of the scalars in clear as further
 * coordinates: whatever depends on the witness by way of these scalars is of degree 2 at most.
 */
import { Span } from "../../../commitment/testing/linearAlgebra.ts";
import { type Ext, mul } from "../../../field/ext.ts";
import { getExt } from "../../../field/extVector.ts";
import { sub } from "../../../field/m31.ts";
import type { Trials, View } from "./trial.ts";

/** Views beyond the number of coordinates: so many random vectors span the space but with probability 2^(−31·SPARE). */
const SPARE = 3;

export class SpannedViews {
  /** Coordinates over F. */
  readonly length: number;
  /** Dimensions that the verifier's own equations take: one over K at ρ, one at each queried column; none without v. */
  readonly checks: number;
  readonly rank: number;
  private readonly first: Uint32Array;
  private readonly span: Span;
  private readonly trials: Trials;

  private constructor(trials: Trials, first: Uint32Array, span: Span) {
    this.trials = trials;
    this.first = first;
    this.span = span;
    this.rank = span.rank;
    this.length = first.length;
    const { levels, queries } = trials.layout.parameters;
    this.checks = levels.length > 0 ? 0 : 4 + 4 * queries;
  }

  /** `make`: the i-th view. Stops as soon as further views bring nothing new. */
  static of(trials: Trials, make: (i: number) => View): SpannedViews {
    const first = coordinates(trials, make(0));
    const span = new Span();
    let known = 0;
    for (let i = 1; known < SPARE; i++) {
      known = span.insert(difference(coordinates(trials, make(i)), first)) ? 0 : known + 1;
    }
    return new SpannedViews(trials, first, span);
  }

  /** True if the view lies outside. It is a member from now on. */
  isNews(view: View): boolean {
    return this.span.insert(difference(coordinates(this.trials, view), this.first));
  }
}

/** 1 if the view lies outside the space, which it then enlarges, else 0. */
export function unknownTo(views: SpannedViews, view: View): number {
  return views.isNews(view) ? 1 : 0;
}

/** Everything seen, then the products of the lookup root, X(θ) and Y(θ), but for X(θ)² and Y(θ)². */
function coordinates(trials: Trials, { words }: View): Uint32Array {
  const root = getExt(words, 0);
  const [x, y] = [trials.scalars - 2, trials.scalars - 1].map((at) => getExt(words, at));
  const products: Ext[] = [mul(root, root), mul(root, x), mul(root, y), mul(x, y)];
  return Uint32Array.from([...words, ...products.flat()]);
}

function difference(a: Uint32Array, b: Uint32Array): Uint32Array {
  return a.map((value, i) => sub(value, b[i]));
}
