/** The constant's integers once for each sample. */
export function runConstant(data: Int32Array, batch: number): Int32Array {
  const output = new Int32Array(batch * data.length);
  for (let sample = 0; sample < batch; sample++) output.set(data, sample * data.length);
  return output;
}
