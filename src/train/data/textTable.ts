/** Tables as text with a heading line (RFC 4180; comma, semicolon or tab), cells as they stand there. */
import { TensorproofError } from "../../errors/tensorproofError.ts";

export interface TextTable {
  readonly fileName: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Of each row, counted from 1, for messages. */
  readonly lines: readonly number[];
}

/** Throws `data.table` naming every row of another length. */
export function readTextTable(bytes: Uint8Array, fileName: string): TextTable {
  const refuse = (message: string): TensorproofError =>
    new TensorproofError("data.table", `"${fileName}": ${message}`, { where: fileName });
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw refuse("expected a table as text, found other bytes");
  }
  const records = splitRecords(text, refuse);
  if (records.length < 2) throw refuse("expected a heading line and rows below it");
  const [{ cells: columns }, ...rest] = records;
  const twice = columns.filter((name, at) => columns.indexOf(name) !== at);
  if (twice.length > 0) throw refuse(`the heading names ${twice.join(", ")} twice`);
  const odd = rest.filter(({ cells }) => cells.length !== columns.length).map(({ line }) => line);
  if (odd.length > 0) {
    const named = odd.slice(0, 10).join(", ") + (odd.length > 10 ? ` and ${odd.length - 10} more` : "");
    throw refuse(`expected ${columns.length} cells in each row, got others in lines ${named}`);
  }
  return {
    fileName,
    columns,
    rows: rest.map(({ cells }) => cells),
    lines: rest.map(({ line }) => line),
  };
}

interface TextRecord {
  readonly line: number;
  readonly cells: string[];
}

/** Quoted cells may hold separators, doubled quotes and line ends. Empty lines are left out. */
function splitRecords(text: string, refuse: (message: string) => TensorproofError): TextRecord[] {
  const separator = /[;\t,]/.exec(text.slice(0, text.search(/[\r\n]|$/)))?.[0] ?? ",";
  const records: TextRecord[] = [];
  // A cell and what ends it.
  const pattern = new RegExp(
    `(?:"((?:[^"]|"")*)"|((?!")[^${separator}\\r\\n]*))(${separator}|\\r\\n|\\n|\\r|$)`,
    "y",
  );
  let line = 1;
  let cells: string[] = [];
  let start = line;
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (match === null) throw refuse(`line ${line}: a quoted cell does not end where it should`);
    const [, quoted, plain = "", ending] = match;
    cells.push(quoted === undefined ? plain.trim() : quoted.replaceAll('""', '"'));
    line += quoted?.match(/\r\n|\n|\r/g)?.length ?? 0;
    if (ending === separator && pattern.lastIndex < text.length) continue;
    if (ending === separator) cells.push("");
    if (cells.some((cell) => cell !== "") || cells.length > 1) records.push({ line: start, cells });
    cells = [];
    line++;
    start = line;
  }
  return records;
}
