/** Where the fields of a file lie, overheard from its reader: whatever is read at once is a field. */
import { ByteReader } from "../../src/bytes/byteReader.ts";

export interface Field {
  readonly start: number;
  readonly end: number;
}

const READS = ["u8", "i8", "u16", "i16", "u32", "i32", "f64", "bytes", "text"] as const;

/** Fields that `parse` reads of these bytes, in their order; those inside other fields as well. */
export function fieldsOf(bytes: Uint8Array, parse: () => void): Field[] {
  const fields = new Map<string, Field>();
  const prototype = ByteReader.prototype as unknown as Record<string, (...args: unknown[]) => unknown>;
  const originals = READS.map((name) => [name, prototype[name]] as const);
  const position = (reader: ByteReader): number => {
    const here = originals[READS.indexOf("bytes")][1].call(reader, 0) as Uint8Array;
    return here.buffer === bytes.buffer ? here.byteOffset - bytes.byteOffset : -1;
  };
  try {
    for (const [name, read] of originals) {
      prototype[name] = function (this: ByteReader, ...args: unknown[]): unknown {
        const start = position(this);
        const value = read.apply(this, args);
        const end = position(this);
        if (start >= 0 && end > start) fields.set(`${start} ${end}`, { start, end });
        return value;
      };
    }
    parse();
  } finally {
    for (const [name, read] of originals) prototype[name] = read;
  }
  return [...fields.values()].sort((a, b) => a.start - b.start || b.end - a.end);
}
