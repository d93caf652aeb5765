/** A scaling study as its page shows it. */
import type { Machine, Row } from "../../results.ts";
import { isMeasured } from "../../results.ts";
import { STUDY_FORMAT, STUDY_VERSION, type Study, type StudyPlot, type StudyTable } from "../study.ts";
import { type Answer, answersOf, type FittedLaw, fitRows } from "./fitRows.ts";
import { type Growth, parametersOf, sizeAt } from "./grownNetwork.ts";
import { FARTHEST } from "./largestWithin.ts";
import { CONFIDENCE, type Law } from "./law.ts";
import type { Limit } from "./limits.ts";
import { type Clock, QUANTITIES, type Quantity } from "./quantities.ts";
import type { ScalingPlan } from "./scalingSuite.ts";

export interface ScalingResult {
  readonly plan: ScalingPlan;
  readonly clock: Clock;
  readonly limits: readonly Limit[];
  readonly rows: readonly Row[];
  readonly machine: Machine;
  /** ISO 8601. */
  readonly date: string;
}

const AXIS: Readonly<Record<Growth, string>> = {
  width: "width of the hidden layers",
  depth: "hidden layers",
  batch: "samples in one proof",
  params: "parameters",
};

/** Curves go on this far beyond the largest measured size. */
const DRAWN_BEYOND = 4;
const CURVE_POINTS = 40;
/** A band wider than this says nothing, and would flatten the rest of the picture. */
const WIDEST_DRAWN = 1000;

const percent = (share: number): string => `${Number((100 * share).toPrecision(2))} %`;
const whole = (x: number): string => Math.floor(x).toLocaleString("en");

function drawn(law: Law): Pick<StudyPlot["series"][number], "curve" | "band"> {
  const { from, to } = law.measured;
  const factor = ((to * DRAWN_BEYOND) / from) ** (1 / CURVE_POINTS);
  const xs = Array.from({ length: CURVE_POINTS + 1 }, (_, i) => from * factor ** i);
  const predicted = xs.map((x) => ({ x, ...law.predict(x) }));
  return {
    curve: predicted.map(({ x, y }) => ({ x, y })),
    band: predicted
      .map(({ x, prediction }) => ({ x, ...prediction }))
      .filter(({ low, high }) => high / low < WIDEST_DRAWN),
  };
}

function plotOf(quantity: Quantity, laws: readonly FittedLaw[], { plan, clock }: ScalingResult): StudyPlot {
  const timed = quantity.unit === "ms" ? `, ${clock === "clock" ? "by the clock" : "processor time"}` : "";
  return {
    id: quantity.id,
    title: `${quantity.name[0].toUpperCase()}${quantity.name.slice(1)}${timed}`,
    x: { label: AXIS[plan.grow], unit: "count", scale: "log" },
    y: { label: quantity.name, unit: quantity.unit, scale: "log" },
    series: laws
      .filter((fitted) => fitted.quantity.id === quantity.id && fitted.points.length > 0)
      .map(({ backend, points, law }) => ({
        name: backend,
        points,
        ...(law === null ? {} : drawn(law)),
      })),
  };
}

function measuredTable({ rows, plan }: ScalingResult): StudyTable {
  const { grow, base } = plan;
  return {
    title: "Measured",
    note:
      `Medians of ${plan.repetitions} proofs after one that does not count, each row in processes of its own. ` +
      "Load is the number of waiting processes when the row began.",
    columns: [
      { name: "backend" },
      { name: grow, unit: "count" },
      { name: "parameters", unit: "count" },
      { name: "prove, clock", unit: "ms" },
      { name: "prove, processor", unit: "ms" },
      { name: "verify, clock", unit: "ms" },
      { name: "verify, processor", unit: "ms" },
      { name: "setup, processor", unit: "ms" },
      { name: "memory of the prover", unit: "bytes" },
      { name: "proof", unit: "bytes" },
      { name: "load", unit: "number" },
      { name: "remark" },
    ],
    rows: rows.map((row) => {
      const x = row.x ?? 0;
      const parameters = grow === "params" ? x : parametersOf(sizeAt(base, grow, x));
      const head = [row.backend, x, parameters];
      if (!isMeasured(row)) {
        const { step, message } = row.failure;
        return [...head, ...Array<null>(7).fill(null), row.load, `${row.outcome}: ${step}: ${message}`];
      }
      const [prove, verify] = QUANTITIES;
      return [
        ...head,
        ...[prove.of(row, "clock"), prove.of(row, "processor"), verify.of(row, "clock")],
        ...[verify.of(row, "processor"), row.figures.setupCpuMs],
        ...[row.figures.proverPeakBytes, row.figures.proofBytes, row.load, row.warnings.join(" ")],
      ];
    }),
  };
}

function lawTable(laws: readonly FittedLaw[], { clock }: ScalingResult): StudyTable {
  return {
    title: "Laws",
    note:
      `Fitted by least squares of the logarithms; times are ${clock === "clock" ? "by the clock" : "processor time"}, in ms, ` +
      `sizes in bytes. The law with the smallest residual is kept. Bands hold ${percent(CONFIDENCE)}, if the law does.`,
    columns: [
      ...[{ name: "backend" }, { name: "of" }, { name: "law" }, { name: "sizes", unit: "count" as const }],
      ...[{ name: "residual" }, { name: "others' residuals" }, { name: "at twice the largest: from" }],
      ...[{ name: "law" }, { name: "to" }],
    ],
    rows: laws.map(({ backend, quantity, points, law }) => {
      const head = [backend, quantity.name];
      if (law === null) {
        const reason = `no law: ${points.length} sizes were measured, 3 are needed`;
        return [...head, reason, points.length, null, null, null, null, null];
      }
      const [, ...others] = law.tried;
      const { y, prediction } = law.predict(2 * law.measured.to);
      return [
        ...[...head, law.text, points.length, percent(law.residual)],
        others.map(({ kind, residual }) => `${kind} ${percent(residual)}`).join(", "),
        ...[prediction.low, y, prediction.high].map((value) => `${Number(value.toPrecision(3))}`),
      ];
    }),
  };
}

function sizeText({ grow, base }: ScalingPlan, x: number): string {
  if (grow === "params" || grow === "batch") return `${whole(x)} ${AXIS[grow]}`;
  const parameters = parametersOf(sizeAt(base, grow, Math.max(1, Math.floor(x))));
  return `${grow} ${whole(x)} (${parameters.toLocaleString("en")} parameters)`;
}

/** One sentence. */
export function answerText({ backend, limit, largest, largestMeasured }: Answer, plan: ScalingPlan): string {
  const what = `${backend} within ${limit.text}`;
  const seen =
    largestMeasured === null
      ? "no measured size holds it"
      : `the largest measured that holds it is ${whole(largestMeasured)}`;
  if (largest === null) return `${what}: no law, since fewer than three sizes were measured; ${seen}.`;
  if (largest.kind === "none") return `${what}: not even ${sizeText(plan, largest.smallest)}; ${seen}.`;
  if (largest.kind === "beyond")
    return (
      `${what}: the law meets the limit beyond ${sizeText(plan, largest.atLeast)}, ${FARTHEST} times the largest measured size. ` +
      `That far out it is not trusted: measure larger sizes (--to); ${seen}.`
    );
  const low = largest.low === null ? "less than the smallest measured" : whole(largest.low);
  const high =
    largest.high === null ? `more than ${FARTHEST} times the largest measured` : whole(largest.high);
  const how = largest.isExtrapolated ? "extrapolated" : "between measured sizes";
  return `${what}: ${sizeText(plan, largest.x)}, ${how}, ${percent(CONFIDENCE)} interval ${low} to ${high}; ${seen}.`;
}

function loadText({ rows, machine, clock }: ScalingResult): string {
  const loads = rows.map(({ load }) => load);
  const text = `Load while measuring: ${Math.min(...loads)} to ${Math.max(...loads)} on ${machine.cores} cores`;
  if (Math.max(...loads) <= machine.cores) return `${text}.`;
  return clock === "clock"
    ? `${text}: times by the clock are longer than on an idle machine; --time processor fits processor time.`
    : `${text}: laws are of processor time, which load changes little (shared caches and memory still do).`;
}

export function scalingStudy(result: ScalingResult): { study: Study; answers: readonly Answer[] } {
  const { plan, clock, limits, rows, machine, date } = result;
  const laws = fitRows(rows, plan.backends, clock);
  const answers = answersOf(laws, limits);
  const { sizes, grow, ...settings } = plan;
  const proving = laws.filter(({ quantity, law }) => quantity.id === "prove" && law !== null);
  const failed = rows.filter((row) => !isMeasured(row));
  const study: Study = {
    ...{ format: STUDY_FORMAT, version: STUDY_VERSION, kind: "scaling" },
    title: `Scaling with ${grow}: ${plan.base.kind}, ${plan.backends.join(", ")}`,
    ...{ date, machine },
    settings: { grow, sizes, ...settings, time: clock, within: limits.map(({ text }) => text) },
    findings: [
      ...answers.map((answer) => answerText(answer, plan)),
      ...proving.map(
        ({ backend, law }) =>
          `${backend}, proving time in ms over ${grow}: ${law?.text}, residual ${percent(law?.residual ?? 0)}.`,
      ),
      ...(failed.length === 0
        ? []
        : [`${failed.length} of ${rows.length} rows were not measured: see the table.`]),
      "Weights are random, from a seed: cost depends on shapes and ranges. Quality plays no part here.",
      ...(rows.length === 0 ? [] : [loadText(result)]),
    ],
    tables: [lawTable(laws, result), measuredTable(result)],
    plots: QUANTITIES.map((quantity) => plotOf(quantity, laws, result)),
  };
  return { study, answers };
}
