import type { WindowSum } from "../program.ts";
import { numWindows } from "../window.ts";

/** The axis has `length` entries of `inner` integers each; what stands before the axis is in any number. */
export function runWindowSum(
  input: Int32Array,
  operator: WindowSum,
  length: number,
  inner: number,
): Int32Array {
  const { size, stride, padBegin } = operator;
  const windows = numWindows({ ...operator, length, dilation: 1 });
  const numOuter = input.length / (length * inner);
  const output = new Int32Array(numOuter * windows * inner);
  for (let outer = 0; outer < numOuter; outer++) {
    for (let window = 0; window < windows; window++) {
      const at = (outer * windows + window) * inner;
      const first = stride * window - padBegin;
      const end = Math.min(first + size, length);
      for (let k = Math.max(first, 0); k < end; k++) {
        const from = (outer * length + k) * inner;
        for (let j = 0; j < inner; j++) output[at + j] += input[from + j];
      }
    }
  }
  return output;
}
