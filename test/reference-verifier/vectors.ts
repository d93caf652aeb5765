/**
 * The vectors of docs/spec/vectors as the tests of the reference verifier read them.
 */
import { readFileSync } from "node:fs";
import { type K, residue } from "./field.ts";

const FOLDER = new URL("../../docs/spec/vectors/", import.meta.url);

/** A vector file, untyped: its form is described in docs/spec/README.md. */
// biome-ignore lint/suspicious/noExplicitAny: JSON without a schema
export function vectors(name: string): any {
  return JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), "utf8"));
}

export function vectorFile(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(name, FOLDER)));
}

/** Four numbers of a vector file as an element of K. */
export function element(numbers: readonly number[]): K {
  const [c0, c1, c2, c3] = numbers.map(residue);
  return [c0!, c1!, c2!, c3!];
}
