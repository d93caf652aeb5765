/** Pages with their pictures, and results of studies, on the disk. */
import { join } from "node:path";
import type { Study } from "../bench/studies/study.ts";
import { requireWritableFolder, writeTogether } from "../files/atomicFile.ts";
import type { Report } from "../report/makeReport.ts";
import { makeStudyPage } from "../report/makeStudyPage.ts";

const encoder = new TextEncoder();

/** Writes report.html and pictures/*.svg, and returns the path of the page. */
export async function writeReport({ html, pictures }: Report, folder: string): Promise<string> {
  const page = join(folder, "report.html");
  requireWritableFolder(folder);
  requireWritableFolder(join(folder, "pictures"));
  const svgs = [...pictures].map(([name, svg]) => ({
    path: join(folder, "pictures", `${name}.svg`),
    bytes: encoder.encode(svg),
  }));
  await writeTogether([...svgs, { path: page, bytes: encoder.encode(html) }]);
  return page;
}

/** results.json, then its page, and returns the path of the page. */
export async function writeStudy(study: Study, folder: string): Promise<string> {
  requireWritableFolder(folder);
  const bytes = encoder.encode(`${JSON.stringify(study, null, 1)}\n`);
  await writeTogether([{ path: join(folder, "results.json"), bytes }]);
  return writeReport(makeStudyPage(study), folder);
}
