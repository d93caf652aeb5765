/** What the points of a pruning study say, in sentences. */
import type { PruningPoint } from "./pruningPoint.ts";
import type { PruningResults } from "./pruningStudy.ts";

/** "The same accuracy": so much less than the whole network's at most. */
const TOLERATED_LOSS = 0.01;

const count = (value: number): string => value.toLocaleString("en");
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

export function pruningFindings({ points, published }: PruningResults): string[] {
  const methods = [...new Set(points.map(({ method }) => method))];
  const ofMethod = (method: string): PruningPoint[] => points.filter((point) => point.method === method);
  return [
    ...methods.flatMap((method) => furthest(method, ofMethod(method))),
    ...published.points.flatMap(({ system, amount, constraints }) => {
      const base = published.points.find((point) => point.system === system && point.amount === 0);
      if (amount !== 0.5 || base === undefined) return [];
      const theirs = `${system} published ${count(base.constraints - constraints)} of ${count(base.constraints)} constraints saved by taking out ${percent(amount)} of the weights`;
      const ours = methods.flatMap((method) => saving(method, ofMethod(method), amount));
      return [
        ours.length === 0 ? `${theirs}.` : `${theirs}; ours with constant weights: ${ours.join(", ")}.`,
      ];
    }),
    ...endOfCurve(points),
  ];
}

/** The largest amount that keeps the quality. */
function furthest(method: string, points: readonly PruningPoint[]): string[] {
  const base = points.find(({ amount }) => amount === 0);
  if (base === undefined) return [];
  const kept = points.filter(({ integer }) => integer >= base.integer - TOLERATED_LOSS);
  const most = kept.reduce((best, point) => (point.amount > best.amount ? point : best), base);
  const from = base.constantWeights;
  const to = most.constantWeights;
  const circuit =
    from === null || to === null
      ? ""
      : `: constraints with constant weights ${count(from.constraints)} → ${count(to.constraints)}, terms ${count(from.terms)} → ${count(to.terms)}`;
  const hidden =
    base.hiddenWeights === null || most.hiddenWeights === null || most === base
      ? ""
      : `, constraints with hidden weights ${count(base.hiddenWeights.constraints)} → ${count(most.hiddenWeights.constraints)}`;
  return [
    `${method}: up to ${percent(most.amount)} can be taken out within one point of the ${base.metric} (${base.integer.toFixed(4)} → ${most.integer.toFixed(4)})${circuit}${hidden}.`,
  ];
}

function saving(method: string, points: readonly PruningPoint[], amount: number): string[] {
  const from = points.find((point) => point.amount === 0)?.constantWeights;
  const to = points.find((point) => point.amount === amount)?.constantWeights;
  if (!from || !to) return [];
  return [
    `${method} ${count(from.constraints - to.constraints)} of ${count(from.constraints)} constraints and ${count(from.terms - to.terms)} of ${count(from.terms)} terms`,
  ];
}

/** What single zeros do where weights are hidden. */
function endOfCurve(points: readonly PruningPoint[]): string[] {
  // At 1 the weights' declared range itself has shrunk to 0, which is public.
  const counted = points.filter(
    ({ method, amount, hiddenWeights }) => method !== "structured" && amount < 1 && hiddenWeights !== null,
  );
  const first = counted[0]?.hiddenWeights;
  const last = counted.at(-1);
  if (!first || last === undefined || last === counted[0] || last.hiddenWeights === null) return [];
  return [
    `Single zeros save nothing where weights are hidden, or they would be seen: ${count(first.constraints)} constraints with all weights, ${count(last.hiddenWeights.constraints)} with ${percent(last.amount)} taken out.`,
  ];
}
