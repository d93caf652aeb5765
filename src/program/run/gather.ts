export interface GatherShape {
  readonly numTables: number;
  readonly numEntries: number;
  /** Per table. */
  readonly numIndices: number;
  /** Elements of one entry. */
  readonly inner: number;
}

/** The entries that the indices name, each of which lies in [0, numEntries − 1]. */
export function runGather(table: Int32Array, index: Int32Array, shape: GatherShape): Int32Array {
  const { numTables, numEntries, numIndices, inner } = shape;
  const output = new Int32Array(numTables * numIndices * inner);
  for (let i = 0; i < numTables * numIndices; i++) {
    const start = (Math.floor(i / numIndices) * numEntries + index[i]) * inner;
    output.set(table.subarray(start, start + inner), i * inner);
  }
  return output;
}
