/**
 * log2Down, in binary64 as specified: docs/spec/08-security.md, 8.3. The one place of this verifier that needs floating point.
 */
const P = 2147483647;

/** |K| as a binary64 number. */
export const SIZE: number = P * P * P * P;

/** A lower bound of the binary logarithm of x ≥ 1. */
export function log2Down(x: number): number {
  let m = x;
  let result = 0;
  while (m >= 2) {
    m = m / 2;
    result = result + 1;
  }
  let weight = 1;
  for (let step = 0; step < 32; step++) {
    m = m * m;
    weight = weight / 2;
    if (m >= 2) {
      m = m / 2;
      result = result + weight;
    }
  }
  return result;
}
