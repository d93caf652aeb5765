/** results.json → one page, and its pictures. */
import { isMeasured, type Results, type SuiteSummary } from "../bench/results.ts";
import { advisorSection } from "./advisorSection.ts";
import { compareSystems } from "./comparison.ts";
import { findKnee, kneeText } from "./knee.ts";
import { heading, page, paragraph } from "./page.ts";
import { makePictures } from "./pictures.ts";
import { type Assessment, assessSystems } from "./prosAndCons.ts";
import { isSettingsAxis, seriesOf } from "./series.ts";
import { element, escapeText } from "./svg.ts";
import { capabilityTable, failureTable, isBusy, measuredTable, publishedTable } from "./tables.ts";
import { formatBytes } from "./units.ts";

export interface Report {
  readonly html: string;
  /** Name without extension → SVG. */
  readonly pictures: ReadonlyMap<string, string>;
}

function assessmentSection({ system, trust, pros, cons }: Assessment): string {
  const list = (texts: readonly string[]): string =>
    element("ul", {}, texts.map((text) => element("li", {}, escapeText(text))).join(""));
  return (
    heading(3, system) +
    paragraph(`A proof means something if ${trust}.`) +
    (pros.length === 0 ? "" : paragraph("For it:") + list(pros)) +
    (cons.length === 0 ? "" : paragraph("Against it:") + list(cons))
  );
}

function suiteSection(results: Results, suite: SuiteSummary, pictures: ReadonlyMap<string, string>): string {
  const rows = results.rows.filter((row) => row.suite === suite.name);
  const published = results.published.filter((row) => row.suite === suite.name);
  const prefix = `${suite.name.replace(/[^\w-]+/g, "-")}-`;
  const own = [...pictures].filter(([name]) =>
    /^(scaling-\w+|precision|accuracy|bars-\w+)$/.test(name.replace(prefix, "")),
  );
  const failures = failureTable(rows);
  const measured = rows.filter(isMeasured);
  const knees = isSettingsAxis(suite, measured)
    ? seriesOf(measured).flatMap(({ name, rows: line }) => {
        const knee = findKnee(line);
        return knee === null ? [] : [kneeText(name, suite.axis as string, knee)];
      })
    : [];
  return [
    heading(2, suite.title),
    paragraph(suite.description),
    knees.length === 0 ? "" : heading(3, "From where on accuracy holds") + knees.map(paragraph).join(""),
    ...own.filter(([name]) => name.startsWith(prefix)).map(([, svg]) => svg),
    measuredTable(rows, results),
    failures === "" ? "" : heading(3, "Not measured, and why") + failures,
    published.length === 0
      ? ""
      : `<section class="published">${heading(3, "Published elsewhere, not measured here")}${paragraph(
          "Other hardware, other programs: these figures say in which order of magnitude others were. Void ones are struck out and drawn nowhere.",
        )}${publishedTable(published)}</section>`,
  ].join("");
}

export function makeReport(results: Results): Report {
  const comparison = compareSystems(results);
  const pictures = makePictures(results, comparison);
  const { machine } = results;
  const busy = results.rows.filter((row) => row.outcome === "measured" && isBusy(row, results)).length;
  const body = [
    heading(1, "Proof systems compared"),
    paragraph(
      `Measured on ${machine.cpu}, ${machine.cores} cores, ${formatBytes(machine.memoryBytes)} of memory, ${machine.system}, ` +
        `Node ${machine.node}, tensorproof ${machine.version}. Times are medians; each measurement ran in processes of its own. Charts, ranking and advice go by processor time, which load changes little.`,
    ),
    busy === 0
      ? ""
      : paragraph(
          `${busy} rows were measured on a busy machine: their elapsed times are upper bounds, and their processor times the better figures.`,
        ),
    heading(2, "Which one should I use?"),
    advisorSection(results, comparison),
    heading(2, "For and against"),
    ...assessSystems(results, comparison).map(assessmentSection),
    pictures.get("radar") ?? "",
    capabilityTable(results),
    ...results.suites.map((suite) => suiteSection(results, suite, pictures)),
  ].join("\n");
  return { html: page("Proof systems compared", body), pictures };
}
