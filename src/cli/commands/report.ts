/** `report`: report.html and pictures from results.json alone. */
import { join } from "node:path";
import type { Command } from "commander";
import { parseResults, type Results } from "../../bench/results.ts";
import { requireWritableFolder, writeTogether } from "../../files/atomicFile.ts";
import { readBytes } from "../../files/readBytes.ts";
import { makeReport } from "../../report/makeReport.ts";
import { type CommonOptions, Reporter } from "../reporter.ts";

interface ReportOptions extends CommonOptions {
  readonly output: string;
}

export function configure(command: Command): void {
  command
    .argument("<results>", "results.json of `bench`")
    .option("-o, --output <folder>", "where report.html and pictures/ go", ".")
    .action(run);
}

/** Writes report.html and pictures/*.svg, and returns the path of the page. */
export async function writeReport(results: Results, folder: string): Promise<string> {
  const { html, pictures } = makeReport(results);
  const page = join(folder, "report.html");
  requireWritableFolder(folder);
  requireWritableFolder(join(folder, "pictures"));
  const encoder = new TextEncoder();
  const svgs = [...pictures].map(([name, svg]) => ({
    path: join(folder, "pictures", `${name}.svg`),
    bytes: encoder.encode(svg),
  }));
  await writeTogether([...svgs, { path: page, bytes: encoder.encode(html) }]);
  return page;
}

async function run(path: string, options: ReportOptions): Promise<void> {
  const results = parseResults(new TextDecoder().decode(readBytes(path)), path);
  const report = await writeReport(results, options.output);
  new Reporter(options).result(
    { report, rows: results.rows.length },
    `${report}: ${results.rows.length} rows`,
  );
}
