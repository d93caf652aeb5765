/**
 * Kolmogorov–Smirnov distances with bounds that hold for every sample size, so that a test can promise how seldom it fails
 * by chance: by the inequality of Dvoretzky, Kiefer and Wolfowitz with Massart's constant (Ann. Probab. 18, 1990), the
 * distance of n samples from their distribution exceeds ε with probability at most 2·exp(−2nε²).
 */
import { P } from "../../../field/m31.ts";

/** Distance beyond which n samples of the true distribution lie with probability at most `chance`. */
export function allowedDistance(n: number, chance: number): number {
  return Math.sqrt(Math.log(2 / chance) / (2 * n));
}

/** Largest difference between the empirical distribution of values in [0, 1] and the uniform one. */
export function distanceFromUniform(values: Float64Array): number {
  const sorted = values.slice().sort();
  const n = sorted.length;
  return sorted.reduce(
    (most, value, i) => Math.max(most, Math.abs(value - i / n), Math.abs((i + 1) / n - value)),
    0,
  );
}

/** Largest difference between two empirical distributions. */
export function distanceBetween(one: Float64Array, two: Float64Array): number {
  const [a, b] = [one.slice().sort(), two.slice().sort()];
  let most = 0;
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const value = Math.min(a[i], b[j]);
    while (i < a.length && a[i] === value) i++;
    while (j < b.length && b[j] === value) j++;
    most = Math.max(most, Math.abs(i / a.length - j / b.length));
  }
  return most;
}

/** A field element by its high bits. */
export function highBits(value: number): number {
  return value / P;
}

/** A field element by its low bits: parity first. */
export function lowBits(value: number): number {
  let reversed = 0;
  for (let bit = 0; bit < 31; bit++) reversed = reversed * 2 + ((value >>> bit) & 1);
  return reversed / 2 ** 31;
}
