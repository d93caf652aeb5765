/** A table of words and numbers as features and targets. */
import { TensorproofError } from "../../errors/tensorproofError.ts";
import { SeededRandom } from "../random.ts";
import type { Dataset, Feature, Samples, Task } from "./dataset.ts";
import type { TextTable } from "./textTable.ts";

export type Scaling = "min-max" | "standard" | "none";

export interface TableChoice {
  readonly name: string;
  /** The column that is learnt; null for k-means, which has none: the target is 0 throughout. */
  readonly target: string | null;
  readonly task: "classification" | "regression";
  /** Columns that are left out. */
  readonly ignore: readonly string[];
  /** The classes in order; those that occur, sorted, where it is left out. */
  readonly classes?: readonly string[];
  /** Share of the rows that is held out. */
  readonly testShare: number;
  readonly scaling: Scaling;
  readonly seed: number;
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const MISSING = /^(|\?|NA|N\/A|NaN|nan|null|NULL)$/;
const MAX_NAMED = 8;
/** More distinct words than this are names of things, not kinds of them. */
const MAX_WORDS = 256;
const MAX_CLASSES = 1000;

interface Column {
  readonly name: string;
  readonly cells: readonly string[];
  readonly isNumeric: boolean;
}

/**
 * Numbers are scaled: "min-max" takes the bounds of all rows to 0 and 1, so that held-out rows stay within the range that a
 * program declares; "standard" takes the training rows to mean 0 and variance 1. A column of two words becomes one feature,
 * of more words one for each. Rows are shuffled by the seed, then split.
 *
 * @throws TensorproofError `data.table` with everything that is wrong: columns that do not exist, cells that are missing,
 * words where numbers should be, labels that are no class
 */
export function encodeTable(table: TextTable, choice: TableChoice): Dataset {
  const problems: string[] = [];
  const known = new Set(table.columns);
  const named = choice.target === null ? choice.ignore : [choice.target, ...choice.ignore];
  for (const name of named) {
    if (!known.has(name))
      problems.push(`there is no column "${name}" (there are ${table.columns.join(", ")})`);
  }
  missingCells(table, choice.ignore, problems);
  if (problems.length > 0) throw tableError(table, problems);
  const columns = table.columns
    .map((name, at) => columnOf(name, table.rows, at))
    .filter(({ name }) => !choice.ignore.includes(name));
  const { task, targets } = targetsOf(table, columns, choice, problems);
  const features = columns.filter(({ name }) => name !== choice.target);
  for (const column of features) checkFeature(table, column, problems);
  if (features.length === 0) problems.push("no columns are left to learn from");
  const order = Uint32Array.from(table.rows, (_, row) => row);
  new SeededRandom(choice.seed).shuffle(order);
  const numTest = Math.round(choice.testShare * order.length);
  if (numTest < 1 || numTest >= order.length)
    problems.push(`${order.length} rows cannot be split with testShare ${choice.testShare}`);
  if (problems.length > 0) throw tableError(table, problems);
  const [train, test] = [order.subarray(0, order.length - numTest), order.subarray(order.length - numTest)];
  const encoders = features.flatMap((column) => encodersOf(column, train, choice.scaling));
  const samples = (rows: Uint32Array): Samples => ({
    count: rows.length,
    inputs: Float32Array.from({ length: rows.length * encoders.length }, (_, i) =>
      encoders[i % encoders.length].encode(rows[Math.floor(i / encoders.length)]),
    ),
    targets: Float64Array.from(rows, (row) => targets[row]),
  });
  return {
    ...{ name: choice.name, inputShape: [encoders.length], task, train: samples(train), test: samples(test) },
    features: encoders.map(({ feature }) => feature),
  };
}

function tableError({ fileName }: TextTable, problems: readonly string[]): TensorproofError {
  const message = `"${fileName}": ${problems.join("; ")}`;
  return new TensorproofError("data.table", message, { where: fileName, details: problems });
}

function columnOf(name: string, rows: TextTable["rows"], at: number): Column {
  const cells = rows.map((row) => row[at]);
  return { name, cells, isNumeric: cells.every((cell) => NUMBER.test(cell)) };
}

/** The first few of a list of faults, and how many there are. */
function listed(faults: readonly string[]): string {
  const more = faults.length > MAX_NAMED ? ` and ${faults.length - MAX_NAMED} more` : "";
  return `${faults.slice(0, MAX_NAMED).join(", ")}${more}`;
}

function missingCells(table: TextTable, ignored: readonly string[], problems: string[]): void {
  const missing = table.rows.flatMap((row, n) =>
    row.flatMap((cell, at) =>
      MISSING.test(cell) && !ignored.includes(table.columns[at])
        ? [`line ${table.lines[n]} column "${table.columns[at]}"`]
        : [],
    ),
  );
  if (missing.length > 0) problems.push(`cells are missing: ${listed(missing)}; fill or remove those rows`);
}

function checkFeature({ lines }: TextTable, { name, cells, isNumeric }: Column, problems: string[]): void {
  if (isNumeric) return;
  const numWords = new Set(cells).size;
  const numbers = cells.filter((cell) => NUMBER.test(cell)).length;
  if (numbers > cells.length / 2) {
    const odd = cells.flatMap((cell, n) => (NUMBER.test(cell) ? [] : [`"${cell}" in line ${lines[n]}`]));
    problems.push(`column "${name}" holds numbers and ${listed(odd)}`);
  } else if (numWords > MAX_WORDS) {
    problems.push(`column "${name}" holds ${numWords} different words; leave it out with "ignore"`);
  }
}

function targetsOf(
  table: TextTable,
  columns: readonly Column[],
  choice: TableChoice,
  problems: string[],
): { task: Task; targets: Float64Array } {
  if (choice.target === null)
    return { task: { kind: "classification", classes: ["0"] }, targets: new Float64Array(table.rows.length) };
  const { name, cells, isNumeric } = columns.find((column) => column.name === choice.target) ?? columns[0];
  if (choice.task === "regression") {
    const odd = cells.flatMap((cell, n) =>
      NUMBER.test(cell) ? [] : [`"${cell}" in line ${table.lines[n]}`],
    );
    if (odd.length > 0) problems.push(`the target "${name}" of a regression holds ${listed(odd)}`);
    return { task: { kind: "regression" }, targets: Float64Array.from(cells, Number) };
  }
  const found = [...new Set(cells)].sort((a, b) =>
    isNumeric ? Number(a) - Number(b) : a < b ? -1 : Number(a > b),
  );
  const classes = choice.classes ?? found;
  if (classes.length > MAX_CLASSES)
    problems.push(`the target "${name}" has ${classes.length} values: is this a regression?`);
  if (classes.length < 2) problems.push(`the target "${name}" has one value: there is nothing to learn`);
  const numbers = new Map(classes.map((word, at) => [word, at]));
  const odd = cells.flatMap((cell, n) => (numbers.has(cell) ? [] : [`"${cell}" in line ${table.lines[n]}`]));
  if (odd.length > 0)
    problems.push(`the target "${name}" holds ${listed(odd)}: none of the classes ${classes.join(", ")}`);
  return {
    task: { kind: "classification", classes },
    targets: Float64Array.from(cells, (cell) => numbers.get(cell) ?? 0),
  };
}

interface Encoder {
  readonly feature: Feature;
  readonly encode: (row: number) => number;
}

function encodersOf({ name, cells, isNumeric }: Column, train: Uint32Array, scaling: Scaling): Encoder[] {
  if (isNumeric) {
    const numbers = cells.map(Number);
    const seen = scaling === "min-max" ? numbers : Array.from(train, (row) => numbers[row]);
    const { offset, scale } = scalingOf(seen, scaling);
    const feature = { kind: "number", name, column: name, offset, scale } as const;
    return [{ feature, encode: (row) => (numbers[row] - offset) / scale }];
  }
  const words = [...new Set(cells)].sort();
  return (words.length === 2 ? words.slice(1) : words).map((word) => ({
    feature: { kind: "word", name: `${name}=${word}`, column: name, word },
    encode: (row) => (cells[row] === word ? 1 : 0),
  }));
}

function scalingOf(numbers: readonly number[], scaling: Scaling): { offset: number; scale: number } {
  if (scaling === "none") return { offset: 0, scale: 1 };
  if (scaling === "min-max") {
    const low = numbers.reduce((least, x) => Math.min(least, x));
    const high = numbers.reduce((most, x) => Math.max(most, x));
    return { offset: low, scale: high - low || 1 };
  }
  const mean = numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
  const variance = numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0) / numbers.length;
  return { offset: mean, scale: Math.sqrt(variance) || 1 };
}
