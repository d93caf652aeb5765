import type { Arena } from "../arena.ts";
import { extWords } from "../extLayout.ts";
import type { JobRunner } from "./jobRunner.ts";

export interface Halves {
  readonly low: number;
  readonly high: number;
}

/** Elements for which room is kept, so that short tables never make the memory grow. */
const ROOM = 1024;
const MAX_ARRAYS = 4;

/**
 * Kernels want both halves of an ext4 array to begin at a line. Where half is no multiple of 4 (the last rounds of a
 * sumcheck) the high half begins inside a line; they then work on copies.
 */
export class HalfAligner {
  readonly #arena: Arena;
  readonly #jobs: JobRunner;
  readonly #room: number;

  constructor(arena: Arena, jobs: JobRunner) {
    this.#arena = arena;
    this.#jobs = jobs;
    this.#room = arena.alloc(MAX_ARRAYS * extWords(ROOM));
  }

  /** Passes the halves of arrays of 2·half elements. */
  read(arrays: readonly number[], half: number, use: (halves: readonly Halves[]) => void): void {
    if (half % 4 === 0) {
      use(arrays.map((low) => ({ low, high: low + 16 * half })));
      return;
    }
    this.#withCopies(arrays.length, half, (copies) => {
      const halves = arrays.map((low, k) => ({ low, high: copies[k] }));
      for (const { low, high } of halves) this.#jobs.extMove(high, 0, low, half, half);
      use(halves);
    });
  }

  /** Passes where to write the halves of `array`. */
  write(array: number, half: number, use: (halves: Halves) => void): void {
    if (half % 4 === 0) {
      use({ low: array, high: array + 16 * half });
      return;
    }
    this.#withCopies(2, half, ([low, high]) => {
      use({ low, high });
      this.#jobs.extMove(array, 0, low, 0, half);
      this.#jobs.extMove(array, half, high, 0, half);
    });
  }

  #withCopies(count: number, length: number, use: (copies: readonly number[]) => void): void {
    const mark = this.#arena.mark();
    const bytes = 4 * extWords(length);
    const base = length <= ROOM ? this.#room : this.#arena.alloc((count * bytes) / 4);
    try {
      use(Array.from({ length: count }, (_, k) => base + k * bytes));
    } finally {
      this.#arena.release(mark);
    }
  }
}
