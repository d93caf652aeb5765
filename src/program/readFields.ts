import type { ByteReader } from "../bytes/byteReader.ts";
import type { IntRange } from "./program.ts";

/** Reads `count` entries. The count must be bounded by the bytes left (`ByteReader.count`) or by one byte. */
export function readList<T>(count: number, readEntry: (index: number) => T): T[] {
  const entries: T[] = [];
  for (let index = 0; index < count; index++) entries.push(readEntry(index));
  return entries;
}

/** Two i32; whether they are a range is checked later. */
export function readRange(reader: ByteReader): IntRange {
  const lo = reader.i32();
  return { lo, hi: reader.i32() };
}
