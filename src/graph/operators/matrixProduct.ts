/** The dense matrix product behind Gemm and MatMul. */

/** A row-major matrix inside a larger buffer. */
export interface MatrixView {
  readonly data: Float32Array;
  /** Index of the first element. */
  readonly offset: number;
}

/**
 * out[i·columns + j] = Σ_k left[i, k] · right[j, k], with `left` of shape [rows, inner] and `right` of shape
 * [columns, inner] (that is, transposed, so that both are read along their rows). Sums are double precision.
 */
export function multiplyByTransposed(
  left: MatrixView,
  right: MatrixView,
  size: { readonly rows: number; readonly inner: number; readonly columns: number },
  out: Float64Array,
): void {
  const { rows, inner, columns } = size;
  const a = left.data;
  const b = right.data;
  for (let i = 0; i < rows; i++) {
    const aStart = left.offset + i * inner;
    for (let j = 0; j < columns; j++) {
      const bStart = right.offset + j * inner;
      let sum = 0;
      for (let k = 0; k < inner; k++) sum += a[aStart + k] * b[bStart + k];
      out[i * columns + j] = sum;
    }
  }
}

/** The transpose of a row-major [rows, columns] matrix, copied. */
export function transposed(matrix: MatrixView, rows: number, columns: number): MatrixView {
  const data = new Float32Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) data[j * rows + i] = matrix.data[matrix.offset + i * columns + j];
  }
  return { data, offset: 0 };
}
