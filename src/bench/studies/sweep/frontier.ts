/** Which points are worth having, and which one a budget asks for. */

export interface Weighed {
  /** Smaller is better. Null: not known; such a point is never chosen. */
  readonly cost: number | null;
  /** Decides between equal costs, before the order does. */
  readonly secondCost: number;
  /** Accuracy or R²: larger is better. */
  readonly quality: number;
}

/** Points that no other equals or beats in both and beats in one: their indices, cheapest first. */
export function paretoFront(points: readonly Weighed[]): number[] {
  const order = byCost(points);
  const front: number[] = [];
  let best = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < order.length; ) {
    const { cost } = points[order[at]];
    let end = at;
    while (end < order.length && points[order[end]].cost === cost) end++;
    const equal = order.slice(at, end);
    const top = Math.max(...equal.map((i) => points[i].quality));
    if (top > best) {
      front.push(...equal.filter((i) => points[i].quality === top));
      best = top;
    }
    at = end;
  }
  return front;
}

/** Indices of the points whose cost is known, cheapest first. */
export function byCost(points: readonly Pick<Weighed, "cost" | "secondCost">[]): number[] {
  return points
    .map((_, i) => i)
    .filter((i) => points[i].cost !== null)
    .sort(
      (a, b) =>
        (points[a].cost as number) - (points[b].cost as number) ||
        points[a].secondCost - points[b].secondCost ||
        a - b,
    );
}

/** Whether a loss of quality is within the budget; the last digits are rounding. */
export function isWithin(reference: number, quality: number, budget: number): boolean {
  return reference - quality <= budget + 1e-12;
}

/** The cheapest point that loses at most `budget` of `reference`; null where none does. */
export function recommended(points: readonly Weighed[], reference: number, budget: number): number | null {
  return byCost(points).find((i) => isWithin(reference, points[i].quality, budget)) ?? null;
}

const TWO_SIDED = 1.96;

/**
 * Half of a 95 % interval of the difference of two accuracies on the same samples: each sample on which both decide
 * differently moves it by at most one, so that its variance is at most (1 − agreement) / count (as in McNemar's test).
 */
export function differenceMargin(agreement: number, count: number): number {
  return TWO_SIDED * Math.sqrt((1 - agreement) / count);
}
