/**
 * out[r·outStride + m] += Σ_k x[r·xStride + k] · w[m·length + k] for r < numRows and m < numOutputs, each array from its
 * offset on. Exact: sums wrap mod 2^32, and the true sum fits 32 bits.
 */
export interface DotsJob {
  readonly out: Int32Array;
  readonly outStart: number;
  readonly outStride: number;
  readonly x: Int32Array;
  readonly xStart: number;
  readonly xStride: number;
  readonly numRows: number;
  readonly w: Int32Array;
  readonly wStart: number;
  readonly numOutputs: number;
  readonly length: number;
}

/** Two rows with four weight rows: eight sums in registers for six loads. */
function twoByFour(
  out: Int32Array,
  at0: number,
  at1: number,
  x: Int32Array,
  xStart0: number,
  xStart1: number,
  w: Int32Array,
  wStart: number,
  length: number,
): void {
  let a0 = 0;
  let a1 = 0;
  let a2 = 0;
  let a3 = 0;
  let b0 = 0;
  let b1 = 0;
  let b2 = 0;
  let b3 = 0;
  const w1 = wStart + length;
  const w2 = w1 + length;
  const w3 = w2 + length;
  for (let k = 0; k < length; k++) {
    const a = x[xStart0 + k];
    const b = x[xStart1 + k];
    let weight = w[wStart + k];
    a0 = (a0 + Math.imul(a, weight)) | 0;
    b0 = (b0 + Math.imul(b, weight)) | 0;
    weight = w[w1 + k];
    a1 = (a1 + Math.imul(a, weight)) | 0;
    b1 = (b1 + Math.imul(b, weight)) | 0;
    weight = w[w2 + k];
    a2 = (a2 + Math.imul(a, weight)) | 0;
    b2 = (b2 + Math.imul(b, weight)) | 0;
    weight = w[w3 + k];
    a3 = (a3 + Math.imul(a, weight)) | 0;
    b3 = (b3 + Math.imul(b, weight)) | 0;
  }
  out[at0] += a0;
  out[at0 + 1] += a1;
  out[at0 + 2] += a2;
  out[at0 + 3] += a3;
  out[at1] += b0;
  out[at1 + 1] += b1;
  out[at1 + 2] += b2;
  out[at1 + 3] += b3;
}

function oneByFour(
  out: Int32Array,
  at: number,
  x: Int32Array,
  xStart: number,
  w: Int32Array,
  wStart: number,
  length: number,
): void {
  let a0 = 0;
  let a1 = 0;
  let a2 = 0;
  let a3 = 0;
  const w1 = wStart + length;
  const w2 = w1 + length;
  const w3 = w2 + length;
  for (let k = 0; k < length; k++) {
    const a = x[xStart + k];
    a0 = (a0 + Math.imul(a, w[wStart + k])) | 0;
    a1 = (a1 + Math.imul(a, w[w1 + k])) | 0;
    a2 = (a2 + Math.imul(a, w[w2 + k])) | 0;
    a3 = (a3 + Math.imul(a, w[w3 + k])) | 0;
  }
  out[at] += a0;
  out[at + 1] += a1;
  out[at + 2] += a2;
  out[at + 3] += a3;
}

function oneDot(x: Int32Array, xStart: number, w: Int32Array, wStart: number, length: number): number {
  let acc = 0;
  for (let k = 0; k < length; k++) acc = (acc + Math.imul(x[xStart + k], w[wStart + k])) | 0;
  return acc;
}

/** Adds all dot products of the job. */
export function addDots(job: DotsJob): void {
  const { out, outStart, outStride, x, xStart, xStride, numRows, w, wStart, numOutputs, length } = job;
  const numBlocked = numOutputs - (numOutputs % 4);
  for (let row = 0; row < numRows; row++) {
    const isPair = row + 1 < numRows;
    const at = outStart + row * outStride;
    const from = xStart + row * xStride;
    for (let m = 0; m < numBlocked; m += 4) {
      const weights = wStart + m * length;
      if (isPair) {
        twoByFour(out, at + m, at + m + outStride, x, from, from + xStride, w, weights, length);
      } else {
        oneByFour(out, at + m, x, from, w, weights, length);
      }
    }
    for (let m = numBlocked; m < numOutputs; m++) {
      const weights = wStart + m * length;
      out[at + m] += oneDot(x, from, w, weights, length);
      if (isPair) out[at + m + outStride] += oneDot(x, from + xStride, w, weights, length);
    }
    if (isPair) row++;
  }
}
