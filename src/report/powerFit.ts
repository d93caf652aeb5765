/** y = factor · x^exponent through points with positive coordinates, by least squares of the logarithms. */
export interface PowerFit {
  readonly exponent: number;
  readonly factor: number;
  /** Coefficient of determination of the logarithms, 0 to 1. */
  readonly r2: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

const FEWEST_POSITIONS = 3;

/** Null with fewer than three different positions, or a coordinate that is not positive. */
export function powerFit(points: readonly Point[]): PowerFit | null {
  if (new Set(points.map(({ x }) => x)).size < FEWEST_POSITIONS) return null;
  if (!points.every(({ x, y }) => x > 0 && y > 0)) return null;
  const logs = points.map(({ x, y }) => ({ x: Math.log(x), y: Math.log(y) }));
  const mean = (of: (point: Point) => number): number =>
    logs.reduce((sum, point) => sum + of(point), 0) / logs.length;
  const meanX = mean(({ x }) => x);
  const meanY = mean(({ y }) => y);
  const covariance = mean(({ x, y }) => (x - meanX) * (y - meanY));
  const varianceX = mean(({ x }) => (x - meanX) ** 2);
  const varianceY = mean(({ y }) => (y - meanY) ** 2);
  const exponent = covariance / varianceX;
  const r2 = varianceY === 0 ? 1 : covariance ** 2 / (varianceX * varianceY);
  return { exponent, factor: Math.exp(meanY - exponent * meanX), r2 };
}
