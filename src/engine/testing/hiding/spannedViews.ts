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

/** What of a view (or of several that belong together) counts, as coordinates over F. */
export type Coordinates<Seen = View> = (view: Seen) => Uint32Array;

export class SpannedViews<Seen = View> {
  /** Coordinates over F. */
  readonly length: number;
  readonly rank: number;
  private readonly coordinates: Coordinates<Seen>;
  private readonly first: Uint32Array;
  private readonly span: Span;

  private constructor(coordinates: Coordinates<Seen>, first: Uint32Array, span: Span) {
    this.coordinates = coordinates;
    this.first = first;
    this.span = span;
    this.rank = span.rank;
    this.length = first.length;
  }

  /** `make`: the i-th view. Stops as soon as further views bring nothing new. */
  static of<Seen>(coordinates: Coordinates<Seen>, make: (i: number) => Seen): SpannedViews<Seen> {
    const first = coordinates(make(0));
    const span = new Span();
    let known = 0;
    for (let i = 1; known < SPARE; i++) {
      known = span.insert(difference(coordinates(make(i)), first)) ? 0 : known + 1;
    }
    return new SpannedViews(coordinates, first, span);
  }

  /** True if the view lies outside. It is a member from now on. */
  isNews(view: Seen): boolean {
    return this.span.insert(difference(this.coordinates(view), this.first));
  }
}

/** Everything seen, and the products of the scalars in clear. */
export function everything(trials: Trials): Coordinates {
  return ({ words }) => Uint32Array.from([...words, ...clearProducts(trials, words)]);
}

/** Dimensions that the verifier's own equations take: one over K at ρ, one at each queried column; none without v. */
export function verifierChecks({ layout }: Trials): number {
  const { levels, queries } = layout.parameters;
  return levels.length > 0 ? 0 : 4 + 4 * queries;
}

/** One scalar of the interactive part beside those in clear and their products. */
export function oneScalar(trials: Trials, index: number): Coordinates {
  const clear = clearScalars(trials).filter((at) => at !== index);
  return ({ words }) =>
    Uint32Array.from([
      ...[index, ...clear].flatMap((at) => getExt(words, at)),
      ...clearProducts(trials, words),
    ]);
}

/** The lookup root comes first, X(θ) and Y(θ) last. */
function clearScalars({ scalars }: Trials): [number, number, number] {
  return [0, scalars - 2, scalars - 1];
}

/** The products of the lookup root, X(θ) and Y(θ), but for X(θ)² and Y(θ)². */
function clearProducts(trials: Trials, words: Uint32Array): number[] {
  const [root, x, y] = clearScalars(trials).map((at) => getExt(words, at));
  const products: Ext[] = [mul(root, root), mul(root, x), mul(root, y), mul(x, y)];
  return products.flat();
}

function difference(a: Uint32Array, b: Uint32Array): Uint32Array {
  return a.map((value, i) => sub(value, b[i]));
}
