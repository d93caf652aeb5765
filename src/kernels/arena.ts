/**
 * Stack allocation inside one WebAssembly memory: `mark`, any number of `alloc`, `release`. Fresh memory is zero by
 * construction; only what lies below the highest address ever handed out is cleared again.
 */
import { TensorproofError } from "../errors/tensorproofError.ts";

export const PAGE_BYTES = 65536;
/** Kernels may load whole 16-byte vectors that begin in the last line of an array. */
const GUARD_BYTES = 64;
/** From here on arrays are kept apart, so that equally long ones do not compete for the same cache sets. */
const LARGE_BYTES = 2048;
/** Five lines: an odd number, so that up to 64 neighbours start in different sets of a 4 KiB cache way. */
const PADDING_BYTES = 5 * 64;

export class Arena {
  readonly #memory: WebAssembly.Memory;
  readonly #limit: number;
  #words: Uint32Array;
  #top: number;
  #dirty: number;

  /** `start`: bytes below it are the owner's. `limit`: bytes the memory may grow to. */
  constructor(memory: WebAssembly.Memory, start: number, limit: number) {
    this.#memory = memory;
    this.#limit = Math.floor(limit / PAGE_BYTES) * PAGE_BYTES;
    this.#words = new Uint32Array(memory.buffer);
    this.#top = start;
    this.#dirty = start;
    this.#reserve(start);
  }

  get words(): Uint32Array {
    return this.#words;
  }

  alloc(numWords: number): number {
    const dirty = this.#dirty;
    const start = this.allocUnset(numWords);
    const end = start + byteLength(numWords);
    if (start < dirty) this.#words.fill(0, start / 4, Math.min(end, dirty) / 4);
    return start;
  }

  /** The same with whatever contents. */
  allocUnset(numWords: number): number {
    if (!Number.isSafeInteger(numWords) || numWords < 0) {
      throw new RangeError(`alloc: expected a number of words, got ${numWords}`);
    }
    const start = this.#top;
    const end = start + byteLength(numWords);
    this.#reserve(end);
    this.#top = end - start < LARGE_BYTES ? end : end + PADDING_BYTES;
    this.#dirty = Math.max(this.#dirty, end);
    return start;
  }

  mark(): number {
    return this.#top;
  }

  release(mark: number): void {
    if (!(mark <= this.#top))
      throw new RangeError(`release: expected a mark up to ${this.#top}, got ${mark}`);
    this.#top = mark;
  }

  /** Grows the memory until `end` and the guard behind it exist. */
  #reserve(end: number): void {
    const needed = end + GUARD_BYTES;
    const size = this.#words.byteLength;
    if (needed > size) {
      if (needed > this.#limit) throw outOfMemory(needed, this.#limit);
      // A quarter more than asked for: each growth of an unshared memory makes a new buffer.
      const target = Math.min(this.#limit, Math.max(needed, size + size / 4));
      try {
        this.#memory.grow(Math.ceil((target - size) / PAGE_BYTES));
      } catch (cause) {
        throw outOfMemory(needed, this.#limit, cause);
      }
      this.#words = new Uint32Array(this.#memory.buffer);
    }
  }
}

/** Whole lines. */
function byteLength(numWords: number): number {
  return Math.ceil(numWords / 16) * 64;
}

function outOfMemory(needed: number, limit: number, cause?: unknown): TensorproofError {
  const mebibytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MiB`;
  return new TensorproofError(
    "resources.memory",
    `the prover needs at least ${mebibytes(needed)} of working memory, the limit is ${mebibytes(limit)}`,
    { category: "resources", cause },
  );
}
