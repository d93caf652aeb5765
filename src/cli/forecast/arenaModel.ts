/** The addresses that kernels/arena.ts would hand out, without a memory behind them. */

/** As in kernels/arena.ts: whole lines, and large arrays kept apart. */
const LINE_BYTES = 64;
const LARGE_BYTES = 2048;
const PADDING_BYTES = 5 * LINE_BYTES;

export class ArenaModel {
  private top = 0;
  private highest = 0;

  /** Bytes between the start and the highest address ever handed out. */
  get peakBytes(): number {
    return this.highest;
  }

  alloc(numWords: number): void {
    const bytes = Math.ceil((4 * numWords) / LINE_BYTES) * LINE_BYTES;
    this.top += bytes < LARGE_BYTES ? bytes : bytes + PADDING_BYTES;
    this.highest = Math.max(this.highest, this.top);
  }

  mark(): number {
    return this.top;
  }

  release(mark: number): void {
    this.top = mark;
  }

  /** What `use` allocates is given back at its end. */
  within(use: () => void): void {
    const mark = this.mark();
    use();
    this.release(mark);
  }
}
