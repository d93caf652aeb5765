/**
 * Reading untrusted bytes: docs/spec/01-notation-field-encodings.md, 1.4 and 1.5.
 */
import { type F, type K, p } from "./field.ts";
import { must, refuse } from "./refusal.ts";
import { decodeUtf8 } from "./utf8.ts";

export type Area = "proof" | "key" | "program" | "certificate";

/** Reads bytes from front to back and refuses what no writer produces. */
export class Reader {
  readonly area: Area;
  private readonly bytes: Uint8Array;
  private position = 0;

  constructor(bytes: Uint8Array, area: Area) {
    this.bytes = bytes;
    this.area = area;
  }

  /** Bytes read so far. */
  get offset(): number {
    return this.position;
  }

  /** Bytes not read yet. */
  get left(): number {
    return this.bytes.length - this.position;
  }

  /** Refuses unless `count` more bytes are there. Reads nothing. */
  need(count: number, where: string): void {
    must(this.left >= count, `${this.area}.truncated`, where);
  }

  notCanonical(where: string): never {
    refuse(`${this.area}.notCanonical`, where);
  }

  /** Refuses unless all bytes have been read. */
  end(where: string): void {
    if (this.left !== 0) this.notCanonical(`bytes left over: ${where}`);
  }

  take(count: number, where: string): Uint8Array {
    this.need(count, where);
    const result = this.bytes.slice(this.position, this.position + count);
    this.position += count;
    return result;
  }

  u8(where: string): number {
    return this.unsigned(1, where);
  }

  u16(where: string): number {
    return this.unsigned(2, where);
  }

  u32(where: string): number {
    return this.unsigned(4, where);
  }

  i8(where: string): number {
    return this.signed(1, where);
  }

  i16(where: string): number {
    return this.signed(2, where);
  }

  i32(where: string): number {
    return this.signed(4, where);
  }

  /** A binary64 number: finite, not −0. */
  f64(where: string): number {
    const bytes = this.take(8, where);
    const value = new DataView(bytes.buffer).getFloat64(0, true);
    if (!Number.isFinite(value) || Object.is(value, -0)) this.notCanonical(where);
    return value;
  }

  /** u16 length, then UTF-8. */
  text(where: string): string {
    const bytes = this.take(this.u16(where), where);
    const text = decodeUtf8(bytes);
    if (text === undefined) this.notCanonical(`${where}: not UTF-8`);
    return text;
  }

  /** `count` elements of F: first that all bytes are there, then that each is below p. */
  fieldWords(count: number, where: string): F[] {
    this.need(4 * count, where);
    const words: F[] = [];
    for (let index = 0; index < count; index++) {
      const word = BigInt(this.u32(where));
      if (word >= p) this.notCanonical(`${where}: word ${index} is not below p`);
      words.push(word);
    }
    return words;
  }

  /** `count` elements of K. */
  extensions(count: number, where: string): K[] {
    const words = this.fieldWords(4 * count, where);
    const result: K[] = [];
    for (let index = 0; index < count; index++) {
      const [c0, c1, c2, c3] = words.slice(4 * index, 4 * index + 4);
      result.push([c0!, c1!, c2!, c3!]);
    }
    return result;
  }

  private unsigned(size: number, where: string): number {
    let value = 0;
    for (const byte of this.take(size, where).reverse()) value = 256 * value + byte;
    return value;
  }

  private signed(size: number, where: string): number {
    const value = this.unsigned(size, where);
    return value >= 256 ** size / 2 ? value - 256 ** size : value;
  }
}

export function u16Bytes(value: number): Uint8Array {
  return Uint8Array.from([value % 256, Math.floor(value / 256)]);
}

/** Little-endian. A Uint8Array keeps the integer part modulo 256 of what is put into it. */
export function u32Bytes(value: number | bigint): Uint8Array {
  const rest = Number(value);
  return Uint8Array.of(rest, rest / 2 ** 8, rest / 2 ** 16, rest / 2 ** 24);
}

/** An element of K as 16 bytes. */
export function extensionBytes(value: K): Uint8Array {
  return joinBytes(value.map(u32Bytes));
}

export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const result = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let position = 0;
  for (const part of parts) {
    result.set(part, position);
    position += part.length;
  }
  return result;
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

/** ASCII text as bytes. */
export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function fromHex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
