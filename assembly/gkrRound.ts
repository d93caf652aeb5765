/** One round of the sumcheck of Σ eq·(a·b + c·d), block by block through a small buffer. */
import { sub } from "./field";
import { coordinate, LINE, storeLine } from "./ext";
import { dotExt } from "./dots";
import { productSums } from "./fractions";
import { scratch } from "./scratch";

/** Elements of one block: five buffers of 2 KiB stay in the first-level cache. */
const BLOCK: u32 = 128;
const BUFFER: usize = 2048;

/** out[0..4) += the sum over the low halves, out[4..8) += the sum over the slopes (high − low). */
export function gkrRound(
  out: usize, eq: usize,
  a0: usize, a1: usize, b0: usize, b1: usize, c0: usize, c1: usize, d0: usize, d1: usize,
  count: u32,
): void {
  const values = scratch();
  const a = values + BUFFER;
  const b = a + BUFFER;
  const c = b + BUFFER;
  const d = c + BUFFER;
  for (let x: u32 = 0; x < count; x += BLOCK) {
    const size = min(BLOCK, count - x);
    const at = <usize>x << 4;
    productSums(values, a0 + at, b0 + at, c0 + at, d0 + at, size);
    dotExt(out, eq + at, values, size);
    slopes(a, a0 + at, a1 + at, size);
    slopes(b, b0 + at, b1 + at, size);
    slopes(c, c0 + at, c1 + at, size);
    slopes(d, d0 + at, d1 + at, size);
    productSums(values, a, b, c, d, size);
    dotExt(out + 16, eq + at, values, size);
  }
}

function slopes(dst: usize, low: usize, high: usize, count: u32): void {
  for (let x: u32 = 0; x < count; x += 4) {
    storeLine(
      dst,
      sub(coordinate(high, 0), coordinate(low, 0)),
      sub(coordinate(high, 1), coordinate(low, 1)),
      sub(coordinate(high, 2), coordinate(low, 2)),
      sub(coordinate(high, 3), coordinate(low, 3)),
    );
    dst += LINE;
    low += LINE;
    high += LINE;
  }
}
