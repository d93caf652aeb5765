/**
 * One training image as its lit pixels only. About four fifths of an MNIST image are black, so the first layer costs
 * a fifth of its dense multiplications both forwards and backwards.
 */
import { PIXELS, SIDE } from "./dataset.mjs";

export class SparseImage {
  indices = new Uint16Array(PIXELS);
  values = new Float32Array(PIXELS);
  count = 0;

  /**
   * Loads image `index` moved by (dx, dy); what leaves the frame is lost, what enters is black.
   * @param {Uint8Array} pixels
   */
  load(pixels, index, dx, dy) {
    const start = index * PIXELS;
    let count = 0;
    for (let row = 0; row < SIDE; row++) {
      const toRow = row + dy;
      if (toRow < 0 || toRow >= SIDE) continue;
      for (let column = 0; column < SIDE; column++) {
        const value = pixels[start + row * SIDE + column];
        const toColumn = column + dx;
        if (value === 0 || toColumn < 0 || toColumn >= SIDE) continue;
        this.indices[count] = toRow * SIDE + toColumn;
        this.values[count] = value / 255;
        count++;
      }
    }
    this.count = count;
  }
}
