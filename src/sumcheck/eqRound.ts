/**
 * A prover's round where the summand is eq(z, x)·S(x): the round polynomial is prefix·((1 − z) + (2z − 1)X)·S(X) with S of
 * degree 2, so that only S(0) and S's leading coefficient have to be summed (Gruen, eprint 2024/108, §3.2).
 */
import { add, type Ext, fromBase, inv, mul, ONE, sub } from "../field/ext.ts";

export interface EqRound {
  /** Coefficients of X^0 … X^3 of the round polynomial. */
  readonly coefficients: readonly [Ext, Ext, Ext, Ext];
  /** prefix·(1 − z) and prefix·z. */
  readonly e0: Ext;
  readonly e1: Ext;
}

/**
 * `s0` = S(0), `s2` = coefficient of X² of S; `claim` = sum of the round polynomial at 0 and 1. At z = 0 the claim says
 * nothing about S(1), which must be given then as `s1`.
 */
export function eqRound(claim: Ext, prefix: Ext, z: Ext, s0: Ext, s2: Ext, s1?: Ext): EqRound {
  const e0 = mul(prefix, sub(ONE, z));
  const e1 = mul(prefix, z);
  const atOne = s1 ?? mul(sub(claim, mul(e0, s0)), inv(e1));
  const linear = sub(sub(atOne, s0), s2);
  const slope = sub(e1, e0);
  const coefficients = [
    mul(e0, s0),
    add(mul(e0, linear), mul(slope, s0)),
    add(mul(e0, s2), mul(slope, linear)),
    mul(slope, s2),
  ] as const;
  return { coefficients, e0, e1 };
}

/** The polynomial at r. */
export function evaluateCubic(coefficients: readonly Ext[], r: Ext): Ext {
  return coefficients.reduceRight((value, c) => add(mul(value, r), c), fromBase(0));
}
