/** One axis of a sliding window: the operators `conv` and `windowSum` share this arithmetic. */
export interface WindowAxis {
  readonly length: number;
  readonly size: number;
  readonly stride: number;
  readonly dilation: number;
  readonly padBegin: number;
  readonly padEnd: number;
}

/** Number of positions that the window takes; below 1 if it does not fit at all. */
export function numWindows({ length, size, stride, dilation, padBegin, padEnd }: WindowAxis): number {
  return Math.floor((length + padBegin + padEnd - dilation * (size - 1) - 1) / stride) + 1;
}
