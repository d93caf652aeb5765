/** Access to parsed JSON (or what has its form) that says where something else than expected was found. */

import { TensorproofError } from "../../errors/tensorproofError.ts";

/** Text of a model beyond this is not parsed. */
const MAX_TEXT = 2 ** 28;

export function malformedAt(where: string, reason: string): TensorproofError {
  return new TensorproofError("model.malformed", `${where}: ${reason}`, { where });
}

/** @throws TensorproofError `model.tooLarge`, `model.malformed` */
export function textOf(bytes: Uint8Array, fileName: string): string {
  if (bytes.length > MAX_TEXT) {
    const message = `"${fileName}" has ${bytes.length} bytes; models as text are read up to ${MAX_TEXT}`;
    throw new TensorproofError("model.tooLarge", message, { where: fileName });
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new TensorproofError("model.malformed", `"${fileName}" is not UTF-8 text`, {
      where: fileName,
      cause,
    });
  }
}

/** A value and the path to it. */
export class Json {
  readonly value: unknown;
  readonly path: string;

  constructor(value: unknown, path: string) {
    this.value = value;
    this.path = path;
  }

  static parse(bytes: Uint8Array, fileName: string): Json {
    const text = textOf(bytes, fileName);
    try {
      return new Json(JSON.parse(text), fileName);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new TensorproofError("model.malformed", `"${fileName}" is not JSON: ${reason}`, {
        where: fileName,
        cause,
      });
    }
  }

  #expected(what: string): TensorproofError {
    return malformedAt(this.path, `expected ${what}`);
  }

  has(key: string): boolean {
    const { value } = this;
    return typeof value === "object" && value !== null && Object.hasOwn(value, key);
  }

  /** A field; what it lacks has the value undefined, which every reading below refuses. */
  at(key: string): Json {
    const found = this.has(key) ? (this.value as Readonly<Record<string, unknown>>)[key] : undefined;
    return new Json(found, `${this.path}.${key}`);
  }

  list(): Json[] {
    const { value } = this;
    if (Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView)))
      return Array.from(value as ArrayLike<unknown>, (entry, i) => new Json(entry, `${this.path}[${i}]`));
    throw this.#expected("a list");
  }

  /** Numbers, or texts that spell them. NaN and infinities are refused by what reads them. */
  numbers(): number[] {
    return this.list().map((entry) => entry.number());
  }

  number(): number {
    const { value } = this;
    if (typeof value === "number") return value;
    if (typeof value === "boolean") return Number(value);
    if (typeof value === "string" && value.trim() !== "" && !Number.isNaN(Number(value)))
      return Number(value);
    throw this.#expected("a number");
  }

  /** A whole number of at least `least`. */
  count(least: number): number {
    const value = this.number();
    if (Number.isSafeInteger(value) && value >= least) return value;
    throw this.#expected(`a whole number of at least ${least}`);
  }

  text(): string {
    if (typeof this.value === "string") return this.value;
    throw this.#expected("text");
  }

  /** Rows of equal lengths. */
  matrix(): number[][] {
    const rows = this.list().map((row) => row.numbers());
    if (rows.every((row) => row.length === rows[0].length)) return rows;
    throw this.#expected("rows of equal lengths");
  }
}
