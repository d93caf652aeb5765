/** Which elements and weights a sum of a convolution reads. */

import type { Conv, Program } from "../../../program/program.ts";
import { type ConvGeometry, convGeometry } from "../../../program/run/convGeometry.ts";
import { tapPositions } from "../../../program/run/convTaps.ts";

export interface ConvReads {
  readonly geometry: ConvGeometry;
  /** Calls with each element of the input and each weight that output channel m at a position adds the product of. */
  readonly forEach: (position: number, m: number, read: (element: number, weight: number) => void) => void;
}

export function convReads({ tensors, constants }: Program, operator: Conv): ConvReads {
  const geometry = convGeometry(operator, tensors[operator.input].shape, constants[operator.weight].shape);
  const { numChannels, groupChannels, numOutputs, groups, sizes } = geometry;
  const numTaps = sizes.reduce((product, size) => product * size, 1);
  const taps = new Int32Array(numTaps);
  return {
    geometry,
    forEach: (position, m, read) => {
      tapPositions(geometry, position, taps);
      const firstChannel = Math.floor(m / (numOutputs / groups)) * groupChannels;
      for (let tap = 0; tap < numTaps; tap++) {
        if (taps[tap] < 0) continue;
        const element = taps[tap] * numChannels + firstChannel;
        const weight = (m * numTaps + tap) * groupChannels;
        for (let c = 0; c < groupChannels; c++) read(element + c, weight + c);
      }
    },
  };
}
