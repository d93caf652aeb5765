/**
 * Reduces a hidden claim Σ_{x∈{0,1}^n} g(x) = c to one hidden evaluation g(r) = c'. The caller must discharge c'.
 *
 * In each round the prover sends the coefficients of the round polynomial except that of X, masked; the missing one
 * follows from h(0) + h(1) = claim, so that no round check remains (Thaler, Proofs, Arguments, and Zero-Knowledge, §4.1,
 * with the usual omission of one coefficient).
 */
import { type Ext, mul, ONE, sub } from "../field/ext.ts";
import type { HiddenScalar } from "../masking/hiddenScalar.ts";
import { HiddenSum } from "../masking/hiddenSum.ts";
import type { MessageReader } from "../masking/messages.ts";

export const LABEL_ROUND = "sumcheck/coefficient";
export const LABEL_CHALLENGE = "sumcheck/challenge";

export interface ReducedClaim {
  /** One coordinate per round; the first round binds the most significant variable. */
  readonly point: Ext[];
  readonly value: HiddenScalar;
}

/** `degree` ≥ 2 bounds every round polynomial; degree scalars are read per round. */
export function reduceSumcheck(
  reader: MessageReader,
  claim: HiddenScalar,
  numRounds: number,
  degree: number,
): ReducedClaim {
  const point: Ext[] = [];
  const rounds: HiddenScalar[][] = [];
  for (let round = 0; round < numRounds; round++) {
    // Coefficients of X^0, X^2, …, X^degree.
    rounds.push(Array.from({ length: degree }, () => reader.hidden(LABEL_ROUND)));
    point.push(reader.challenge(LABEL_CHALLENGE));
  }
  // A round's claim enters the next one times r. From the last round on, each term is weighted once.
  const value = new HiddenSum();
  let later = ONE;
  for (let round = numRounds - 1; round >= 0; round--) {
    addRound(value, rounds[round], point[round], later);
    later = mul(later, point[round]);
  }
  value.add(claim, later);
  return { point, value: value.scalar() };
}

/** Adds factor · (h(r) − r·claim) for the claim h(0) + h(1) and the coefficients of X^0, X^2, X^3, …. */
function addRound(sum: HiddenSum, coefficients: readonly HiddenScalar[], r: Ext, factor: Ext): void {
  // c1 = claim − 2c0 − c2 − c3 − …, hence h(r) = r·claim + (1 − 2r)·c0 + Σ_{j≥2} (r^j − r)·c_j.
  sum.add(coefficients[0], mul(factor, sub(sub(ONE, r), r)));
  let power = r;
  for (let j = 1; j < coefficients.length; j++) {
    power = mul(power, r);
    sum.add(coefficients[j], mul(factor, sub(power, r)));
  }
}

/** Scalars that `reduceSumcheck` reads. */
export function sumcheckScalars(numRounds: number, degree: number): number {
  return numRounds * degree;
}
