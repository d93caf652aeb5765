/** Windows that slide over an image [channels, height, width]. */

/** Two-dimensional windows; `pads` as ONNX writes them: top, left, bottom, right. */
export interface WindowGeometry {
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly pads: readonly [number, number, number, number];
}

export interface ImageShape {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** How many windows fit, by height and width; not positive where none does. */
export function windowCounts(
  { height, width }: ImageShape,
  { kernel, strides, pads }: WindowGeometry,
): readonly [number, number] {
  const [top, left, bottom, right] = pads;
  return [
    Math.floor((height + top + bottom - kernel[0]) / strides[0]) + 1,
    Math.floor((width + left + right - kernel[1]) / strides[1]) + 1,
  ];
}

/** Pads that keep ⌈length / stride⌉ windows along each axis, the odd one at the end (ONNX `SAME_UPPER`). */
export function samePads(
  { height, width }: ImageShape,
  kernel: readonly [number, number],
  strides: readonly [number, number],
): readonly [number, number, number, number] {
  const total = (length: number, size: number, stride: number): number =>
    Math.max(0, (Math.ceil(length / stride) - 1) * stride + size - length);
  const vertical = total(height, kernel[0], strides[0]);
  const horizontal = total(width, kernel[1], strides[1]);
  const [top, left] = [Math.floor(vertical / 2), Math.floor(horizontal / 2)];
  return [top, left, vertical - top, horizontal - left];
}

/** First and last + 1 of the windows whose tap at `offset` lies inside an axis of this length. */
function windowsInside(
  offset: number,
  length: number,
  stride: number,
  count: number,
): readonly [number, number] {
  const first = Math.max(0, Math.ceil(-offset / stride));
  const end = Math.min(count, Math.floor((length - 1 - offset) / stride) + 1);
  return [Math.min(first, count), Math.max(end, Math.min(first, count))];
}

/**
 * One sample as a matrix [channels · kernel height · kernel width, windows] (im2col, Chellapilla et al. 2006), so that a
 * convolution is a matrix product. Taps in the padding are 0.
 */
export function unfold(
  image: Float32Array,
  { channels, height, width }: ImageShape,
  geometry: WindowGeometry,
  columns: Float32Array,
): void {
  const { kernel, strides, pads } = geometry;
  const [rows, perRow] = windowCounts({ channels, height, width }, geometry);
  let target = 0;
  for (let channel = 0; channel < channels; channel++) {
    for (let ky = 0; ky < kernel[0]; ky++) {
      const [firstRow, endRow] = windowsInside(ky - pads[0], height, strides[0], rows);
      for (let kx = 0; kx < kernel[1]; kx++, target += rows * perRow) {
        const offset = kx - pads[1];
        const [first, end] = windowsInside(offset, width, strides[1], perRow);
        columns.fill(0, target, target + firstRow * perRow);
        for (let y = firstRow; y < endRow; y++) {
          const to = target + y * perRow;
          const from = (channel * height + y * strides[0] + ky - pads[0]) * width + offset;
          for (let x = 0; x < first; x++) columns[to + x] = 0;
          if (strides[1] === 1) for (let x = first; x < end; x++) columns[to + x] = image[from + x];
          else for (let x = first; x < end; x++) columns[to + x] = image[from + x * strides[1]];
          for (let x = end; x < perRow; x++) columns[to + x] = 0;
        }
        columns.fill(0, target + endRow * perRow, target + rows * perRow);
      }
    }
  }
}

/** The transpose of `unfold`: adds every entry of `columns` to the element of `image` that it was read from. */
export function foldAdd(
  columns: Float32Array,
  { channels, height, width }: ImageShape,
  geometry: WindowGeometry,
  image: Float32Array,
): void {
  const { kernel, strides, pads } = geometry;
  const [rows, perRow] = windowCounts({ channels, height, width }, geometry);
  let source = 0;
  for (let channel = 0; channel < channels; channel++) {
    for (let ky = 0; ky < kernel[0]; ky++) {
      const [firstRow, endRow] = windowsInside(ky - pads[0], height, strides[0], rows);
      for (let kx = 0; kx < kernel[1]; kx++, source += rows * perRow) {
        const offset = kx - pads[1];
        const [first, end] = windowsInside(offset, width, strides[1], perRow);
        for (let y = firstRow; y < endRow; y++) {
          const from = source + y * perRow;
          const to = (channel * height + y * strides[0] + ky - pads[0]) * width + offset;
          for (let x = first; x < end; x++) image[to + x * strides[1]] += columns[from + x];
        }
      }
    }
  }
}
