/** Exponents e of y ≈ c·n^e, by least squares over logarithms. */

/** Of the upper half of the points: small sizes measure what every proof costs. */
export function fitExponent(points, measureOf) {
  const upper = points.slice(Math.floor(points.length / 2));
  if (upper.length < 3) return null;
  const xs = upper.map(({ size }) => Math.log2(size));
  const ys = upper.map((point) => Math.log2(measureOf(point)));
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(xs), mean(ys)];
  const covariance = xs.reduce((sum, value, i) => sum + (value - x) * (ys[i] - y), 0);
  const variance = xs.reduce((sum, value) => sum + (value - x) ** 2, 0);
  return Number((covariance / variance).toFixed(3));
}

export const MEASURES = {
  proveCpuMs: "proving, processor ms",
  kernelBytes: "kernel memory",
  proofBytes: "proof bytes",
  verifyCpuMs: "verifying, processor ms",
};

/** Exponents of all measures, and of proving time over log₂ n: at most 1 means linear times a logarithm. */
export function exponents(points) {
  const fitted = Object.fromEntries(
    Object.keys(MEASURES).map((name) => [name, fitExponent(points, (point) => point[name])]),
  );
  const perLogarithm = fitExponent(points, ({ proveCpuMs, size }) => proveCpuMs / Math.log2(size));
  return { ...fitted, proveCpuMsPerLogarithm: perLogarithm };
}
