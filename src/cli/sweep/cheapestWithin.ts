/** The cheapest point that holds a budget of quality, without running those that cost more. */
import { byCost, isWithin } from "../../bench/studies/sweep/frontier.ts";
import { pointText, type SweepPoint } from "../../bench/studies/sweep/point.ts";
import { type Cost, qualityOf } from "../../bench/studies/sweep/result.ts";
import { TensorproofError } from "../../errors/tensorproofError.ts";
import type { Graph } from "../../graph/graph.ts";
import type { Program } from "../../program/program.ts";
import type { CompileReport } from "../../quant/compileReport.ts";
import { evaluate } from "../../quant/evaluate.ts";
import type { Evaluation } from "../../quant/predictions.ts";
import type { HeldOut } from "../heldOut.ts";
import { singleCost } from "./pointCosts.ts";

export interface Compiled {
  readonly program: Program;
  readonly report: CompileReport;
}

export interface Search {
  readonly graph: Graph;
  readonly points: readonly SweepPoint[];
  readonly compile: (point: SweepPoint) => Compiled;
  readonly heldOut: HeldOut;
  readonly cost: Cost;
  /** Share of accuracy, or of R², that may be lost. */
  readonly budget: number;
  readonly onProgress: (text: string) => void;
}

export interface Found extends Compiled {
  readonly point: SweepPoint;
  readonly cost: number;
  readonly evaluation: Evaluation;
  /** Points that were cheaper and lost more, with the quality that they had. */
  readonly rejected: readonly { readonly point: SweepPoint; readonly quality: number }[];
}

interface Costed {
  readonly point: SweepPoint;
  readonly cost: number | null;
  readonly secondCost: number;
}

/** @throws TensorproofError `compile.budget` where no point holds it; where none compiles, why the first does not */
export function cheapestWithin({ graph, points, compile, heldOut, cost, budget, onProgress }: Search): Found {
  const costed: Costed[] = [];
  let failure: TensorproofError | null = null;
  points.forEach((point, i) => {
    onProgress(`${i + 1}/${points.length} ${pointText(point)}: cost`);
    try {
      costed.push({ point, ...singleCost(compile(point).program, cost) });
    } catch (error) {
      if (!(error instanceof TensorproofError)) throw error;
      failure ??= error;
    }
  });
  if (costed.length === 0 && failure !== null) throw failure;
  const rejected: { point: SweepPoint; quality: number; float: number }[] = [];
  for (const i of byCost(costed)) {
    const { point, cost: own } = costed[i];
    // Compiled again: programs of all points at once could fill the memory.
    const compiled = compile(point);
    const evaluation = evaluate(
      graph,
      compiled.program,
      heldOut.samplesFor(compiled.program),
      heldOut.labels,
    );
    const [float, quality] = [qualityOf(evaluation.float), qualityOf(evaluation.integer)];
    onProgress(`${pointText(point)}: ${quality.toPrecision(5)}, in floats ${float.toPrecision(5)}`);
    if (isWithin(float, quality, budget)) {
      const others = rejected.map(({ point: other, quality: seen }) => ({ point: other, quality: seen }));
      return { ...compiled, point, cost: own as number, evaluation, rejected: others };
    }
    rejected.push({ point, quality, float });
  }
  throw noneWithin(rejected, budget);
}

function noneWithin(
  rejected: readonly { readonly point: SweepPoint; readonly quality: number; readonly float: number }[],
  budget: number,
): TensorproofError {
  const where = "--accuracy-loss";
  if (rejected.length === 0)
    return new TensorproofError("compile.budget", "no point has a cost that could be counted", { where });
  const [best] = [...rejected].sort((a, b) => b.quality - a.quality);
  const message =
    `none of ${rejected.length} ways to compile loses ${100 * budget} % or less: the best, ${pointText(best.point)}, ` +
    `has ${best.quality.toPrecision(5)}, floats have ${best.float.toPrecision(5)}. ` +
    "Allow a larger loss, give typical inputs (--calibrate), or train for it (see docs/guide/train.md, quantisation)";
  return new TensorproofError("compile.budget", message, { where });
}
