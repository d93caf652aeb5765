/** Universal Binary JSON (draft 12), as XGBoost writes it: numbers are big-endian, containers may state type and count. */

import { TensorproofError } from "../../errors/tensorproofError.ts";

const MAX_DEPTH = 64;
/** Bytes of a number of each type. */
const SIZES: Readonly<Record<string, number>> = { i: 1, U: 1, I: 2, l: 4, L: 8, d: 4, D: 8 };

class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #fileName: string;
  #at = 0;

  constructor(bytes: Uint8Array, fileName: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#fileName = fileName;
  }

  fail(reason: string): TensorproofError {
    const message = `"${this.#fileName}", byte ${this.#at}: ${reason}`;
    return new TensorproofError("model.malformed", message, { where: this.#fileName });
  }

  #skip(size: number): number {
    const start = this.#at;
    if (size > this.#bytes.length - start) {
      const message = `"${this.#fileName}" ends in the middle of a value, at byte ${this.#bytes.length}`;
      throw new TensorproofError("model.truncated", message, { where: this.#fileName });
    }
    this.#at += size;
    return start;
  }

  #marker(): string {
    return String.fromCharCode(this.#bytes[this.#skip(1)]);
  }

  #peek(): string {
    return String.fromCharCode(this.#bytes[this.#at] ?? 0);
  }

  #number(type: string): number {
    const at = this.#skip(SIZES[type]);
    switch (type) {
      case "i":
        return this.#view.getInt8(at);
      case "U":
        return this.#view.getUint8(at);
      case "I":
        return this.#view.getInt16(at);
      case "l":
        return this.#view.getInt32(at);
      case "L":
        return Number(this.#view.getBigInt64(at));
      case "d":
        return this.#view.getFloat32(at);
      default:
        return this.#view.getFloat64(at);
    }
  }

  #length(): number {
    const type = this.#marker();
    if (!"iUIlL".includes(type)) throw this.fail(`expected a length, found "${type}"`);
    const length = this.#number(type);
    if (length >= 0 && length <= this.#bytes.length) return length;
    throw this.fail(`a length of ${length} in a file of ${this.#bytes.length} bytes`);
  }

  #text(): string {
    const length = this.#length();
    const start = this.#skip(length);
    return new TextDecoder().decode(this.#bytes.subarray(start, start + length));
  }

  #array(depth: number): unknown[] {
    const { type, count } = this.#header();
    const values: unknown[] = [];
    if (count === null) while (this.#peek() !== "]") values.push(this.value(depth + 1));
    else
      for (let i = 0; i < count; i++)
        values.push(type === null ? this.value(depth + 1) : this.typed(type, depth + 1));
    if (count === null) this.#skip(1);
    return values;
  }

  #object(depth: number): Record<string, unknown> {
    const { type, count } = this.#header();
    const entries: [string, unknown][] = [];
    const add = (): void => {
      const key = this.#text();
      entries.push([key, type === null ? this.value(depth + 1) : this.typed(type, depth + 1)]);
    };
    if (count === null) while (this.#peek() !== "}") add();
    else for (let i = 0; i < count; i++) add();
    if (count === null) this.#skip(1);
    return Object.fromEntries(entries);
  }

  /** `$` type and `#` count of a container, where it states them. Types without bytes could be counted without end. */
  #header(): { type: string | null; count: number | null } {
    let type: string | null = null;
    if (this.#peek() === "$") {
      this.#skip(1);
      type = this.#marker();
      if (!(type in SIZES) && type !== "S") throw this.fail(`a container of type "${type}"`);
      if (this.#peek() !== "#") throw this.fail("a container that states a type but no count");
    }
    if (this.#peek() !== "#") return { type, count: null };
    this.#skip(1);
    return { type, count: this.#length() };
  }

  typed(type: string, depth: number): unknown {
    if (depth > MAX_DEPTH) throw this.fail(`values within values, more than ${MAX_DEPTH} deep`);
    if (type in SIZES) return this.#number(type);
    switch (type) {
      case "{":
        return this.#object(depth);
      case "[":
        return this.#array(depth);
      case "S":
        return this.#text();
      case "C":
        return this.#marker();
      case "T":
        return true;
      case "F":
        return false;
      case "Z":
        return null;
      default:
        throw this.fail(`no value begins with "${type}"`);
    }
  }

  value(depth: number): unknown {
    return this.typed(this.#marker(), depth);
  }
}

/** @throws TensorproofError `model.malformed`, `model.truncated` */
export function parseUbjson(bytes: Uint8Array, fileName: string): unknown {
  return new Reader(bytes, fileName).value(0);
}
