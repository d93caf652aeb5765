/** The saved results of the suite: one file, written whole or not at all. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { MODELS } from "./models.mjs";

const FOLDER = new URL("../results/", import.meta.url);
const FILE = new URL("models.json", FOLDER);

export function readResults(machine) {
  return existsSync(FILE) ? JSON.parse(readFileSync(FILE, "utf8")) : { ...machine, rows: [] };
}

/** Rows in the order of the list, whatever the order in which they were measured. */
export function writeResults(results) {
  const place = ({ name }) => MODELS.findIndex((model) => model.name === name);
  const rows = [...results.rows].sort((a, b) => place(a) - place(b));
  mkdirSync(FOLDER, { recursive: true });
  const temporary = new URL(`models.json.${process.pid}.tmp`, FOLDER);
  writeFileSync(temporary, `${JSON.stringify({ ...results, rows }, null, 2)}\n`);
  renameSync(temporary, FILE);
}
