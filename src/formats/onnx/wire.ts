/** Reading of protobuf messages, field by field, within bounds. */

import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { TensorproofError } from "../../errors/tensorproofError.ts";
import { clampInteger } from "./elementTypes.ts";

/** A message within the file's bytes. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** One field's value, read by the accessor that fits what the field should be. */
export interface FieldReader {
  readonly field: number;
  /** A nested message. */
  readonly message: () => Span;
  readonly string: () => string;
  /** A view of the file's bytes, not a copy. */
  readonly bytes: () => Uint8Array;
  readonly int: () => number;
  readonly float: () => number;
  /** A repeated number, packed or not: appends what this occurrence of the field holds. */
  readonly ints: (into: number[]) => void;
  readonly floats: (into: number[]) => void;
  readonly doubles: (into: number[]) => void;
}

export class WireFile {
  readonly bytes: Uint8Array;
  readonly #reader: BinaryReader;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#reader = new BinaryReader(bytes);
  }

  whole(): Span {
    return { start: 0, end: this.bytes.length };
  }

  /**
   * Calls `visit` for every field of a message; fields that it does not read are skipped. Throws `model.truncated` when
   * a length leads outside the message and `model.malformed` when a field is not of the type its number says.
   */
  forEachField(span: Span, visit: (reader: FieldReader) => void): void {
    const reader = this.#reader;
    let position = span.start;
    while (position < span.end) {
      reader.pos = position;
      const { field, wireType } = this.#guard(position, () => {
        const [number, type] = reader.tag();
        return { field: number, wireType: type };
      });
      const valueStart = reader.pos;
      this.#guard(position, () => reader.skip(wireType, field));
      const valueEnd = reader.pos;
      if (valueEnd > span.end) throw truncated(position, span.end);
      visit(this.#fieldReader(field, wireType, valueStart, valueEnd));
      position = valueEnd;
    }
  }

  #fieldReader(field: number, wireType: WireType, start: number, end: number): FieldReader {
    const reader = this.#reader;
    const expect = (type: WireType): void => {
      if (wireType !== type) throw malformed(start, `field ${field} is not of the type it should have`);
      reader.pos = start;
    };
    const packed = (single: WireType, read: () => number, into: number[]): void => {
      if (wireType === WireType.LengthDelimited) {
        reader.pos = start;
        reader.uint32();
        while (reader.pos < end) into.push(this.#guard(reader.pos, read));
        if (reader.pos > end) throw truncated(start, end);
      } else {
        expect(single);
        into.push(this.#guard(start, read));
      }
    };
    const int64 = (): number => clampInteger(BigInt(reader.int64()));
    return {
      field,
      message: () => {
        expect(WireType.LengthDelimited);
        reader.uint32();
        return { start: reader.pos, end };
      },
      string: () => {
        expect(WireType.LengthDelimited);
        return reader.string();
      },
      bytes: () => {
        expect(WireType.LengthDelimited);
        return reader.bytes();
      },
      int: () => {
        expect(WireType.Varint);
        return this.#guard(start, int64);
      },
      float: () => {
        expect(WireType.Bit32);
        return reader.float();
      },
      ints: (into) => packed(WireType.Varint, int64, into),
      floats: (into) => packed(WireType.Bit32, () => reader.float(), into),
      doubles: (into) => packed(WireType.Bit64, () => reader.double(), into),
    };
  }

  /** The wire reader's own errors, with the place: it throws a RangeError at the end of the bytes, an Error otherwise. */
  #guard<T>(position: number, read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (error instanceof RangeError) throw truncated(position, this.bytes.length, error);
      throw malformed(position, error instanceof Error ? error.message : "unreadable field", error);
    }
  }
}

function truncated(position: number, end: number, cause?: unknown): TensorproofError {
  return new TensorproofError(
    "model.truncated",
    `ONNX file: the field at byte ${position} reaches beyond byte ${end}, where it has to end`,
    { where: `byte ${position}`, cause },
  );
}

/** The error for bytes that contradict the format. */
export function malformed(position: number, reason: string, cause?: unknown): TensorproofError {
  return new TensorproofError("model.malformed", `ONNX file: ${reason} (byte ${position})`, {
    where: `byte ${position}`,
    cause,
  });
}
