/** Systems against one another, on the measurements that all of them have. */
import { isMeasured, type MeasuredRow, type Results } from "../bench/results.ts";
import { METRICS, type Metric } from "./metrics.ts";

export interface Comparison {
  readonly systems: readonly string[];
  /** Model and settings pairs that every system was measured on. */
  readonly numCommon: number;
  /** Metric → system → how many times the best system's value, as a geometric mean; empty without common pairs. */
  readonly ratios: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

function pairOf({ suite, model, settings }: MeasuredRow): string {
  return JSON.stringify([suite, model, settings.name]);
}

function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

function ratiosOf(
  metric: Metric,
  systems: readonly string[],
  groups: readonly MeasuredRow[][],
): Map<string, number> {
  // A metric that is zero somewhere (no key at all) has no ratios.
  const usable = groups.filter((rows) => rows.every((row) => metric.value(row) > 0));
  if (usable.length === 0) return new Map();
  return new Map(
    systems.map((system) => {
      const ratios = usable.map((rows) => {
        const best = Math.min(...rows.map(metric.value));
        const own = rows.find(({ backend }) => backend === system) as MeasuredRow;
        return metric.value(own) / best;
      });
      return [system, geometricMean(ratios)];
    }),
  );
}

export function compareSystems({ rows }: Results): Comparison {
  const measured = rows.filter(isMeasured);
  const systems = [...new Set(measured.map(({ backend }) => backend))];
  const pairs = new Map<string, MeasuredRow[]>();
  for (const row of measured) pairs.set(pairOf(row), [...(pairs.get(pairOf(row)) ?? []), row]);
  const common = [...pairs.values()].filter(
    (group) => new Set(group.map(({ backend }) => backend)).size === systems.length,
  );
  const ratios = new Map(METRICS.map((metric) => [metric.id, ratiosOf(metric, systems, common)] as const));
  return { systems, numCommon: common.length, ratios };
}
