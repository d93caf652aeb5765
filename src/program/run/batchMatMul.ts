import { addDots } from "./dots.ts";

/**
 * Matrix by matrix left · rightᵀ. left: matrices of rows of `length` integers; right: as many matrices of `numOutputs` such
 * rows. The sums must fit 32 bits.
 */
export function runBatchMatMul(
  left: Int32Array,
  right: Int32Array,
  numOutputs: number,
  length: number,
): Int32Array {
  const numMatrices = right.length / (numOutputs * length);
  const numRows = left.length / (numMatrices * length);
  const out = new Int32Array(numMatrices * numRows * numOutputs);
  for (let matrix = 0; matrix < numMatrices; matrix++) {
    addDots({
      out,
      outStart: matrix * numRows * numOutputs,
      outStride: numOutputs,
      x: left,
      xStart: matrix * numRows * length,
      xStride: length,
      numRows,
      w: right,
      wStart: matrix * numOutputs * length,
      numOutputs,
      length,
    });
  }
  return out;
}
