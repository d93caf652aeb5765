import type { Rescale } from "../program.ts";
import { rescaleOutput } from "../rescaleValue.ts";

/** Element by element clamp(round(x) + zeroPoint); rows of `length` integers, the length of the last axis. */
export function runRescale(input: Int32Array, operator: Rescale, length: number): Int32Array {
  const output = new Int32Array(input.length);
  for (let start = 0; start < input.length; start += length) {
    for (let channel = 0; channel < length; channel++) {
      output[start + channel] = rescaleOutput(operator, channel, input[start + channel]);
    }
  }
  return output;
}
