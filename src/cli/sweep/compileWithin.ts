/** `compile --accuracy-loss`: the cheapest program that holds a budget of quality. */
import {
  DEFAULT_AXES,
  gridOf,
  pointOptions,
  pointText,
  type SweepPoint,
} from "../../bench/studies/sweep/point.ts";
import { type Cost, qualityOf } from "../../bench/studies/sweep/result.ts";
import type { Graph } from "../../graph/graph.ts";
import { compileGraph } from "../../quant/compileGraph.ts";
import { readHeldOut } from "../heldOut.ts";
import type { ModelOptions } from "../options.ts";
import { type Reporter, usageError } from "../reporter.ts";
import { cheapestWithin, type Found } from "./cheapestWithin.ts";
import { fileRanges } from "./swept.ts";

export interface BudgetOptions {
  readonly accuracyLoss?: number;
  readonly data?: string;
  readonly labels?: string;
  readonly cost: Cost;
}

/** What was chosen and seen, for the report. */
export interface ChosenPoint {
  readonly point: SweepPoint;
  readonly cost: Cost;
  readonly costValue: number;
  readonly budget: number;
  readonly evaluation: Found["evaluation"];
  readonly rejected: Found["rejected"];
}

/** The points of `sweep`, with what the options decide already. @throws TensorproofError `usage` */
function pointsFor({
  bits,
  activationBits,
  maxError,
  fractionBits,
  mode = "pow2",
}: ModelOptions): SweepPoint[] {
  if (maxError !== undefined || fractionBits !== undefined)
    throw usageError(
      "--accuracy-loss chooses bits by quality: leave --max-error and --fraction-bits out",
      "--accuracy-loss",
    );
  return gridOf({
    ...DEFAULT_AXES,
    modes: [mode],
    ...(bits === undefined ? {} : { weightBits: [bits] }),
    ...(activationBits === undefined ? {} : { activationBits: [activationBits] }),
  });
}

/** @throws TensorproofError `usage`, `compile.budget`, and what is wrong with files */
export function compileWithin(
  graph: Graph,
  options: ModelOptions & BudgetOptions,
  reporter: Reporter,
): Found & { readonly chosen: ChosenPoint } {
  const { data, labels, cost, accuracyLoss: budget = 0, head, rounding } = options;
  if (data === undefined || labels === undefined)
    throw usageError("--accuracy-loss measures quality: it needs --data and --labels", "--accuracy-loss");
  const points = pointsFor(options);
  const heldOut = readHeldOut(graph, data, labels, options);
  const ranges = options.mode === "exact-int8" ? {} : fileRanges(graph, heldOut.samples, options);
  const given = {
    ...ranges,
    ...(head === undefined ? {} : { head }),
    ...(rounding === undefined ? {} : { rounding }),
  };
  const found = cheapestWithin({
    ...{ graph, points, heldOut, cost, budget },
    compile: (point) => compileGraph(graph, { ...given, ...pointOptions(point) }),
    onProgress: (text) => reporter.progress(text),
  });
  const { point, evaluation, rejected } = found;
  return { ...found, chosen: { point, cost, costValue: found.cost, budget, evaluation, rejected } };
}

export function chosenText({ point, cost, costValue, evaluation, rejected }: ChosenPoint): string {
  const [float, integer] = [qualityOf(evaluation.float), qualityOf(evaluation.integer)];
  const name = "accuracy" in evaluation.integer ? "accuracy" : "R²";
  return (
    `chosen: ${pointText(point)}; ${name} ${integer.toPrecision(5)} on ${evaluation.count} samples, ` +
    `${float.toPrecision(5)} in floats; ${cost} ${costValue.toLocaleString("en")}; ` +
    `${rejected.length} cheaper ones lose more`
  );
}
