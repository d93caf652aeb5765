/**
 * The claims about a vector that a level of recursion takes over, as one: an evaluation at a point, and the values of the
 * vector's codeword at queried positions. Public vectors are tensor products, so that each is evaluated in a walk over bits.
 */
import { type CirclePoint, domainPoints, doubleX } from "../code/circleGroup.ts";
import { add, type Ext, mul, ONE, scale, sub, ZERO } from "../field/ext.ts";
import { eqEval, type Point } from "../poly/eq.ts";

/** ⟨vector[0, 2^point.length), eq(point)⟩ = value. */
export interface VectorClaim {
  readonly point: Point;
  readonly value: Ext;
}

/** value + Σ_k τ^(k+1)·sums[k]. */
export function batchedValue(value: Ext, sums: readonly Ext[], tau: Ext): Ext {
  let power = ONE;
  return sums.reduce((total, sum) => {
    power = mul(power, tau);
    return add(total, mul(power, sum));
  }, value);
}

/**
 * At z, the multilinear extension of the batched public vector: eq(point) on the first 2^point.length indices, plus
 * Σ_k τ^(k+1)·b(P_k) on the first `length`, P_k the point at the k-th of `positions` in the domain of size 2^logLength.
 */
export function evaluateBatched(
  z: Point,
  point: Point,
  length: number,
  positions: readonly number[],
  logLength: number,
  tau: Ext,
): Ext {
  const numLeading = z.length - point.length;
  const inside = z.slice(0, numLeading).reduce((product, r) => mul(product, sub(ONE, r)), ONE);
  const start = mul(inside, eqEval(point, z.slice(numLeading)));
  const values = domainPoints(logLength, positions).map((at) => evaluateBasis(z, at, length));
  return batchedValue(start, values, tau);
}

/** Σ_{j < limit} eq(z, j)·b_j(at): index bit k of b_j, from the least significant, contributes the k-th factor. */
export function evaluateBasis(z: Point, at: CirclePoint, limit: number): Ext {
  const n = z.length;
  // What a coordinate contributes where its bit is 1; where it is 0, 1 − z_i.
  const high: Ext[] = new Array(n);
  let factor = at.y;
  let x = at.x;
  for (let i = n - 1; i >= 0; i--) {
    high[i] = scale(z[i], factor);
    factor = x;
    x = doubleX(x);
  }
  // As in eqPrefixSum: whatever agrees with the limit above one of its 1-bits and has 0 there lies below it.
  const suffix: Ext[] = new Array(n + 1);
  suffix[n] = ONE;
  for (let i = n - 1; i >= 0; i--) suffix[i] = mul(suffix[i + 1], add(sub(ONE, z[i]), high[i]));
  if (limit >= 2 ** n) return suffix[0];
  let sum = ZERO;
  let prefix = ONE;
  for (let i = 0; i < n; i++) {
    const low = sub(ONE, z[i]);
    if (Math.floor(limit / 2 ** (n - 1 - i)) % 2 === 1) {
      sum = add(sum, mul(mul(prefix, low), suffix[i + 1]));
      prefix = mul(prefix, high[i]);
    } else {
      prefix = mul(prefix, low);
    }
  }
  return sum;
}
