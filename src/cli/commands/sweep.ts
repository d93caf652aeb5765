/** `sweep`: quality against cost over ways to make a network a program. */
import { join } from "node:path";
import { type Command, Option } from "commander";
import { describeMachine } from "../../bench/machine.ts";
import { gridOf, pointOptions, pointText, type SweepPoint } from "../../bench/studies/sweep/point.ts";
import type { Cost, PointResult } from "../../bench/studies/sweep/result.ts";
import { chosenPoint, type SweepResult, sweepStudy } from "../../bench/studies/sweep/sweepStudy.ts";
import { TensorproofError } from "../../errors/tensorproofError.ts";
import { requireWritableFolder } from "../../files/atomicFile.ts";
import { compileGraph } from "../../quant/compileGraph.ts";
import { evaluate } from "../../quant/evaluate.ts";
import { addPixelOptions } from "../options.ts";
import { packageVersion } from "../packageVersion.ts";
import { type CommonOptions, Reporter } from "../reporter.ts";
import { writeStudy } from "../reportFiles.ts";
import { type AxisOptions, axesOf, costOption, lossOption } from "../sweep/options.ts";
import { pointCosts } from "../sweep/pointCosts.ts";
import { pointKey, readPoints, writePoints } from "../sweep/pointsFile.ts";
import { readSwept, type Swept, type SweptOptions } from "../sweep/swept.ts";

interface SweepOptions extends CommonOptions, AxisOptions, Omit<SweptOptions, keyof AxisOptions> {
  readonly accuracyLoss?: number;
  readonly cost: Cost;
  readonly retryFailed?: boolean;
  readonly output: string;
}

export function configure(command: Command): void {
  addPixelOptions(command)
    .argument("[model]", "model file (.onnx, .tflite, .h5, .msgpack); a recipe alone is trained")
    .option("--data <data>", "held-out samples")
    .option("--labels <labels>", "class numbers, or targets of a regression")
    .option(
      "--recipe <file>",
      "recipe of `train`: its held-out samples, and its network where no model is named",
    )
    .option("--calibrate <data>", "typical inputs, which decide the declared ranges")
    .option("--weight-bits <list>", 'as 4..8 or 4,6,auto; auto: as each layer needs (default "4,6,8,auto")')
    .option("--activation-bits <list>", 'as 4..8 (default "4..8,10")')
    .option("--scales <list>", "besides: one scale of 2^-n throughout, as 4..8")
    .option("--modes <list>", 'pow2, exact-int8 (default "pow2")')
    .option("--widths <list>", "units of hidden layers, each trained as the recipe says: 32,64,128x64")
    .addOption(
      new Option("--head <head>", "output of the program, as in `compile`").choices([
        ...["scores", "probabilities", "argmax", "outputs"],
      ]),
    )
    .option(
      "--accuracy-loss <share>",
      "recommend the cheapest point that loses at most this: 0.1%",
      lossOption,
    )
    .addOption(costOption())
    .option("--retry-failed", "try points again that failed before")
    .option(
      "-o, --output <folder>",
      "points.json, results.json, report.html; goes on with what is there",
      "sweep",
    )
    .action(run);
}

async function measured(point: SweepPoint, swept: Swept, options: SweepOptions): Promise<PointResult> {
  const graph = await swept.graphOf(point.width);
  try {
    const head = options.head === undefined ? {} : { head: options.head };
    const ranges = point.mode === "exact-int8" ? {} : swept.rangesOf(graph);
    const { program } = compileGraph(graph, { ...ranges, ...pointOptions(point), ...head });
    const heldOut = swept.heldOutOf(graph);
    const evaluation = evaluate(graph, program, heldOut.samplesFor(program), heldOut.labels);
    return { outcome: "done", point, evaluation, costs: pointCosts(program) };
  } catch (error) {
    if (!(error instanceof TensorproofError)) throw error;
    return { outcome: "failed", point, code: error.code, reason: error.message };
  }
}

async function run(model: string | undefined, options: SweepOptions): Promise<void> {
  const reporter = new Reporter(options);
  const { output, cost, accuracyLoss: budget = null, retryFailed = false } = options;
  const axes = axesOf(options);
  const grid = gridOf(axes);
  const { weightBits: _, activationBits: __, ...rest } = options;
  const swept = await readSwept(model, axes.widths, rest, reporter);
  requireWritableFolder(output);
  const path = join(output, "points.json");
  const known = readPoints(path);
  const version = packageVersion();
  const points: PointResult[] = [];
  for (const [i, point] of grid.entries()) {
    const key = pointKey(point, swept.digest, version);
    const before = known.get(key);
    const isKept = before !== undefined && !(retryFailed && before.outcome === "failed");
    if (!isKept) {
      reporter.progress(`${i + 1}/${grid.length} ${pointText(point)}`);
      known.set(key, await measured(point, swept, options));
      await writePoints(path, known);
    }
    points.push(known.get(key) as PointResult);
  }
  const result: SweepResult = {
    ...{ model: swept.name, points, cost, budget },
    settings: { ...axes, cost, accuracyLoss: budget, model: swept.name },
    machine: describeMachine(version),
    date: new Date().toISOString(),
  };
  const study = sweepStudy(result);
  const report = await writeStudy(study, output);
  const recommended = chosenPoint(result);
  reporter.result(
    { results: join(output, "results.json"), report, findings: study.findings, recommended, points },
    [...study.findings, report].join("\n"),
  );
}
