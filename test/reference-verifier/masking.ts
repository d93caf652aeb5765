/**
 * Hidden scalars, the reader of a payload's scalars, and sumcheck on hidden scalars:
 * docs/spec/04-multilinear-sumcheck-masking.md, 4.3 and 4.5; the same in 12.2 and 15.1.
 */
import { add, isZero, type K, k, multiply, negate, ONE, power, subtract, ZERO } from "./field.ts";
import type { Point } from "./multilinear.ts";
import { refuse } from "./refusal.ts";
import type { Transcript } from "./transcript.ts";

/** constant + Σ_j coefficient_j · pad_j. Pads with coefficient 0 are left out. */
export interface Hidden {
  readonly constant: K;
  readonly pads: ReadonlyMap<number, K>;
}

/** A known element as a form without pads. */
export function known(constant: K): Hidden {
  return { constant, pads: new Map() };
}

export const HIDDEN_ZERO: Hidden = known(ZERO);

/** 1·pad_j */
export function pad(index: number): Hidden {
  return { constant: ZERO, pads: new Map([[index, ONE]]) };
}

export function addHidden(a: Hidden, b: Hidden): Hidden {
  const pads = new Map(a.pads);
  for (const [index, coefficient] of b.pads) pads.set(index, add(pads.get(index) ?? ZERO, coefficient));
  for (const [index, coefficient] of pads) if (isZero(coefficient)) pads.delete(index);
  return { constant: add(a.constant, b.constant), pads };
}

export function scaleHidden(a: Hidden, factor: K): Hidden {
  const pads = new Map([...a.pads].map(([index, coefficient]) => [index, multiply(coefficient, factor)]));
  return addHidden({ constant: multiply(a.constant, factor), pads }, HIDDEN_ZERO);
}

export function negateHidden(a: Hidden): Hidden {
  return scaleHidden(a, negate(ONE));
}

export function subtractHidden(a: Hidden, b: Hidden): Hidden {
  return addHidden(a, negateHidden(b));
}

export function sumHidden(values: readonly Hidden[]): Hidden {
  return values.reduce(addHidden, HIDDEN_ZERO);
}

/** Pads 0, 1, 2: δ of the lookup argument, X(0) and Y(0) of the product check. */
export const DELTA_PAD = 0;
export const X_PAD = 1;
export const Y_PAD = 2;
const FIRST_MASK_PAD = 3;

/** The scalars of a payload in order, with the transcript they are absorbed into. */
export class Messages {
  readonly transcript: Transcript;
  private readonly scalars: readonly K[];
  private position = 0;
  private nextPad = FIRST_MASK_PAD;

  constructor(transcript: Transcript, scalars: readonly K[]) {
    this.transcript = transcript;
    this.scalars = scalars;
  }

  challenge(label: string): K {
    return this.transcript.challengeExt(label);
  }

  /** The next scalar, unmasked. */
  clear(label: string): K {
    const value = this.scalars[this.position++];
    if (value === undefined) refuse("proof.truncated", "scalars");
    this.transcript.absorbExts(label, [value]);
    return value;
  }

  /** The next scalar, masked by the next pad. */
  hidden(label: string): Hidden {
    const sent = this.clear(label);
    return addHidden(known(sent), pad(this.nextPad++));
  }

  /** reduce(claim, n, g) of 4.5: the first round binds the most significant variable. */
  sumcheck(claim: Hidden, rounds: number, degree: number): { point: Point; value: Hidden } {
    const point: K[] = [];
    let value = claim;
    for (let round = 0; round < rounds; round++) {
      const exponents = [0];
      for (let exponent = 2; exponent <= degree; exponent++) exponents.push(exponent);
      const coefficients = exponents.map(() => this.hidden("sumcheck/coefficient"));
      const r = this.challenge("sumcheck/challenge");
      const parts = exponents.map((exponent, index) => {
        const weight = exponent === 0 ? subtract(ONE, multiply(k(2), r)) : subtract(power(r, exponent), r);
        return scaleHidden(coefficients[index]!, weight);
      });
      value = addHidden(scaleHidden(value, r), sumHidden(parts));
      point.push(r);
    }
    return { point, value };
  }

  /** Scalars and pads used so far; at the end of a reduction they are those of 15.8. */
  get used(): { scalars: number; pads: number } {
    return { scalars: this.position, pads: this.nextPad };
  }

  /** After the reduction: every scalar must have been used. */
  end(): void {
    if (this.position !== this.scalars.length) refuse("proof.length", "scalars");
  }
}
