import type { Take } from "../program.ts";

/** The axis has `length` entries of `inner` integers each; what stands before the axis is in any number. */
export function runTake(input: Int32Array, operator: Take, length: number, inner: number): Int32Array {
  const { indices, fill } = operator;
  const numOuter = input.length / (length * inner);
  const output = new Int32Array(numOuter * indices.length * inner);
  let at = 0;
  for (let outer = 0; outer < numOuter; outer++) {
    for (const index of indices) {
      const from = (outer * length + index) * inner;
      if (index === -1) output.fill(fill, at, at + inner);
      else for (let j = 0; j < inner; j++) output[at + j] = input[from + j];
      at += inner;
    }
  }
  return output;
}
