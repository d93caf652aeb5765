/** `blocks[i]` integers of input i follow one another: what one entry before the axis holds of it. */
export function runConcat(inputs: readonly Int32Array[], blocks: readonly number[]): Int32Array {
  const stride = blocks.reduce((sum, block) => sum + block, 0);
  const numOuter = inputs[0].length / blocks[0];
  const output = new Int32Array(numOuter * stride);
  let start = 0;
  inputs.forEach((input, index) => {
    const block = blocks[index];
    for (let outer = 0; outer < numOuter; outer++) {
      output.set(input.subarray(outer * block, (outer + 1) * block), outer * stride + start);
    }
    start += block;
  });
  return output;
}
