/** `scale`: how cost grows with a network, and the largest that fits. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Command, Option } from "commander";
import { BACKEND_NAMES } from "../../backends/proofBackend.ts";
import { measurementsOf } from "../../bench/measurements.ts";
import type { Results } from "../../bench/results.ts";
import { runSuite } from "../../bench/runSuite.ts";
import {
  GROWTHS,
  type Growth,
  NETWORK_KINDS,
  type NetworkKind,
} from "../../bench/studies/scaling/grownNetwork.ts";
import { type Limit, parseLimits } from "../../bench/studies/scaling/limits.ts";
import { CLOCKS, type Clock } from "../../bench/studies/scaling/quantities.ts";
import { answerText, scalingStudy } from "../../bench/studies/scaling/scalingStudy.ts";
import { type ScalingPlan, scalingSuite } from "../../bench/studies/scaling/scalingSuite.ts";
import { sizesOf } from "../../bench/studies/scaling/sizes.ts";
import { nearestNames } from "../../errors/nearestNames.ts";
import { requireWritableFolder, writeTogether } from "../../files/atomicFile.ts";
import { parseVisibility, positive } from "../options.ts";
import { packageVersion } from "../packageVersion.ts";
import { type CommonOptions, Reporter, usageError } from "../reporter.ts";
import { writeStudy } from "../reportFiles.ts";

interface ScaleOptions extends CommonOptions {
  readonly grow: Growth;
  readonly from: number;
  readonly to: number;
  readonly steps: number;
  readonly backends: string;
  readonly network: NetworkKind;
  readonly width: number;
  readonly depth: number;
  readonly input?: number;
  readonly batch: number;
  readonly visibility?: string;
  readonly repetitions: number;
  readonly time: Clock;
  readonly within?: string;
  readonly timeLimit: number;
  readonly memoryLimit: number;
  readonly retryFailed?: boolean;
  readonly output: string;
}

const EXIT_INTERRUPTED = 130;
const DEFAULT_INPUT: Readonly<Record<NetworkKind, number>> = { mlp: 64, cnn: 12 };

export function configure(command: Command): void {
  command
    .addOption(new Option("--grow <what>", "what grows").choices(GROWTHS).makeOptionMandatory())
    .requiredOption("--from <n>", "smallest size", positive)
    .requiredOption("--to <n>", "largest size", positive)
    .option("--steps <n>", "sizes between them, growing by the same factor", positive, 6)
    .option("--backends <names>", "proof systems, separated by commas", "native")
    .addOption(new Option("--network <kind>", "its layers").choices(NETWORK_KINDS).default("mlp"))
    .option("--width <n>", "units (cnn: filters) of a hidden layer, where width does not grow", positive, 64)
    .option("--depth <n>", "hidden layers, where depth does not grow", positive, 2)
    .option("--input <n>", "features (cnn: side of the image); default 64 (12)", positive)
    .option("--batch <n>", "samples in one proof, where they do not grow", positive, 1)
    .option("--visibility <list>", "default: weights=private,input=private,output=public")
    .option("--repetitions <n>", "proofs that count, of each size", positive, 3)
    .addOption(
      new Option("--time <which>", "what laws of time are fitted to").choices(CLOCKS).default("clock"),
    )
    .option("--within <limits>", "the largest size within these is asked for: 10s,4GB")
    .option("--time-limit <seconds>", "of each measured process", positive, 600)
    .option("--memory-limit <megabytes>", "of each measured process", positive, 8192)
    .option("--retry-failed", "measure rows again that failed before")
    .option(
      "-o, --output <folder>",
      "rows.json, results.json, report.html; goes on with what is there",
      "scale",
    )
    .action(run);
}

function backendsOf(text: string): readonly string[] {
  const names = text.split(",").map((name) => name.trim());
  for (const name of names) {
    if (BACKEND_NAMES.some((known) => known === name)) continue;
    const near = nearestNames(name, BACKEND_NAMES).join(", ");
    throw usageError(`there is no backend "${name}"${near === "" ? "" : `; near: ${near}`}`, "--backends");
  }
  if (new Set(names).size !== names.length) throw usageError(`"${text}" names a backend twice`, "--backends");
  return names;
}

function planOf(options: ScaleOptions): ScalingPlan {
  const { grow, network: kind, width, depth, batch, repetitions, threads = 1 } = options;
  return {
    grow,
    sizes: sizesOf(options),
    base: { kind, width, depth, input: options.input ?? DEFAULT_INPUT[kind] },
    backends: backendsOf(options.backends),
    visibility: parseVisibility(options.visibility).visibilities,
    ...{ batch, threads, repetitions },
    timeLimitSeconds: options.timeLimit,
    memoryLimitMegabytes: options.memoryLimit,
  };
}

/** Measures into rows.json. Null where it was interrupted. */
async function measure(
  plan: ScalingPlan,
  options: ScaleOptions,
  reporter: Reporter,
): Promise<Pick<Results, "rows" | "machine"> | null> {
  const interruption = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => interruption.abort());
  const folder = mkdtempSync(join(tmpdir(), "tensorproof-scale-"));
  try {
    reporter.progress(`making ${plan.sizes.length} sizes`);
    const { suite, files } = scalingSuite(plan, folder);
    await writeTogether(files);
    const version = packageVersion();
    const { results, isInterrupted } = await runSuite({
      ...{ suite, version, path: join(options.output, "rows.json") },
      command: [process.execPath, ...process.execArgv, process.argv[1], "bench-job"],
      retryFailed: options.retryFailed === true,
      onProgress: (text) => reporter.progress(text),
      signal: interruption.signal,
    });
    const keys = new Set(measurementsOf(suite, version).map(({ key }) => key));
    const rows = results.rows.filter(({ key }) => keys.has(key));
    return isInterrupted ? null : { rows, machine: results.machine };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function run(options: ScaleOptions): Promise<void> {
  const reporter = new Reporter(options);
  const limits: readonly Limit[] = options.within === undefined ? [] : parseLimits(options.within);
  const plan = planOf(options);
  requireWritableFolder(options.output);
  const measured = await measure(plan, options, reporter);
  if (measured === null) {
    reporter.progress(`interrupted: ${options.output} keeps what was measured; the same command goes on`);
    process.exitCode = EXIT_INTERRUPTED;
    return;
  }
  const date = new Date().toISOString();
  const { study, answers } = scalingStudy({ plan, clock: options.time, limits, ...measured, date });
  const report = await writeStudy(study, options.output);
  const results = join(options.output, "results.json");
  const sentences = answers.map((answer) => answerText(answer, plan));
  reporter.result(
    { results, report, findings: study.findings, answers },
    [...(sentences.length === 0 ? study.findings : sentences), report].join("\n"),
  );
}
