import { TensorproofError } from "../errors/tensorproofError.ts";

/** Reads little-endian values from untrusted bytes. Every method throws `<area>.truncated` beyond the end. */
export class ByteReader {
  readonly #area: string;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  /** `area`: what is being read, the first half of error codes: `program`, `proof`, `key`. */
  constructor(bytes: Uint8Array, area: string) {
    this.#area = area;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get bytesLeft(): number {
    return this.#bytes.length - this.#at;
  }

  /** "byte N", for messages. */
  get where(): string {
    return `byte ${this.#at}`;
  }

  /** Throws `<area>.truncated` unless `count` bytes are left: call it before allocating for them. */
  require(count: number): void {
    if (count <= this.bytesLeft) return;
    const message = `${this.where}: ${count} more bytes were expected, ${this.bytesLeft} are left`;
    throw new TensorproofError(`${this.#area}.truncated`, message, { where: this.where });
  }

  /** Bytes that decode, but not to what the encoder would have written. */
  notCanonical(where: string, message: string): TensorproofError {
    return new TensorproofError(`${this.#area}.notCanonical`, `${where}: ${message}`, { where });
  }

  #take(count: number): number {
    this.require(count);
    const at = this.#at;
    this.#at += count;
    return at;
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  i8(): number {
    return this.#view.getInt8(this.#take(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  i16(): number {
    return this.#view.getInt16(this.#take(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  i32(): number {
    return this.#view.getInt32(this.#take(4), true);
  }

  /** A finite float. −0 is refused: it would be a second encoding of 0. */
  f64(): number {
    const { where } = this;
    const value = this.#view.getFloat64(this.#take(8), true);
    if (!Number.isFinite(value) || Object.is(value, -0))
      throw this.notCanonical(where, `${value} is not a finite float`);
    return value;
  }

  /** The next `count` bytes, not copied. */
  bytes(count: number): Uint8Array {
    const at = this.#take(count);
    return this.#bytes.subarray(at, at + count);
  }

  /** A count of things that take at least `bytesEach` bytes; refused when the bytes left cannot hold as many. */
  count(bytesEach: number): number {
    const count = this.u32();
    this.require(count * bytesEach);
    return count;
  }

  text(): string {
    const { where } = this;
    const encoded = this.bytes(this.u16());
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(encoded);
    } catch {
      throw this.notCanonical(where, "a name is not valid UTF-8");
    }
  }

  /** Throws `<area>.notCanonical` unless everything was read. */
  end(): void {
    if (this.bytesLeft > 0) throw this.notCanonical(this.where, `${this.bytesLeft} bytes follow the end`);
  }
}
