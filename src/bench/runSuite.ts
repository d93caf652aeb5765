/** Runs a suite, row by row, into a results file; goes on where an earlier run stopped. */
import { loadavg } from "node:os";
import { TensorproofError } from "../errors/tensorproofError.ts";
import { readBytes } from "../files/readBytes.ts";
import { describeMachine } from "./machine.ts";
import { type KeyedMeasurement, measurementsOf } from "./measurements.ts";
import { measureRow } from "./measureRow.ts";
import { parsePublished } from "./published.ts";
import {
  type Machine,
  NOTHING_KNOWN,
  RESULTS_FORMAT,
  RESULTS_VERSION,
  type Results,
  type Row,
  type RowFailure,
  type RowHead,
} from "./results.ts";
import { readResultsFile, writeResultsFile } from "./resultsFile.ts";
import type { Suite } from "./suite.ts";

export interface RunOptions {
  readonly suite: Suite;
  /** Those of the suite's backends that rows are measured for; left out: all. Rows of others stay. */
  readonly backends?: readonly string[];
  /** Those of the suite's settings, likewise. */
  readonly settings?: readonly string[];
  /** Those of the suite's models, likewise. */
  readonly models?: readonly string[];
  /** The results file. */
  readonly path: string;
  /** Starts `runJob`; the path of the job's file is added. */
  readonly command: readonly string[];
  /** Of this package. */
  readonly version: string;
  /** Measures failed rows again; skipped ones always are. */
  readonly retryFailed?: boolean;
  readonly onProgress?: (text: string) => void;
  readonly signal?: AbortSignal;
}

export interface RunSummary {
  readonly results: Results;
  /** Rows that this run added. */
  readonly added: readonly Row[];
  /** Rows that were there already. */
  readonly kept: number;
  readonly isInterrupted: boolean;
}

const MACHINE_FIELDS: readonly (keyof Machine)[] = ["cpu", "cores", "node", "version"];

function emptyResults(machine: Machine): Results {
  return {
    ...{ format: RESULTS_FORMAT, version: RESULTS_VERSION, machine },
    ...{ suites: [], backends: {}, rows: [], published: [] },
  } as const;
}

/** Rows of different machines may not stand in one file: nothing tells them apart. */
function requireSameMachine(old: Machine, now: Machine, path: string): void {
  const different = MACHINE_FIELDS.filter((name) => old[name] !== now[name]);
  if (different.length === 0) return;
  const changes = different.map((name) => `${name} was ${old[name]}, is ${now[name]}`).join("; ");
  throw new TensorproofError(
    "results.otherMachine",
    `"${path}" was measured elsewhere (${changes}): measure into another folder`,
    { where: path },
  );
}

/** A file of published figures that is missing is no reason not to measure. */
function withSuite(results: Results, suite: Suite, onProgress: (text: string) => void): Results {
  const { name, title, description, axis } = suite;
  const others = results.suites.filter((entry) => entry.name !== name);
  let published = results.published.filter((row) => row.suite !== name);
  if (suite.published !== null) {
    try {
      const text = new TextDecoder().decode(readBytes(suite.published.file));
      published = [...published, ...parsePublished(text, name, suite.published)];
    } catch (error) {
      if (!(error instanceof TensorproofError) || error.code !== "file.missing") throw error;
      onProgress(`published figures are left out: ${error.message}`);
    }
  }
  return { ...results, suites: [...others, { name, title, description, axis }], published };
}

function rowHead(suite: Suite, { key, model, backend, settings, x }: KeyedMeasurement): RowHead {
  const [load] = loadavg();
  const date = new Date().toISOString();
  return {
    key,
    suite: suite.name,
    model: model.name,
    backend,
    settings,
    x,
    date,
    load: Number(load.toFixed(2)),
  };
}

function skippedRow(suite: Suite, measurement: KeyedMeasurement): Row {
  const { missing, model } = measurement;
  const remedy = model.remedy === undefined ? "" : `; ${model.remedy}`;
  const failure: RowFailure = {
    kind: "missing",
    step: "start",
    code: "file.missing",
    message: `there is no ${missing.join(", no ")}${remedy}`,
  };
  return { ...rowHead(suite, measurement), outcome: "skipped", failure, known: NOTHING_KNOWN };
}

function isFinal(row: Row, retryFailed: boolean): boolean {
  return row.outcome === "measured" || (row.outcome === "failed" && !retryFailed);
}

function describe(row: Row): string {
  if (row.outcome !== "measured") return `${row.outcome}: ${row.failure.step}: ${row.failure.message}`;
  const { proveMs, verifyMs, proofBytes } = row.figures;
  return `prove ${proveMs.toFixed(1)} ms, verify ${verifyMs.toFixed(1)} ms, proof ${proofBytes} bytes`;
}

/** @throws TensorproofError `results.*`, `suite.published`, `output.unwritable` */
export async function runSuite(options: RunOptions): Promise<RunSummary> {
  const { suite, path, command, version, retryFailed = false, onProgress = () => {}, signal } = options;
  const machine = describeMachine(version);
  const old = readResultsFile(path);
  if (old !== null) requireSameMachine(old.machine, machine, path);
  let results = withSuite(old ?? emptyResults(machine), suite, onProgress);
  const measurements = measurementsOf(suite, version);
  const wanted = new Set(measurements.map(({ key }) => key));
  // Rows of this suite that it does not ask for any more would be compared with others than they were measured with.
  const isCurrent = (row: Row): boolean =>
    row.suite !== suite.name || (wanted.has(row.key) && isFinal(row, retryFailed));
  results = { ...results, rows: results.rows.filter(isCurrent) };
  await writeResultsFile(path, results);
  const done = new Set(results.rows.map(({ key }) => key));
  const added: Row[] = [];
  for (const [index, measurement] of measurements.entries()) {
    const { key, model, backend, settings, missing } = measurement;
    const isChosen =
      options.backends?.includes(backend) !== false &&
      options.settings?.includes(settings.name) !== false &&
      options.models?.includes(model.name) !== false;
    if (done.has(key) || !isChosen) continue;
    if (signal?.aborted === true) break;
    const name = `${index + 1}/${measurements.length} ${model.name}, ${backend}, ${settings.name}`;
    const head = rowHead(suite, measurement);
    let row: Row;
    if (missing.length > 0) row = skippedRow(suite, measurement);
    else {
      const onStep = (step: string): void => onProgress(`${name}: ${step}`);
      const outcome = await measureRow(measurement, { command, onStep, signal });
      if (outcome.kind === "aborted") break;
      row = { ...head, ...outcome.part };
      const { capabilities } = outcome;
      if (capabilities !== null)
        results = { ...results, backends: { ...results.backends, [backend]: capabilities } };
    }
    results = { ...results, rows: [...results.rows, row] };
    await writeResultsFile(path, results);
    added.push(row);
    onProgress(`${name}: ${describe(row)}`);
  }
  return { results, added, kept: done.size, isInterrupted: signal?.aborted === true };
}
