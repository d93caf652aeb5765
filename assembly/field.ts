/**
 * Arithmetic in F = F_p, p = 2^31 − 1, four lanes at a time. "Loose" lanes lie in [0, p], where 0 and p both mean zero;
 * "canonical" ones in [0, p). Every function takes loose lanes and returns loose lanes unless it says otherwise.
 */

// @ts-ignore: decorator
@inline
export const P: u32 = 0x7fffffff;

// @ts-ignore: decorator
@inline
export function splatP(): v128 {
  return i32x4.splat(0x7fffffff);
}

/** [0, 2p] → [0, p], and loose → canonical: the smaller of s and s − p as unsigned numbers. */
// @ts-ignore: decorator
@inline
export function wrap(s: v128): v128 {
  return i32x4.min_u(s, i32x4.sub(s, splatP()));
}

// @ts-ignore: decorator
@inline
export function add(a: v128, b: v128): v128 {
  return wrap(i32x4.add(a, b));
}

// @ts-ignore: decorator
@inline
export function sub(a: v128, b: v128): v128 {
  const d = i32x4.sub(a, b);
  return i32x4.min_u(d, i32x4.add(d, splatP()));
}

// @ts-ignore: decorator
@inline
export function neg(a: v128): v128 {
  return i32x4.sub(splatP(), a);
}

/** a·b with a2 = 2a given: the high words of 2ab are floor(ab / 2^31). */
// @ts-ignore: decorator
@inline
export function mulDoubled(a: v128, a2: v128, b: v128): v128 {
  const lo = i64x2.extmul_low_i32x4_u(a2, b);
  const hi = i64x2.extmul_high_i32x4_u(a2, b);
  const high = v128.shuffle<u32>(lo, hi, 1, 3, 5, 7);
  const low = v128.and(i32x4.mul(a, b), splatP());
  return wrap(i32x4.add(high, low));
}

// @ts-ignore: decorator
@inline
export function mul(a: v128, b: v128): v128 {
  return mulDoubled(a, i32x4.add(a, a), b);
}

/** A 64-bit lane S becomes floor(S / 2^31) + (S mod 2^31) < 2^33 + 2^31, congruent: room to add up 2^30 such lanes. */
// @ts-ignore: decorator
@inline
export function partial(s: v128): v128 {
  return i64x2.add(i64x2.shr_u(s, 31), v128.and(s, i64x2.splat(0x7fffffff)));
}

/** Any four 64-bit lanes S (two in `lo`, two in `hi`) → the residues of S, loose. */
// @ts-ignore: decorator
@inline
export function reduce(lo: v128, hi: v128): v128 {
  const low = v128.shuffle<u32>(lo, hi, 0, 2, 4, 6);
  const high = v128.shuffle<u32>(lo, hi, 1, 3, 5, 7);
  // S = 2^62·(high >> 30) + 2^31·middle + (low mod 2^31), where middle holds the bits 31 … 61.
  const middle = v128.and(v128.or(i32x4.shl(high, 1), i32x4.shr_u(low, 31)), splatP());
  const top = wrap(i32x4.add(middle, i32x4.shr_u(high, 30)));
  return wrap(i32x4.add(top, v128.and(low, splatP())));
}

/** The same for lanes below 2^36, as sums of a few `partial` values are. */
// @ts-ignore: decorator
@inline
export function reduceSmall(lo: v128, hi: v128): v128 {
  const low = v128.shuffle<u32>(lo, hi, 0, 2, 4, 6);
  const high = v128.shuffle<u32>(lo, hi, 1, 3, 5, 7);
  const carry = i32x4.add(i32x4.shl(high, 1), i32x4.shr_u(low, 31));
  return wrap(i32x4.add(v128.and(low, splatP()), carry));
}

/** a0·b0 + a1·b1 + a2·b2 + a3·b3 as two pairs of 64-bit lanes: 4·p² < 2^64. This is the pair of low lanes. */
// @ts-ignore: decorator
@inline
export function dotLow(a0: v128, b0: v128, a1: v128, b1: v128, a2: v128, b2: v128, a3: v128, b3: v128): v128 {
  return i64x2.add(
    i64x2.add(i64x2.extmul_low_i32x4_u(a0, b0), i64x2.extmul_low_i32x4_u(a1, b1)),
    i64x2.add(i64x2.extmul_low_i32x4_u(a2, b2), i64x2.extmul_low_i32x4_u(a3, b3)),
  );
}

/** The pair of high lanes. */
// @ts-ignore: decorator
@inline
export function dotHigh(a0: v128, b0: v128, a1: v128, b1: v128, a2: v128, b2: v128, a3: v128, b3: v128): v128 {
  return i64x2.add(
    i64x2.add(i64x2.extmul_high_i32x4_u(a0, b0), i64x2.extmul_high_i32x4_u(a1, b1)),
    i64x2.add(i64x2.extmul_high_i32x4_u(a2, b2), i64x2.extmul_high_i32x4_u(a3, b3)),
  );
}

/** The residue of a0·b0 + … + a3·b3, loose. */
// @ts-ignore: decorator
@inline
export function dot(a0: v128, b0: v128, a1: v128, b1: v128, a2: v128, b2: v128, a3: v128, b3: v128): v128 {
  return reduce(dotLow(a0, b0, a1, b1, a2, b2, a3, b3), dotHigh(a0, b0, a1, b1, a2, b2, a3, b3));
}

/** The sum of four 64-bit lanes modulo p, canonical. */
export function sumLanes(lo: v128, hi: v128): u32 {
  // Divisions are slow, and short ranges end here often.
  const pair = i64x2.add(partial(lo), partial(hi));
  return <u32>((<u64>i64x2.extract_lane(pair, 0) + <u64>i64x2.extract_lane(pair, 1)) % <u64>P);
}
