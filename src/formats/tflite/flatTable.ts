/** Bounds-checked reading of FlatBuffers tables. */

import { ByteBuffer } from "flatbuffers";
import { TensorproofError } from "../../errors/tensorproofError.ts";

/** What may be read from one file, as a multiple of its size: tables and vectors may be shared, so that a small file can describe a large one. */
const READ_FACTOR = 16;
const READ_ALLOWANCE = 2 ** 20;

/** A file and how much of it may still be read. */
export class FlatFile {
  readonly bytes: Uint8Array;
  readonly buffer: ByteBuffer;
  #left: number;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.buffer = new ByteBuffer(bytes);
    this.#left = bytes.length * READ_FACTOR + READ_ALLOWANCE;
  }

  root(): FlatTable {
    return new FlatTable(this, this.follow(0));
  }

  /** Throws `model.truncated` unless `length` bytes lie at `position`, and `model.tooLarge` beyond the allowance. */
  require(position: number, length: number): number {
    if (position < 0 || position + length > this.bytes.length) {
      throw new TensorproofError(
        "model.truncated",
        `TFLite file: something refers to byte ${position + length - 1}, but the file ends at byte ${this.bytes.length}`,
        { where: `byte ${position}` },
      );
    }
    return position;
  }

  /** Counts `length` bytes as read. */
  spend(length: number): void {
    this.#left -= length;
    if (this.#left < 0) {
      throw new TensorproofError(
        "model.tooLarge",
        "TFLite file: its parts are shared so often that it describes far more than it holds",
      );
    }
  }

  /** The position that an offset stored at `position` leads to. */
  follow(position: number): number {
    return position + this.buffer.readUint32(this.require(position, 4));
  }
}

/** A vector's first element and length. */
interface Vector {
  readonly start: number;
  readonly length: number;
}

export class FlatTable {
  readonly #file: FlatFile;
  readonly #position: number;
  readonly #vtable: number;
  readonly #vtableLength: number;

  constructor(file: FlatFile, position: number) {
    const { buffer } = file;
    this.#file = file;
    this.#position = file.require(position, 4);
    this.#vtable = position - buffer.readInt32(position);
    this.#vtableLength = buffer.readUint16(file.require(this.#vtable, 4));
    file.require(this.#vtable, this.#vtableLength);
    file.spend(4);
  }

  /** Where a field's value is, or `undefined` for a field that is left at its default. */
  #field(id: number, width: number): number | undefined {
    const slot = 4 + 2 * id;
    if (slot + 2 > this.#vtableLength) return undefined;
    const offset = this.#file.buffer.readUint16(this.#vtable + slot);
    return offset === 0 ? undefined : this.#file.require(this.#position + offset, width);
  }

  int8(id: number): number {
    const at = this.#field(id, 1);
    return at === undefined ? 0 : this.#file.buffer.readInt8(at);
  }

  int32(id: number): number {
    const at = this.#field(id, 4);
    return at === undefined ? 0 : this.#file.buffer.readInt32(at);
  }

  float32(id: number): number {
    const at = this.#field(id, 4);
    return at === undefined ? 0 : this.#file.buffer.readFloat32(at);
  }

  boolean(id: number): boolean {
    return this.int8(id) !== 0;
  }

  has(id: number): boolean {
    return this.#field(id, 1) !== undefined;
  }

  string(id: number): string {
    return new TextDecoder().decode(this.bytes(id));
  }

  table(id: number): FlatTable | undefined {
    const at = this.#field(id, 4);
    return at === undefined ? undefined : new FlatTable(this.#file, this.#file.follow(at));
  }

  tables(id: number): FlatTable[] {
    const { start, length } = this.#vector(id, 4);
    return Array.from({ length }, (_, i) => new FlatTable(this.#file, this.#file.follow(start + 4 * i)));
  }

  /** `undefined` where the vector is absent, which differs from empty. */
  int32s(id: number): number[] | undefined {
    if (!this.has(id)) return undefined;
    const { start, length } = this.#vector(id, 4);
    return Array.from({ length }, (_, i) => this.#file.buffer.readInt32(start + 4 * i));
  }

  /** Empty where the vector is absent. */
  float32s(id: number): Float32Array {
    const { start, length } = this.#vector(id, 4);
    return Float32Array.from({ length }, (_, i) => this.#file.buffer.readFloat32(start + 4 * i));
  }

  /** Empty where the vector is absent. */
  int64s(id: number): bigint[] {
    const { start, length } = this.#vector(id, 8);
    return Array.from({ length }, (_, i) => this.#file.buffer.readInt64(start + 8 * i));
  }

  /** A view of the file, not a copy. */
  bytes(id: number): Uint8Array {
    const { start, length } = this.#vector(id, 1);
    return this.#file.bytes.subarray(start, start + length);
  }

  #vector(id: number, width: number): Vector {
    const at = this.#field(id, 4);
    if (at === undefined) return { start: 0, length: 0 };
    const position = this.#file.follow(at);
    const length = this.#file.buffer.readUint32(this.#file.require(position, 4));
    const start = this.#file.require(position + 4, length * width);
    // Raw bytes are viewed, not copied; all else becomes objects.
    if (width > 1) this.#file.spend(length * width);
    return { start, length };
  }
}
