/**
 * What a study found, as data: the file results.json, and all that its page and pictures are made from. A study says in its
 * own tables and plots what it measured; the report draws them without knowing which study it was.
 */
import { TensorproofError } from "../../errors/tensorproofError.ts";
import type { Machine } from "../results.ts";

export const STUDY_FORMAT = "tensorproof-study";
export const STUDY_VERSION = 1;

/** How numbers are shown. */
export type Unit = "ms" | "bytes" | "count" | "share" | "ratio" | "number";

export interface StudyColumn {
  readonly name: string;
  /** Of its numbers. */
  readonly unit?: Unit;
}

export interface StudyTable {
  readonly title: string;
  /** What must be known to read it. */
  readonly note?: string;
  readonly columns: readonly StudyColumn[];
  /** Null: no figure; the reason belongs in a column of text. */
  readonly rows: readonly (readonly (string | number | null)[])[];
  /** Numbers of rows that others published: marked, never as measured here. */
  readonly published?: readonly number[];
}

export interface StudyPoint {
  readonly x: number;
  readonly y: number;
}

/** A band at one x, with confidence `StudySeries.confidence`. */
export interface BandPoint {
  readonly x: number;
  readonly low: number;
  readonly high: number;
}

export interface StudySeries {
  readonly name: string;
  readonly points: readonly StudyPoint[];
  /** A fitted curve, beyond the points where it is extrapolated. */
  readonly curve?: readonly StudyPoint[];
  readonly band?: readonly BandPoint[];
  readonly published?: boolean;
}

export interface StudyAxis {
  readonly label: string;
  readonly unit: Unit;
  readonly scale: "linear" | "log";
}

export interface StudyPlot {
  /** Of the SVG file, letters, digits and "-". */
  readonly id: string;
  readonly title: string;
  readonly x: StudyAxis;
  readonly y: StudyAxis;
  readonly series: readonly StudySeries[];
}

export interface Study {
  readonly format: typeof STUDY_FORMAT;
  readonly version: typeof STUDY_VERSION;
  /** Which command made it: "pruning", "sweep", "scaling". */
  readonly kind: string;
  readonly title: string;
  /** ISO 8601. */
  readonly date: string;
  readonly machine: Machine;
  /** Of the command, so that it can be repeated. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** What was found, in sentences. */
  readonly findings: readonly string[];
  readonly tables: readonly StudyTable[];
  readonly plots: readonly StudyPlot[];
}

/**
 * Null where the text is something else than the results of a study.
 * @throws TensorproofError `results.invalid`, `results.version`
 */
export function parseStudy(text: string, where: string): Study | null {
  let study: Partial<Study> | null;
  try {
    study = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof study !== "object" || study === null || study.format !== STUDY_FORMAT) return null;
  if (study.version !== STUDY_VERSION) {
    const message = `"${where}" holds a study of version ${JSON.stringify(study.version)}; this release reads version ${STUDY_VERSION}: run the study again`;
    throw new TensorproofError("results.version", message, { where });
  }
  const problems = problemsOf(study);
  if (problems.length === 0) return study as Study;
  const message = `"${where}" is no whole study: ${problems.slice(0, 10).join("; ")}`;
  throw new TensorproofError("results.invalid", message, { where, details: problems });
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function problemsOf({ title, kind, date, machine, findings, tables, plots }: Partial<Study>): string[] {
  const problems = Object.entries({ title, kind, date })
    .filter(([, value]) => !isText(value))
    .map(([name]) => `${name} is no text`);
  if (typeof machine?.cpu !== "string") problems.push("machine is missing");
  if (!Array.isArray(findings) || !findings.every(isText)) problems.push("findings are no texts");
  if (!Array.isArray(tables)) problems.push("tables are missing");
  else problems.push(...tables.flatMap((table, i) => tableProblems(table, `tables[${i}]`)));
  if (!Array.isArray(plots)) problems.push("plots are missing");
  else problems.push(...plots.flatMap((plot, i) => plotProblems(plot, `plots[${i}]`)));
  return problems;
}

function tableProblems(table: Partial<StudyTable> | null, place: string): string[] {
  if (!isText(table?.title) || !Array.isArray(table?.columns) || !Array.isArray(table.rows))
    return [`${place}: title, columns or rows are missing`];
  const { columns, rows } = table;
  const isRow = (row: unknown): boolean => Array.isArray(row) && row.length === columns.length;
  return rows.every(isRow) ? [] : [`${place}: a row has not as many cells as there are columns`];
}

function plotProblems(plot: Partial<StudyPlot> | null, place: string): string[] {
  if (!isText(plot?.id) || !/^[\w-]+$/.test(plot.id)) return [`${place}: id is no file name`];
  if (!isText(plot.title) || !isText(plot.x?.label) || !isText(plot.y?.label) || !Array.isArray(plot.series))
    return [`${place}: title, axes or series are missing`];
  const isPoint = (point: Partial<StudyPoint>): boolean =>
    Number.isFinite(point?.x) && Number.isFinite(point?.y);
  const isSeries = (series: Partial<StudySeries> | null): boolean =>
    isText(series?.name) && Array.isArray(series?.points) && series.points.every(isPoint);
  return plot.series.every(isSeries) ? [] : [`${place}: a series has no name or a point that is no number`];
}
