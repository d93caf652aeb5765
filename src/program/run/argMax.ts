/** For each row of `length` integers, the index of the largest, the lowest index among equals. */
export function runArgMax(input: Int32Array, length: number): Int32Array {
  const output = new Int32Array(input.length / length);
  for (let row = 0; row < output.length; row++) {
    const start = row * length;
    let best = 0;
    for (let m = 1; m < length; m++) {
      if (input[start + m] > input[start + best]) best = m;
    }
    output[row] = best;
  }
  return output;
}
