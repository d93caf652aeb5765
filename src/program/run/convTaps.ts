import type { ConvGeometry } from "./convGeometry.ts";

/**
 * For one output position, the input position under each tap of the window, within one sample, −1 outside the input.
 * Taps are in row-major order, as in the weight.
 */
export function tapPositions(geometry: ConvGeometry, outputPosition: number, into: Int32Array): void {
  const { lengths, windows, sizes, strides, dilations, padBegin } = geometry;
  const row = Math.floor(outputPosition / windows[2]);
  const first0 = Math.floor(row / windows[1]) * strides[0] - padBegin[0];
  const first1 = (row % windows[1]) * strides[1] - padBegin[1];
  const first2 = (outputPosition % windows[2]) * strides[2] - padBegin[2];
  let tap = 0;
  for (let k0 = 0; k0 < sizes[0]; k0++) {
    const at0 = first0 + k0 * dilations[0];
    for (let k1 = 0; k1 < sizes[1]; k1++) {
      const at1 = first1 + k1 * dilations[1];
      const isInside = at0 >= 0 && at0 < lengths[0] && at1 >= 0 && at1 < lengths[1];
      const rowStart = (at0 * lengths[1] + at1) * lengths[2];
      for (let k2 = 0; k2 < sizes[2]; k2++) {
        const at2 = first2 + k2 * dilations[2];
        into[tap++] = isInside && at2 >= 0 && at2 < lengths[2] ? rowStart + at2 : -1;
      }
    }
  }
}
