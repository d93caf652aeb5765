/** What became of one point of a sweep. */
import type { Evaluation } from "../../../quant/predictions.ts";
import type { SweepPoint } from "./point.ts";

export const COSTS = ["time", "memory", "proof", "constraints", "constraints-public"] as const;
/** The native engine's proving time, memory and proof; constraints of our R1CS, with hidden or with public weights. */
export type Cost = (typeof COSTS)[number];

export const COST_TEXT: Readonly<Record<Cost, string>> = {
  time: "native: proving, forecast",
  memory: "native: memory, forecast",
  proof: "native: proof",
  constraints: "R1CS constraints, hidden weights",
  "constraints-public": "R1CS constraints, public weights",
};

/** Null: not counted. */
export type PointCosts = Readonly<Record<Cost, number | null>>;

export type PointResult =
  | {
      readonly outcome: "done";
      readonly point: SweepPoint;
      readonly evaluation: Evaluation;
      readonly costs: PointCosts;
    }
  | {
      readonly outcome: "failed";
      readonly point: SweepPoint;
      readonly code: string;
      readonly reason: string;
    };

export type DonePoint = Extract<PointResult, { outcome: "done" }>;

/** Accuracy, or R² of a regression. */
export function qualityOf(metrics: Evaluation["float"]): number {
  return "accuracy" in metrics ? metrics.accuracy : metrics.r2;
}

/** What losses are measured from: the best of the swept networks in floating point. */
export function referenceOf(points: readonly DonePoint[]): number {
  return Math.max(...points.map(({ evaluation }) => qualityOf(evaluation.float)));
}
