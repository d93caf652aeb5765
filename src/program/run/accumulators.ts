import type { ProgramConstant } from "../program.ts";

/** Rows of accumulators before anything is added: the bias in each, or zeros. */
export function biasRows(numRows: number, numOutputs: number, bias: ProgramConstant | null): Int32Array {
  const output = new Int32Array(numRows * numOutputs);
  if (bias !== null) {
    for (let row = 0; row < numRows; row++) output.set(bias.data, row * numOutputs);
  }
  return output;
}
