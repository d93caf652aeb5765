import type { ProgramConstant } from "../program.ts";
import { biasRows } from "./accumulators.ts";
import { addDots } from "./dots.ts";

/** input: rows of K integers. Returns rows of M accumulators, bias + input · weightᵀ, which must fit 32 bits. */
export function runMatMul(
  input: Int32Array,
  weight: ProgramConstant,
  bias: ProgramConstant | null,
): Int32Array {
  const [numOutputs, length] = weight.shape;
  const numRows = input.length / length;
  const out = biasRows(numRows, numOutputs, bias);
  const x = { x: input, xStart: 0, xStride: length, numRows };
  addDots({ out, outStart: 0, outStride: numOutputs, ...x, w: weight.data, wStart: 0, numOutputs, length });
  return out;
}
