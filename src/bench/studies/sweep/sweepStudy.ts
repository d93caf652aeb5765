/** A sweep as its page shows it. */
import type { Machine } from "../../results.ts";
import {
  STUDY_FORMAT,
  STUDY_VERSION,
  type Study,
  type StudyColumn,
  type StudyPlot,
  type StudyTable,
  type Unit,
} from "../study.ts";
import { differenceMargin, paretoFront, recommended, type Weighed } from "./frontier.ts";
import { pointText } from "./point.ts";
import {
  COST_TEXT,
  COSTS,
  type Cost,
  type DonePoint,
  type PointResult,
  qualityOf,
  referenceOf,
} from "./result.ts";

export interface SweepResult {
  readonly model: string;
  readonly points: readonly PointResult[];
  /** What the recommended point is cheapest in. */
  readonly cost: Cost;
  /** Null: no budget was given. */
  readonly budget: number | null;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly machine: Machine;
  /** ISO 8601. */
  readonly date: string;
}

const COST_UNIT: Readonly<Record<Cost, Unit>> = {
  time: "ms",
  memory: "bytes",
  proof: "bytes",
  constraints: "count",
  "constraints-public": "count",
};

export function weighed(points: readonly DonePoint[], cost: Cost): Weighed[] {
  return points.map(({ costs, evaluation }) => ({
    cost: costs[cost],
    secondCost: costs.proof ?? 0,
    quality: qualityOf(evaluation.integer),
  }));
}

const percent = (share: number): string => `${Number((100 * share).toFixed(3))} %`;

function isDone(result: PointResult): result is DonePoint {
  return result.outcome === "done";
}

function pointTable(all: readonly PointResult[], done: readonly DonePoint[], cost: Cost): StudyTable {
  const reference = done.length === 0 ? 0 : referenceOf(done);
  const front = new Set(paretoFront(weighed(done, cost)).map((i) => done[i]));
  const metrics = Object.keys(done[0]?.evaluation.integer ?? {});
  const unit = (name: string): Pick<StudyColumn, "unit"> =>
    ["accuracy", "precision", "recall", "f1"].includes(name) ? { unit: "share" } : {};
  return {
    title: "Points",
    note:
      "Quality in integers on the held-out samples. Loss: from the best float quality of the swept networks. " +
      "Margin: half of a 95 % interval of the difference to the same network's floats, from the share of samples that both decide differently.",
    columns: [
      { name: "point" },
      ...metrics.map((name) => ({ name, ...unit(name) })),
      ...[{ name: "loss" }, { name: "margin" }],
      ...COSTS.map((name) => ({ name: COST_TEXT[name], unit: COST_UNIT[name] })),
      { name: `front (${COST_TEXT[cost]})` },
      { name: "remark" },
    ],
    rows: all.map((result) => {
      const name = pointText(result.point);
      if (!isDone(result)) {
        const empty = Array<null>(metrics.length + 2 + COSTS.length + 1).fill(null);
        return [name, ...empty, `${result.reason} [${result.code}]`];
      }
      const { evaluation, costs } = result;
      const { integer, agreement, count } = evaluation;
      const figures: Readonly<Record<string, number>> = { ...integer };
      return [
        ...[name, ...metrics.map((metric) => figures[metric])],
        percent(reference - qualityOf(integer)),
        agreement === null ? null : percent(differenceMargin(agreement, count)),
        ...COSTS.map((each) => costs[each]),
        ...[front.has(result) ? "on the front" : "", ""],
      ];
    }),
  };
}

function plotOf(done: readonly DonePoint[], cost: Cost, qualityName: string): StudyPlot {
  const points = weighed(done, cost);
  const front = new Set(paretoFront(points));
  const at = (chosen: (i: number) => boolean) =>
    points.flatMap((point, i) =>
      point.cost === null || !chosen(i) ? [] : [{ x: point.cost, y: point.quality }],
    );
  return {
    id: cost,
    title: `${qualityName} against cost: ${COST_TEXT[cost]}`,
    x: { label: COST_TEXT[cost], unit: COST_UNIT[cost], scale: "linear" },
    y: { label: qualityName, unit: qualityName === "accuracy" ? "share" : "number", scale: "linear" },
    series: [
      // An empty curve leaves the dots unjoined.
      { name: "other points", points: at((i) => !front.has(i)), curve: [] },
      { name: "Pareto front", points: at((i) => front.has(i)) },
    ],
  };
}

/** The cheapest point within the budget; null without budget, or where none is within it. */
export function chosenPoint({ points, cost, budget }: SweepResult): DonePoint | null {
  const done = points.filter(isDone);
  if (budget === null || done.length === 0) return null;
  const at = recommended(weighed(done, cost), referenceOf(done), budget);
  return at === null ? null : done[at];
}

function findingsOf(result: SweepResult, done: readonly DonePoint[]): string[] {
  const { points, cost, budget } = result;
  if (done.length === 0) return ["No point could be compiled and run: see the table for the reasons."];
  const reference = referenceOf(done);
  const chosen = chosenPoint(result);
  const front = paretoFront(weighed(done, cost)).map((i) => done[i]);
  const first = done[0].evaluation;
  const name = "accuracy" in first.integer ? "accuracy" : "R²";
  const sentences = [
    `Best ${name} in floating point: ${percent(reference)} on ${first.count} held-out samples; ` +
      `best in integers: ${percent(Math.max(...done.map(({ evaluation }) => qualityOf(evaluation.integer))))}.`,
  ];
  if (budget !== null && chosen === null)
    sentences.push(`No point loses ${percent(budget)} or less of ${name}.`);
  if (budget !== null && chosen !== null) {
    const quality = qualityOf(chosen.evaluation.integer);
    sentences.push(
      `Recommended for a loss of at most ${percent(budget)}: ${pointText(chosen.point)}, with ${name} ${percent(quality)} ` +
        `and ${COST_TEXT[cost]} ${chosen.costs[cost]?.toLocaleString("en")}${cost === "time" ? " ms" : ""}.`,
    );
  }
  sentences.push(`Front in ${COST_TEXT[cost]}: ${front.map(({ point }) => pointText(point)).join("; ")}.`);
  const failed = points.length - done.length;
  if (failed > 0) sentences.push(`${failed} of ${points.length} points failed: see the table.`);
  sentences.push(
    "The samples that choose a point do not test it: confirm the choice on samples that were not used here.",
  );
  return sentences;
}

export function sweepStudy(result: SweepResult): Study {
  const { model, points, cost, settings, machine, date } = result;
  const done = points.filter(isDone);
  const isClassification = done.length > 0 && "accuracy" in done[0].evaluation.integer;
  return {
    ...{ format: STUDY_FORMAT, version: STUDY_VERSION, kind: "sweep" },
    title: `Sweep of ${model}: quality against cost`,
    ...{ date, machine, settings },
    findings: findingsOf(result, done),
    tables: [pointTable(points, done, cost)],
    plots: COSTS.map((each) => plotOf(done, each, isClassification ? "accuracy" : "R²")),
  };
}
