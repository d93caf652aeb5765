/** Published figures of pruning, from a list of figures as `bench` takes them. */
import { TensorproofError } from "../../errors/tensorproofError.ts";
import type { PublishedPruning } from "./pruningPoint.ts";

/** Constraints by layer of a network that others encoded. */
export interface PublishedLayers {
  readonly system: string;
  readonly layers: readonly { readonly name: string; readonly constraints: number }[];
}

export interface PublishedFigures {
  readonly points: readonly PublishedPruning[];
  readonly layers: readonly PublishedLayers[];
}

/**
 * Entries with `pruned_pct`, `accuracy_pct` and `constraints` (a number), and entries whose `constraints` name layers.
 * @throws TensorproofError `study.published`
 */
export function parsePublishedPruning(text: string, where: string): PublishedFigures {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    list = null;
  }
  const entries = Array.isArray(list) ? list : [];
  const points = entries.flatMap((entry): PublishedPruning[] => {
    const { system, source, pruned_pct, accuracy_pct, constraints } = entry ?? {};
    const numbers = [pruned_pct, accuracy_pct, constraints];
    if (typeof system !== "string" || !numbers.every(Number.isFinite)) return [];
    const [amount, accuracy] = [pruned_pct / 100, accuracy_pct / 100];
    return [{ system, source: String(source), amount, accuracy, constraints }];
  });
  const layers = entries.flatMap((entry): PublishedLayers[] => {
    const { system, constraints } = entry ?? {};
    if (typeof system !== "string" || typeof constraints !== "object" || constraints === null) return [];
    const named = Object.entries(constraints).filter(
      ([name, count]) => name !== "total" && Number.isFinite(count),
    );
    return [{ system, layers: named.map(([name, count]) => ({ name, constraints: Number(count) })) }];
  });
  if (points.length > 0 || layers.length > 0) return { points, layers };
  const message = `"${where}" names no pruned network: expected a list of objects with system, pruned_pct, accuracy_pct and constraints`;
  throw new TensorproofError("study.published", message, { where });
}
