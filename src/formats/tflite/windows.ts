/** Padding, strides and dilations of TFLite's convolutions and pools, in ONNX terms. */

import type { Attribute } from "../../graph/node.ts";
import type { FlatTable } from "./flatTable.ts";
import { PADDING_SAME } from "./schema.ts";

/** Height and width. */
export type Pair = readonly [number, number];

export interface TfliteWindows {
  readonly padding: number;
  readonly strides: Pair;
  readonly dilations: Pair;
}

/** Orders of axes from channels last to channels first and back. */
export const TO_CHANNELS_FIRST = [0, 3, 1, 2] as const;
export const TO_CHANNELS_LAST = [0, 2, 3, 1] as const;

export function readWindows(
  options: FlatTable | undefined,
  fields: {
    readonly padding: number;
    readonly strideH: number;
    readonly strideW: number;
    readonly dilationH?: number;
    readonly dilationW?: number;
  },
): TfliteWindows {
  // The schema's default is 1 for dilations; a stride of 0 would be a damaged file, which a stride of 1 makes harmless.
  const positive = (field: number | undefined): number =>
    field === undefined ? 1 : Math.max(1, options?.int32(field) ?? 1);
  return {
    padding: options?.int8(fields.padding) ?? PADDING_SAME,
    strides: [positive(fields.strideH), positive(fields.strideW)],
    dilations: [positive(fields.dilationH), positive(fields.dilationW)],
  };
}

/** The attributes of an ONNX operator on an input of height and width `size`. SAME padding has its odd element at the end. */
export function windowAttributes(
  size: Pair,
  kernel: Pair,
  { padding, strides, dilations }: TfliteWindows,
): Readonly<Record<string, Attribute>> {
  const totals = size.map((length, i) => {
    if (padding !== PADDING_SAME) return 0;
    const windows = Math.ceil(length / strides[i]);
    return Math.max(0, (windows - 1) * strides[i] + (kernel[i] - 1) * dilations[i] + 1 - length);
  });
  const begins = totals.map((total) => Math.floor(total / 2));
  const ends = totals.map((total, i) => total - begins[i]);
  return {
    kernel_shape: { type: "ints", value: kernel },
    strides: { type: "ints", value: strides },
    pads: { type: "ints", value: [...begins, ...ends] },
    ...(dilations.some((dilation) => dilation !== 1) && { dilations: { type: "ints", value: dilations } }),
  };
}
