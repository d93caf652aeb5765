/**
 * The circle FFT of src/code/circle.ts, in place: layer l splits each of its 2^l blocks with one constant, the table's
 * word 2^l + block. Two layers are done per sweep over the data; the last two, whose blocks are shorter than a vector,
 * are done on transposed groups of 16 words.
 */
import { add, mul, mulDoubled, splatP, sub, wrap, P } from "./field";

export function circleEncodeRows(
  dst: usize, dstStride: u32, src: usize, srcStride: u32, numCoefficients: u32, logN: u32, twiddles: usize, rows: u32,
): void {
  for (let r: u32 = 0; r < rows; r++) {
    const n: u32 = 1 << logN;
    memory.copy(dst, src, <usize>numCoefficients << 2);
    memory.fill(dst + (<usize>numCoefficients << 2), 0, <usize>(n - numCoefficients) << 2);
    encodeRow(dst, numCoefficients, logN, twiddles);
    dst += <usize>dstStride << 2;
    src += <usize>srcStride << 2;
  }
}

function encodeRow(row: usize, numCoefficients: u32, logN: u32, twiddles: usize): void {
  if (logN < 4) {
    for (let layer: u32 = 0; layer < logN; layer++) scalarLayer(row, layer, logN, twiddles);
    return;
  }
  // Only the first `live` coefficients can differ from zero.
  const live = (numCoefficients + 3) & ~3;
  let layer: u32 = 0;
  if (logN & 1) {
    splitOnce(row, min(live, <u32>1 << logN), <usize>4 << (logN - 1), load<u32>(twiddles + 4));
    layer = 1;
  }
  for (; layer < logN - 2; layer += 2) {
    const blocks: u32 = 1 << layer;
    const bytes: usize = <usize>4 << (logN - layer);
    const filled = min(<usize>live << 2, bytes);
    for (let block: u32 = 0; block < blocks; block++) {
      const at = blocks + block;
      splitTwice(
        row + bytes * block, filled, bytes >> 2,
        load<u32>(twiddles + (at << 2)), load<u32>(twiddles + (at << 3)), load<u32>(twiddles + (at << 3) + 4),
      );
    }
  }
  finish(row, logN, twiddles);
}

function scalarLayer(row: usize, layer: u32, logN: u32, twiddles: usize): void {
  const blocks: u32 = 1 << layer;
  const half: u32 = 1 << (logN - layer - 1);
  for (let block: u32 = 0; block < blocks; block++) {
    const t = <u64>load<u32>(twiddles + ((blocks + block) << 2));
    for (let j: u32 = 0; j < half; j++) {
      const low = row + ((block * 2 * half + j) << 2);
      const high = low + (half << 2);
      const a = <u64>load<u32>(low);
      const b = (t * <u64>load<u32>(high)) % P;
      store<u32>(low, <u32>((a + b) % P));
      store<u32>(high, <u32>((a + P - b) % P));
    }
  }
}

/** The first layer alone, on one block of 2·half bytes. */
function splitOnce(row: usize, live: u32, half: usize, twiddle: u32): void {
  const filled = <usize>live << 2;
  const paired = filled > half ? filled - half : 0;
  const t = i32x4.splat(twiddle);
  const t2 = i32x4.add(t, t);
  for (let j: usize = 0; j < paired; j += 16) {
    const a = v128.load(row + j);
    const b = mulDoubled(t, t2, v128.load(row + half + j));
    v128.store(row + j, add(a, b));
    v128.store(row + half + j, sub(a, b));
  }
  memory.copy(row + half + paired, row + paired, min(filled, half) - paired);
}

/**
 * Two layers on one block of 4·quarter bytes: the whole block is split with t, its halves with tLow and tHigh.
 * Beyond the first `filled` bytes the block is zero, which saves products.
 */
function splitTwice(block: usize, filled: usize, quarter: usize, t: u32, tLow: u32, tHigh: u32): void {
  const w = i32x4.splat(t);
  const w2 = i32x4.add(w, w);
  const u = i32x4.splat(tLow);
  const u2 = i32x4.add(u, u);
  const v = i32x4.splat(tHigh);
  const v2 = i32x4.add(v, v);
  const end = min(filled, quarter);
  const two = filled > quarter ? min(filled - quarter, quarter) : 0;
  const all = filled > quarter << 1 ? min(filled - (quarter << 1), quarter) : 0;
  let p0 = block;
  let p1 = p0 + quarter;
  let p2 = p1 + quarter;
  let p3 = p2 + quarter;
  for (const stop = block + all; p0 < stop; ) {
    const a0 = v128.load(p0);
    const a1 = v128.load(p1);
    const m2 = mulDoubled(w, w2, v128.load(p2));
    const m3 = mulDoubled(w, w2, v128.load(p3));
    const b0 = add(a0, m2);
    const b2 = sub(a0, m2);
    const b1 = mulDoubled(u, u2, add(a1, m3));
    const b3 = mulDoubled(v, v2, sub(a1, m3));
    v128.store(p0, add(b0, b1));
    v128.store(p1, sub(b0, b1));
    v128.store(p2, add(b2, b3));
    v128.store(p3, sub(b2, b3));
    p0 += 16;
    p1 += 16;
    p2 += 16;
    p3 += 16;
  }
  for (const stop = block + two; p0 < stop; ) {
    const a0 = v128.load(p0);
    const a1 = v128.load(p1);
    const b1 = mulDoubled(u, u2, a1);
    const b3 = mulDoubled(v, v2, a1);
    v128.store(p0, add(a0, b1));
    v128.store(p1, sub(a0, b1));
    v128.store(p2, add(a0, b3));
    v128.store(p3, sub(a0, b3));
    p0 += 16;
    p1 += 16;
    p2 += 16;
    p3 += 16;
  }
  for (const stop = block + end; p0 < stop; ) {
    const a0 = v128.load(p0);
    v128.store(p1, a0);
    v128.store(p2, a0);
    v128.store(p3, a0);
    p0 += 16;
    p1 += 16;
    p2 += 16;
    p3 += 16;
  }
}

/** The last two layers, and canonical values: four blocks of four words at a time, one per lane. */
function finish(row: usize, logN: u32, twiddles: usize): void {
  // Words n/4 … n/2 − 1 of the table belong to blocks of four, words n/2 … n − 1 to blocks of two.
  let xs = twiddles + (<usize>1 << logN);
  let ys = twiddles + (<usize>2 << logN);
  for (const stop = row + (<usize>4 << logN); row < stop; row += 64) {
    const w0 = v128.load(row, 0);
    const w1 = v128.load(row, 16);
    const w2 = v128.load(row, 32);
    const w3 = v128.load(row, 48);
    const s0 = v128.shuffle<u32>(w0, w1, 0, 4, 1, 5);
    const s1 = v128.shuffle<u32>(w2, w3, 0, 4, 1, 5);
    const s2 = v128.shuffle<u32>(w0, w1, 2, 6, 3, 7);
    const s3 = v128.shuffle<u32>(w2, w3, 2, 6, 3, 7);
    const a0 = v128.shuffle<u64>(s0, s1, 0, 2);
    const a1 = v128.shuffle<u64>(s0, s1, 1, 3);
    const a2 = v128.shuffle<u64>(s2, s3, 0, 2);
    const a3 = v128.shuffle<u64>(s2, s3, 1, 3);
    const x = v128.load(xs);
    const x2 = i32x4.add(x, x);
    const y01 = v128.load(ys, 0);
    const y23 = v128.load(ys, 16);
    const m2 = mulDoubled(x, x2, a2);
    const m3 = mulDoubled(x, x2, a3);
    const b0 = add(a0, m2);
    const b2 = sub(a0, m2);
    const b1 = mul(v128.shuffle<u32>(y01, y23, 0, 2, 4, 6), add(a1, m3));
    const b3 = mul(v128.shuffle<u32>(y01, y23, 1, 3, 5, 7), sub(a1, m3));
    const c0 = wrap(add(b0, b1));
    const c1 = wrap(sub(b0, b1));
    const c2 = wrap(add(b2, b3));
    const c3 = wrap(sub(b2, b3));
    const t0 = v128.shuffle<u32>(c0, c1, 0, 4, 1, 5);
    const t1 = v128.shuffle<u32>(c2, c3, 0, 4, 1, 5);
    const t2 = v128.shuffle<u32>(c0, c1, 2, 6, 3, 7);
    const t3 = v128.shuffle<u32>(c2, c3, 2, 6, 3, 7);
    v128.store(row, v128.shuffle<u64>(t0, t1, 0, 2), 0);
    v128.store(row, v128.shuffle<u64>(t0, t1, 1, 3), 16);
    v128.store(row, v128.shuffle<u64>(t2, t3, 0, 2), 32);
    v128.store(row, v128.shuffle<u64>(t2, t3, 1, 3), 48);
    xs += 16;
    ys += 32;
  }
}
