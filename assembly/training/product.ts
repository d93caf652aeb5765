/**
 * The product of two matrices in single precision, of panels that the caller packs: A in panels of 4 rows, B in panels of
 * 8 columns, C in tiles of 4 × 8, row-major with rows of 8·panelsB. All sums run over k in order, so results are the same on
 * every machine.
 */

/** C = A · B. Addresses in bytes, aligned to 16. */
export function product(a: usize, b: usize, c: usize, panelsA: i32, panelsB: i32, k: i32): void {
  const rowBytes: usize = (<usize>panelsB) << 5;
  const panelBytesA: usize = (<usize>k) << 4;
  const panelBytesB: usize = (<usize>k) << 5;
  for (let j: i32 = 0; j < panelsB; j++) {
    const panelB = b + <usize>j * panelBytesB;
    let tile = c + ((<usize>j) << 5);
    let panelA = a;
    for (let i: i32 = 0; i < panelsA; i++) {
      let c00: v128, c01: v128, c10: v128, c11: v128, c20: v128, c21: v128, c30: v128, c31: v128;
      const row1 = tile + rowBytes;
      const row2 = row1 + rowBytes;
      const row3 = row2 + rowBytes;
      c00 = f32x4.splat(0);
      c01 = c00;
      c10 = c00;
      c11 = c00;
      c20 = c00;
      c21 = c00;
      c30 = c00;
      c31 = c00;
      let pa = panelA;
      let pb = panelB;
      const end = panelA + panelBytesA;
      while (pa < end) {
        const b0 = v128.load(pb);
        const b1 = v128.load(pb, 16);
        const a0 = v128.load32_splat(pa);
        c00 = f32x4.add(c00, f32x4.mul(a0, b0));
        c01 = f32x4.add(c01, f32x4.mul(a0, b1));
        const a1 = v128.load32_splat(pa, 4);
        c10 = f32x4.add(c10, f32x4.mul(a1, b0));
        c11 = f32x4.add(c11, f32x4.mul(a1, b1));
        const a2 = v128.load32_splat(pa, 8);
        c20 = f32x4.add(c20, f32x4.mul(a2, b0));
        c21 = f32x4.add(c21, f32x4.mul(a2, b1));
        const a3 = v128.load32_splat(pa, 12);
        c30 = f32x4.add(c30, f32x4.mul(a3, b0));
        c31 = f32x4.add(c31, f32x4.mul(a3, b1));
        pa += 16;
        pb += 32;
      }
      v128.store(tile, c00);
      v128.store(tile, c01, 16);
      v128.store(row1, c10);
      v128.store(row1, c11, 16);
      v128.store(row2, c20);
      v128.store(row2, c21, 16);
      v128.store(row3, c30);
      v128.store(row3, c31, 16);
      tile = row3 + rowBytes;
      panelA = end;
    }
  }
}

/** Packs a matrix of rows × columns into panels of `width` columns: panel[p][r] = source[p][first + r]; zeros beyond. */
export function packColumns(source: usize, target: usize, rows: i32, columns: i32, width: i32): void {
  for (let first: i32 = 0; first < columns; first += width) {
    const taken = min(width, columns - first);
    for (let p: i32 = 0; p < rows; p++) {
      const from = source + ((<usize>p * <usize>columns + <usize>first) << 2);
      if (taken == width) {
        v128.store(target, v128.load(from));
        if (width == 8) v128.store(target, v128.load(from, 16), 16);
      } else {
        for (let r: i32 = 0; r < width; r++)
          store<f32>(target + ((<usize>r) << 2), r < taken ? load<f32>(from + ((<usize>r) << 2)) : 0);
      }
      target += (<usize>width) << 2;
    }
  }
}

/** Packs a matrix of rows × columns into panels of `width` rows: panel[p][r] = source[first + r][p]; zeros beyond. */
export function packRows(source: usize, target: usize, rows: i32, columns: i32, width: i32): void {
  for (let first: i32 = 0; first < rows; first += width) {
    const taken = min(width, rows - first);
    for (let r: i32 = 0; r < width; r++) {
      let to = target + ((<usize>r) << 2);
      let from = source + ((<usize>(first + r) * <usize>columns) << 2);
      for (let p: i32 = 0; p < columns; p++) {
        store<f32>(to, r < taken ? load<f32>(from) : 0);
        from += 4;
        to += (<usize>width) << 2;
      }
    }
    target += (<usize>columns * <usize>width) << 2;
  }
}
