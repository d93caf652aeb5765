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
  /** Per channel, its first piece with the second least result and its first with the largest; the same where there is one result. */
  private readonly inner: Int32Array;
  private readonly last: Int32Array;
  /** Pieces per input between these two: all about equally long, for results step with the inputs. */
  private readonly density: Float64Array;
  private readonly maxLength: number;

  /** `maxLength`: of a piece. */
  constructor(operator: Rescale, input: IntRange, maxLength: number) {
    const rows = new Rows();
    const starts = [0];
    const inner: number[] = [];
    const last: number[] = [];
    stepsOf(operator, input).forEach(({ first, thresholds }, channel) => {
      for (let i = 0; i <= thresholds.length; i++) {
        const from = i === 0 ? input.lo : thresholds[i - 1];
        const to = i === thresholds.length ? input.hi : thresholds[i] - 1;
        if (i === Math.min(1, thresholds.length)) inner.push(rows.count);
        if (i === thresholds.length) last.push(rows.count);
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
    this.inner = Int32Array.from(inner);
    this.last = Int32Array.from(last);
    this.maxLength = maxLength;
    this.density = Float64Array.from(last, (end, channel) => {
      const from = inner[channel];
      return end > from ? (end - from) / (this.low[end] - this.low[from]) : 0;
    });
  }

  get numChannels(): number {
    return this.starts.length - 1;
  }

  get numRows(): number {
    return this.low.length;
  }

  /** The piece of a channel that holds x; the nearest one for x outside of the input range. */
  pieceOf(channel: number, x: number): number {
    const { low, maxLength } = this;
    const inner = this.inner[channel];
    const last = this.last[channel];
    // Most inputs are clamped: pieces of the least and of the largest result are all of the same length.
    if (x >= low[last]) {
      return Math.min(this.starts[channel + 1] - 1, last + Math.floor((x - low[last]) / maxLength));
    }
    const first = this.starts[channel];
    if (x < low[inner]) return Math.max(first, first + Math.floor((x - low[first]) / maxLength));
    let piece = Math.min(last - 1, inner + Math.floor((x - low[inner]) * this.density[channel]));
    while (low[piece] > x) piece--;
    while (low[piece + 1] <= x) piece++;
    return piece;
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
