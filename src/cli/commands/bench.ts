/** `bench`: runs a suite of measurements into results.json, and makes the report of it. */
import { join } from "node:path";
import type { Command } from "commander";
import { readSuite } from "../../bench/readSuite.ts";
import type { Row } from "../../bench/results.ts";
import { runSuite } from "../../bench/runSuite.ts";
import { requireWritableFolder } from "../../files/atomicFile.ts";
import { makeReport } from "../../report/makeReport.ts";
import { packageVersion } from "../packageVersion.ts";
import { type CommonOptions, Reporter, usageError } from "../reporter.ts";
import { writeReport } from "../reportFiles.ts";

interface BenchOptions extends CommonOptions {
  readonly backends?: string;
  readonly models?: string;
  readonly settings?: string;
  readonly output: string;
  readonly retryFailed?: boolean;
}

const EXIT_INTERRUPTED = 130;

export function configure(command: Command): void {
  command
    .argument("<suite>", "suite file (.json): models × backends × settings")
    .option("--backends <names>", "only these of the suite's backends, separated by commas")
    .option("--models <names>", "only these of its models")
    .option("--settings <names>", "only these of its settings")
    .option(
      "-o, --output <folder>",
      "where results.json and report.html go; goes on with what is there",
      "bench",
    )
    .option("--retry-failed", "measure rows again that failed before")
    .action(run);
}

/** Those of the suite's names that rows are measured for. */
function chosen(option: string, known: readonly string[], text: string | undefined): readonly string[] {
  if (text === undefined) return known;
  const names = text.split(",").map((name) => name.trim());
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw usageError(`the suite names no ${unknown.join(", no ")}, only ${known.join(", ")}`, option);
  return names;
}

function namesOf(list: readonly { readonly name: string }[]): string[] {
  return list.map(({ name }) => name);
}

async function run(path: string, options: BenchOptions): Promise<void> {
  const reporter = new Reporter(options);
  const suite = readSuite(path);
  const only = {
    backends: chosen("--backends", suite.backends, options.backends),
    models: chosen("--models", namesOf(suite.models), options.models),
    settings: chosen("--settings", namesOf(suite.settings), options.settings),
  };
  requireWritableFolder(options.output);
  const interruption = new AbortController();
  const interrupt = (): void => interruption.abort();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, interrupt);
  const file = join(options.output, "results.json");
  const summary = await runSuite({
    ...{ suite, ...only, version: packageVersion(), path: file },
    command: [process.execPath, ...process.execArgv, process.argv[1], "bench-job"],
    retryFailed: options.retryFailed === true,
    onProgress: (text) => reporter.progress(text),
    signal: interruption.signal,
  });
  const { results, added, kept, isInterrupted } = summary;
  if (isInterrupted) {
    reporter.progress(`interrupted: ${file} holds ${results.rows.length} rows; the same command goes on`);
    process.exitCode = EXIT_INTERRUPTED;
    return;
  }
  const report = await writeReport(makeReport(results), options.output);
  const count = (outcome: Row["outcome"]): number =>
    results.rows.filter((row) => row.suite === suite.name && row.outcome === outcome).length;
  const counts = { measured: count("measured"), failed: count("failed"), skipped: count("skipped") };
  reporter.result(
    { results: file, report, added: added.length, kept, ...counts },
    `${file}: ${counts.measured} measured, ${counts.failed} failed, ${counts.skipped} skipped; ${report}`,
  );
}
