/**
 * The graph of a rescaling as pieces: for each channel's multiplier the integers [lo, hi] that the input may be are cut
 * wherever the result changes, and once more where a piece would exceed what one range lookup checks. Pieces of a channel
 * are in ascending order.
 */
import { TensorproofError } from "../../errors/tensorproofError.ts";
import type { IntRange, Rescale } from "../../program/program.ts";
import { stepsOf } from "./thresholds.ts";

/** Rows of one operator's table; bounds what a hostile key can allocate before all tables are counted together. */
const MAX_PIECES = 2 ** 23;

export class RescalePieces {
  /** Per piece: channel (index of the multiplier), result, least and largest input. */
  readonly channel: Int32Array;
  readonly result: Int32Array;
  readonly low: Int32Array;
  readonly high: Int32Array;
  /** First piece of each channel, and the number of pieces at the end. */
  private readonly starts: Int32Array;

  /** `maxLength`: of a piece. */
  constructor(operator: Rescale, input: IntRange, maxLength: number) {
    const rows = new Rows();
    const starts = [0];
    stepsOf(operator, input).forEach(({ first, thresholds }, channel) => {
      for (let i = 0; i <= thresholds.length; i++) {
        const from = i === 0 ? input.lo : thresholds[i - 1];
        const to = i === thresholds.length ? input.hi : thresholds[i] - 1;
        for (let low = from; low <= to; low += maxLength) {
          rows.push(channel, first + i, low, Math.min(to, low + maxLength - 1));
        }
      }
      starts.push(rows.count);
      if (rows.count <= MAX_PIECES) return;
      throw new TensorproofError(
        "program.tablesTooLarge",
        `${operator.name}: its rescaling takes more than ${MAX_PIECES} table rows; use one multiplier for all channels or narrower sums`,
        { where: operator.name },
      );
    });
    [this.channel, this.result, this.low, this.high] = rows.columns();
    this.starts = Int32Array.from(starts);
  }

  get numChannels(): number {
    return this.starts.length - 1;
  }

  get numRows(): number {
    return this.low.length;
  }

  /** The piece of a channel that holds x, which lies in the input range. */
  pieceOf(channel: number, x: number): number {
    let from = this.starts[channel];
    let to = this.starts[channel + 1] - 1;
    while (from < to) {
      const middle = (from + to + 1) >> 1;
      if (this.low[middle] <= x) from = middle;
      else to = middle - 1;
    }
    return from;
  }
}

/** Four columns that grow together. */
class Rows {
  count = 0;
  private data = new Int32Array(4 * 1024);

  push(channel: number, result: number, low: number, high: number): void {
    const at = 4 * this.count++;
    if (at === this.data.length) {
      const grown = new Int32Array(2 * this.data.length);
      grown.set(this.data);
      this.data = grown;
    }
    this.data[at] = channel;
    this.data[at + 1] = result;
    this.data[at + 2] = low;
    this.data[at + 3] = high;
  }

  columns(): Int32Array[] {
    return [0, 1, 2, 3].map((c) => {
      const column = new Int32Array(this.count);
      for (let i = 0; i < column.length; i++) column[i] = this.data[4 * i + c];
      return column;
    });
  }
}
