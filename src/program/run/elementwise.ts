// Sums and products are taken mod 2^32; the true values fit 32 bits (no-wrap rule), so these are they.

/** offset + Σ factors[i] · inputs[i]. */
export function runCombine(
  inputs: readonly Int32Array[],
  factors: readonly number[],
  offset: number,
): Int32Array {
  const output = new Int32Array(inputs[0].length).fill(offset);
  inputs.forEach((input, index) => {
    const factor = factors[index];
    for (let j = 0; j < output.length; j++) output[j] += Math.imul(factor, input[j]);
  });
  return output;
}

/** left · right. */
export function runMultiply(left: Int32Array, right: Int32Array): Int32Array {
  const output = new Int32Array(left.length);
  for (let j = 0; j < output.length; j++) output[j] = Math.imul(left[j], right[j]);
  return output;
}

/** floor(numerator / denominator), denominator ≥ 1: doubles tell quotients of 32-bit integers from the integers near them. */
export function runDivide(numerator: Int32Array, denominator: Int32Array): Int32Array {
  const output = new Int32Array(numerator.length);
  for (let j = 0; j < output.length; j++) output[j] = Math.floor(numerator[j] / denominator[j]);
  return output;
}

/** max(left, right). */
export function runMax(left: Int32Array, right: Int32Array): Int32Array {
  const output = new Int32Array(left.length);
  for (let j = 0; j < output.length; j++) output[j] = Math.max(left[j], right[j]);
  return output;
}
