/** The results of a study → one page, and its pictures. */
import type { Study, StudyPlot, StudyTable, Unit } from "../bench/studies/study.ts";
import { type Axis, linePlot } from "./charts/linePlot.ts";
import type { Report } from "./makeReport.ts";
import { heading, page, paragraph } from "./page.ts";
import { coloursOf } from "./palette.ts";
import { element, escapeText } from "./svg.ts";
import { table } from "./table.ts";
import { formatBytes, formatCount, formatMs, formatNumber, formatPercent, formatRatio } from "./units.ts";

const FORMATS: Readonly<Record<Unit, (value: number) => string>> = {
  ms: formatMs,
  bytes: formatBytes,
  count: formatCount,
  share: formatPercent,
  ratio: formatRatio,
  number: formatNumber,
};

function cell(value: string | number | null, unit: Unit | undefined): string {
  if (value === null) return "–";
  return typeof value === "string" ? value : FORMATS[unit ?? "number"](value);
}

function tableSection({ title, note, columns, rows, published = [] }: StudyTable): string {
  const lines = rows.map((row, i) => ({
    cells: row.map((value, c) => cell(value, columns[c].unit)),
    ...(published.includes(i) ? { kind: "elsewhere" as const } : {}),
  }));
  const legend =
    published.length === 0 ? "" : paragraph("Coloured rows were published elsewhere, not measured here.");
  const headings = columns.map(({ name }) => name);
  return heading(2, title) + (note === undefined ? "" : paragraph(note)) + table(headings, lines) + legend;
}

function drawPlot({ title, x, y, series }: StudyPlot): string | null {
  const colours = coloursOf(series.map(({ name }) => name));
  const axis = ({ label, unit, scale }: StudyPlot["x"]): Axis => ({
    label,
    format: FORMATS[unit],
    ...(scale === "linear" ? { kind: "linear" } : {}),
  });
  const drawn = series.map((entry) => ({ ...entry, colour: colours.get(entry.name) as string }));
  const withFit = x.scale === "log" && y.scale === "log";
  return linePlot(title, drawn, axis(x), axis(y), { withFit });
}

export function makeStudyPage(study: Study): Report {
  const pictures = new Map<string, string>();
  for (const plot of study.plots) {
    const svg = drawPlot(plot);
    if (svg !== null) pictures.set(plot.id, svg);
  }
  const { cpu, cores, memoryBytes, system, node, version } = study.machine;
  const body = [
    heading(1, study.title),
    element("ul", {}, study.findings.map((text) => element("li", {}, escapeText(text))).join("")),
    ...pictures.values(),
    ...study.tables.map(tableSection),
    heading(2, "How it was made"),
    paragraph(
      `${study.date}, ${cpu}, ${cores} cores, ${formatBytes(memoryBytes)} of memory, ${system}, Node ${node}, tensorproof ${version}.`,
    ),
    element("pre", {}, escapeText(JSON.stringify(study.settings, null, 2))),
  ].join("\n");
  return { html: page(study.title, body), pictures };
}
