/** `report`: report.html and pictures from results.json alone. */
import type { Command } from "commander";
import { parseResults } from "../../bench/results.ts";
import { parseStudy } from "../../bench/studies/study.ts";
import { readBytes } from "../../files/readBytes.ts";
import { makeReport } from "../../report/makeReport.ts";
import { makeStudyPage } from "../../report/makeStudyPage.ts";
import { type CommonOptions, Reporter } from "../reporter.ts";
import { writeReport } from "../reportFiles.ts";

interface ReportOptions extends CommonOptions {
  readonly output: string;
}

export function configure(command: Command): void {
  command
    .argument("<results>", "results.json of `bench` or of a study")
    .option("-o, --output <folder>", "where report.html and pictures/ go", ".")
    .action(run);
}

async function run(path: string, options: ReportOptions): Promise<void> {
  const text = new TextDecoder().decode(readBytes(path));
  const reporter = new Reporter(options);
  const study = parseStudy(text, path);
  if (study !== null) {
    const report = await writeReport(makeStudyPage(study), options.output);
    const { tables, plots } = study;
    reporter.result(
      { report, tables: tables.length, plots: plots.length },
      `${report}: ${tables.length} tables, ${plots.length} pictures`,
    );
    return;
  }
  const results = parseResults(text, path);
  const report = await writeReport(makeReport(results), options.output);
  reporter.result({ report, rows: results.rows.length }, `${report}: ${results.rows.length} rows`);
}
