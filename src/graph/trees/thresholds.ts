/** Comparisons with thresholds as x ≤ t for numbers x of single precision. */

/** Above all that a feature can be. */
export const NEVER_EXCEEDED: number = Math.fround(3.4028234663852886e38);

/** The largest number of single precision that is at most t: x ≤ t for such x means the same. */
export function atMost(t: number): number {
  const near = Math.fround(t);
  return near > t ? nextBelow(near) : near;
}

/** The largest number of single precision below t: x < t for such x is x ≤ that. */
export function below(t: number): number {
  const near = Math.fround(t);
  return near >= t ? nextBelow(near) : near;
}

function nextBelow(x: number): number {
  if (x === 0) return -(2 ** -149);
  const bits = new Int32Array(1);
  const real = new Float32Array(bits.buffer);
  real[0] = x;
  bits[0] += x > 0 ? -1 : 1;
  return real[0];
}
