import type { ProgramConstant } from "../program.ts";

/** Sums of products of four weight rows with one input row. Exact: sums wrap mod 2^32, and the true sum fits 32 bits. */
function fourDots(
  out: Int32Array,
  at: number,
  x: Int32Array,
  xStart: number,
  w: Int32Array,
  wStart: number,
  length: number,
): void {
  let acc0 = out[at];
  let acc1 = out[at + 1];
  let acc2 = out[at + 2];
  let acc3 = out[at + 3];
  let w0 = wStart;
  let w1 = wStart + length;
  let w2 = w1 + length;
  let w3 = w2 + length;
  const end = xStart + length;
  for (let k = xStart; k < end; k++) {
    const value = x[k];
    acc0 = (acc0 + Math.imul(value, w[w0++])) | 0;
    acc1 = (acc1 + Math.imul(value, w[w1++])) | 0;
    acc2 = (acc2 + Math.imul(value, w[w2++])) | 0;
    acc3 = (acc3 + Math.imul(value, w[w3++])) | 0;
  }
  out[at] = acc0;
  out[at + 1] = acc1;
  out[at + 2] = acc2;
  out[at + 3] = acc3;
}

function oneDot(x: Int32Array, xStart: number, w: Int32Array, wStart: number, length: number): number {
  let acc = 0;
  for (let k = 0; k < length; k++) acc = (acc + Math.imul(x[xStart + k], w[wStart + k])) | 0;
  return acc;
}

/** input: rows of K integers. Returns rows of M accumulators, bias + input · weightᵀ, which must fit 32 bits. */
export function runMatMul(
  input: Int32Array,
  weight: ProgramConstant,
  bias: ProgramConstant | null,
): Int32Array {
  const [numOutputs, length] = weight.shape;
  const numRows = input.length / length;
  const output = new Int32Array(numRows * numOutputs);
  const numBlocked = numOutputs - (numOutputs % 4);
  for (let row = 0; row < numRows; row++) {
    const at = row * numOutputs;
    if (bias !== null) output.set(bias.data, at);
    for (let m = 0; m < numBlocked; m += 4) {
      fourDots(output, at + m, input, row * length, weight.data, m * length, length);
    }
    for (let m = numBlocked; m < numOutputs; m++) {
      output[at + m] += oneDot(input, row * length, weight.data, m * length, length);
    }
  }
  return output;
}
