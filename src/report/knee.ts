/** From where on a model keeps its accuracy along an axis of precision, and what goes wrong before: computed from rows alone. */
import type { MeasuredRow } from "../bench/results.ts";
import type { ClassificationMetrics } from "../quant/metrics.ts";
import { formatPercent } from "./units.ts";

/** So much accuracy may be lost: a percentage point. */
const TOLERANCE = 0.01;

export interface Knee {
  /** Null: not reached in these rows. */
  readonly x: number | null;
  readonly float: number;
  /** Of the row just before the knee, or of the last row where there is none. */
  readonly before: MeasuredRow | null;
}

function accuracyOf(row: MeasuredRow): { readonly own: number; readonly float: number } | null {
  const { accuracy } = row;
  if (accuracy === null || !("accuracy" in accuracy.integer) || !("accuracy" in accuracy.float)) return null;
  return { own: (accuracy.integer as ClassificationMetrics).accuracy, float: accuracy.float.accuracy };
}

/** @param rows of one system on one model. Null where fewer than three of them have an accuracy and a place. */
export function findKnee(rows: readonly MeasuredRow[]): Knee | null {
  const placed = rows
    .filter((row) => row.x !== null && accuracyOf(row) !== null)
    .sort((a, b) => (a.x as number) - (b.x as number));
  if (placed.length < 3) return null;
  let at = placed.length;
  while (at > 0) {
    const { own, float } = accuracyOf(placed[at - 1]) as { own: number; float: number };
    if (own < float - TOLERANCE) break;
    at--;
  }
  const { float } = accuracyOf(placed[0]) as { float: number };
  return { x: placed[at]?.x ?? null, float, before: placed[at - 1] ?? null };
}

function number(value: number): string {
  return `${Number(value.toPrecision(2))}`;
}

function reasonOf(row: MeasuredRow): string {
  const { meanError, medianMargin } = row.accuracy ?? {};
  const { own } = accuracyOf(row) as { own: number };
  const reasons: string[] = [];
  if (meanError != null && medianMargin != null)
    reasons.push(
      `its scores are off by ${number(meanError)} in the mean, where half of all samples are decided by less than ${number(medianMargin)}`,
    );
  const { zeroWeightShare } = row;
  if (zeroWeightShare !== null && zeroWeightShare > 0)
    reasons.push(`${formatPercent(zeroWeightShare)} of the weights are rounded to 0`);
  const why = reasons.length === 0 ? "" : `: ${reasons.join("; ")}`;
  return `at ${row.x} it has ${formatPercent(own)}${why}`;
}

export function kneeText(name: string, axis: string, { x, float, before }: Knee): string {
  const goal = `within one point of the float model's ${formatPercent(float)}`;
  if (x === null)
    return `${name} is not ${goal} at any measured value (${axis}); ${reasonOf(before as MeasuredRow)}.`;
  const from = `${name} stays ${goal} from ${x} on (${axis})`;
  return before === null ? `${from}, the least that was measured.` : `${from}; ${reasonOf(before)}.`;
}
