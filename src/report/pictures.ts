/** All pictures of a report, by file name without ".svg". */
import {
  isMeasured,
  type MeasuredRow,
  type PublishedRow,
  type Results,
  type SuiteSummary,
} from "../bench/results.ts";
import { barChart } from "./charts/barChart.ts";
import { linePlot, type Series } from "./charts/linePlot.ts";
import { radarChart } from "./charts/radarChart.ts";
import type { Comparison } from "./comparison.ts";
import { METRICS, type Metric } from "./metrics.ts";
import { coloursOf } from "./palette.ts";
import type { Point } from "./powerFit.ts";
import { isSettingsAxis, seriesOf } from "./series.ts";
import { formatMs, formatPercent } from "./units.ts";

type Colours = ReadonlyMap<string, string>;

/** What published figures have of a metric, in its own unit. */
const PUBLISHED_VALUES: Readonly<Record<string, (row: PublishedRow) => number | null>> = {
  prove: ({ proveSeconds }) => proveSeconds && 1000 * proveSeconds,
  verify: ({ verifySeconds }) => verifySeconds && 1000 * verifySeconds,
  setup: ({ setupSeconds }) => setupSeconds && 1000 * setupSeconds,
  proof: ({ proofBytes }) => proofBytes,
  memory: ({ peakMegabytes }) => peakMegabytes && 1e6 * peakMegabytes,
};

const PLOTTED = METRICS.filter(({ id }) => id !== "key");

interface SuiteData {
  readonly suite: SuiteSummary;
  readonly rows: readonly MeasuredRow[];
  /** Without void rows. */
  readonly published: readonly PublishedRow[];
  readonly colours: Colours;
}

function publishedPoints({ rows, published, colours }: SuiteData, { id }: Metric): Series[] {
  const xOf = new Map(rows.flatMap(({ model, x }) => (x === null ? [] : [[model, x] as const])));
  return [...new Set(published.map(({ system }) => system))].map((system) => ({
    name: system,
    colour: colours.get(system) as string,
    published: true,
    points: published.flatMap((row) => {
      const x = xOf.get(row.model);
      const y = row.system === system ? PUBLISHED_VALUES[id]?.(row) : null;
      return x === undefined || y === null || y === undefined ? [] : [{ x, y }];
    }),
  }));
}

function scalingPlot(data: SuiteData, metric: Metric): string | null {
  const { suite, rows, colours } = data;
  const placed = rows.filter(({ x }) => x !== null);
  if (suite.axis === null || new Set(placed.map(({ x }) => x)).size < 2) return null;
  const series = seriesOf(placed).map(({ name, backend, variant, rows: own }) => ({
    name,
    colour: colours.get(backend) as string,
    dashed: variant > 0,
    points: own.map((row) => ({ x: row.x as number, y: metric.value(row) })),
  }));
  const xAxis = { label: suite.axis, format: (value: number) => `${Number(value.toPrecision(3))}` };
  const yAxis = { label: metric.label, format: metric.format };
  return linePlot(
    `${suite.title}: ${metric.label}`,
    [...series, ...publishedPoints(data, metric)],
    xAxis,
    yAxis,
  );
}

function accuracyOf({ accuracy }: MeasuredRow, side: "float" | "integer"): number | null {
  const metrics = accuracy?.[side];
  return metrics !== undefined && "accuracy" in metrics ? metrics.accuracy : null;
}

/** Accuracy along the suite's axis, with the float model's as a line of its own. */
function precisionPlot({ suite, rows, colours }: SuiteData): string | null {
  if (!isSettingsAxis(suite, rows)) return null;
  const pointsOf = (own: readonly MeasuredRow[], side: "float" | "integer"): Point[] =>
    own.flatMap((row) => {
      const y = accuracyOf(row, side);
      return y === null || row.x === null ? [] : [{ x: row.x, y }];
    });
  const series = seriesOf(rows).map(({ name, backend, variant, rows: own }) => ({
    name,
    colour: colours.get(backend) as string,
    dashed: variant > 0,
    points: pointsOf(own, "integer"),
  }));
  const float = { name: "float model", colour: "#777", dashed: true, points: pointsOf(rows, "float") };
  return linePlot(
    `${suite.title}: accuracy`,
    [...series, float],
    { label: suite.axis as string, kind: "linear", format: (value) => `${Number(value.toPrecision(3))}` },
    { label: "accuracy on the test set", kind: "linear", format: formatPercent },
    { withFit: false },
  );
}

function accuracyPlot({ suite, rows, colours }: SuiteData): string | null {
  const series = seriesOf(rows).map(({ name, backend, rows: own }) => ({
    name,
    colour: colours.get(backend) as string,
    scattered: true,
    points: own.flatMap((row) => {
      const y = accuracyOf(row, "integer");
      return y === null ? [] : [{ x: row.figures.proveCpuMs, y }];
    }),
  }));
  const yAxis = { label: "accuracy of the proven model", kind: "linear" as const, format: formatPercent };
  return linePlot(
    `${suite.title}: accuracy against cost`,
    series,
    { label: "processor time of proving", format: formatMs },
    yAxis,
    { withFit: false },
  );
}

function bars({ suite, rows, published, colours }: SuiteData, metric: Metric): string | null {
  // Along an axis, lines say more.
  if (suite.axis !== null) return null;
  const colour = (system: string): string => colours.get(system) as string;
  const own = rows.map((row) => ({
    label: `${row.model}, ${row.backend}, ${row.settings.name}`,
    value: metric.value(row),
    colour: colour(row.backend),
  }));
  const others = published.flatMap((row) => {
    const value = PUBLISHED_VALUES[metric.id]?.(row);
    if (value === null || value === undefined) return [];
    return [{ label: `${row.model}, ${row.system}`, value, colour: colour(row.system), published: true }];
  });
  return barChart(`${suite.title}: ${metric.label}`, [...own, ...others], metric.format);
}

/** Best 1; every factor of ten costs a quarter. */
function score(ratio: number): number {
  return Math.max(0, 1 - Math.log10(ratio) / 4);
}

function radar({ systems, ratios }: Comparison, colours: Colours): string | null {
  const axes = METRICS.filter(({ id }) => (ratios.get(id)?.size ?? 0) > 0);
  return radarChart(
    "Systems compared: outside is best, a ring is a factor of ten",
    axes.map(({ label }) => label),
    systems.map((name) => ({
      name,
      colour: colours.get(name) as string,
      scores: axes.map(({ id }) => score(ratios.get(id)?.get(name) as number)),
    })),
  );
}

export function makePictures(results: Results, comparison: Comparison): Map<string, string> {
  const published = results.published.filter((row) => !row.void);
  const colours = coloursOf([...new Set([...comparison.systems, ...published.map(({ system }) => system)])]);
  const pictures = new Map<string, string>();
  const add = (name: string, svg: string | null): void => {
    if (svg !== null) pictures.set(name.replace(/[^\w-]+/g, "-"), svg);
  };
  for (const suite of results.suites) {
    const rows = results.rows.filter(isMeasured).filter((row) => row.suite === suite.name);
    const data = { suite, rows, published: published.filter((row) => row.suite === suite.name), colours };
    add(`${suite.name}-precision`, precisionPlot(data));
    for (const metric of PLOTTED) add(`${suite.name}-scaling-${metric.id}`, scalingPlot(data, metric));
    add(`${suite.name}-accuracy`, accuracyPlot(data));
    for (const metric of PLOTTED) add(`${suite.name}-bars-${metric.id}`, bars(data, metric));
  }
  add("radar", radar(comparison, colours));
  return pictures;
}
