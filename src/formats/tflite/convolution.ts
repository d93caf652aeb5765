/** CONV_2D, DEPTHWISE_CONV_2D and TRANSPOSE_CONV: channels last, weights [outputs, height, width, inputs]. */

import { activationProblem, type Conversion, type ConversionStep } from "./conversion.ts";
import {
  CONV_2D_OPTIONS,
  DEPTHWISE_CONV_2D_OPTIONS,
  PADDING_SAME,
  TRANSPOSE_CONV_OPTIONS,
} from "./schema.ts";
import {
  readWindows,
  type TfliteWindows,
  TO_CHANNELS_FIRST,
  TO_CHANNELS_LAST,
  windowAttributes,
} from "./windows.ts";

/** From [1, height, width, channels], and from [outputs, height, width, inputs] to inputs first. */
const LAST_AXIS_FIRST = [3, 0, 1, 2] as const;

export const conv2d: Conversion = (step) => {
  const { options } = step.operator;
  const windows = readWindows(options, CONV_2D_OPTIONS);
  const activation = options?.int8(CONV_2D_OPTIONS.activation) ?? 0;
  const perGroup = step.tensor(1)?.shape[3] ?? 0;
  const channels = step.tensor(0)?.shape[3] ?? 0;
  if (perGroup === 0 || channels % perGroup !== 0) return "its weights do not fit the input's channels";
  return convolve(step, windows, activation, TO_CHANNELS_FIRST, channels / perGroup);
};

export const depthwiseConv2d: Conversion = (step) => {
  const { options } = step.operator;
  const windows = readWindows(options, DEPTHWISE_CONV_2D_OPTIONS);
  const activation = options?.int8(DEPTHWISE_CONV_2D_OPTIONS.activation) ?? 0;
  return convolve(step, windows, activation, LAST_AXIS_FIRST, step.tensor(0)?.shape[3] ?? 0);
};

function convolve(
  step: ConversionStep,
  windows: TfliteWindows,
  activation: number,
  weightOrder: readonly number[],
  group: number,
): string | undefined {
  const input = step.tensor(0)?.shape ?? [];
  const weights = step.tensor(1)?.shape ?? [];
  if (input.length !== 4 || weights.length !== 4) return "its input or its weights do not have four axes";
  const problem = activationProblem(activation);
  if (problem !== undefined) return problem;
  const attributes = windowAttributes([input[1], input[2]], [weights[1], weights[2]], windows);
  const bias = step.input(2);
  const inputs = [
    step.turned(0, TO_CHANNELS_FIRST, "channelsFirst"),
    step.turned(1, weightOrder, "weights"),
    ...(bias === "" ? [] : [bias]),
  ];
  const grouped = { ...attributes, group: { type: "int", value: group } } as const;
  step.emitActivated(activation, "Conv", inputs, grouped, TO_CHANNELS_LAST);
  return undefined;
}

/** Its inputs are the output's shape, the weights, the data and a bias. */
export const transposeConv: Conversion = (step) => {
  const { options } = step.operator;
  const target = step.integers(0);
  const weights = step.tensor(1)?.shape ?? [];
  const input = step.tensor(2)?.shape ?? [];
  if (target?.length !== 4) return "its output's shape is not a constant";
  if (input.length !== 4 || weights.length !== 4) return "its input or its weights do not have four axes";
  const activation = options?.int8(TRANSPOSE_CONV_OPTIONS.activation) ?? 0;
  const problem = activationProblem(activation);
  if (problem !== undefined) return problem;
  const { strides, padding } = readWindows(options, TRANSPOSE_CONV_OPTIONS);
  // What the windows reach beyond the output is cut off: at the end, except for the padding in front.
  const excess = [0, 1].map((i) => strides[i] * (input[i + 1] - 1) + weights[i + 1] - target[i + 1]);
  const begins = excess.map((total) => (padding === PADDING_SAME ? Math.floor(Math.max(0, total) / 2) : 0));
  const ends = excess.map((total, i) => total - begins[i]);
  const bias = step.input(3);
  const inputs = [
    step.turned(2, TO_CHANNELS_FIRST, "channelsFirst"),
    step.turned(1, LAST_AXIS_FIRST, "weights"),
    ...(bias === "" ? [] : [bias]),
  ];
  const attributes = {
    kernel_shape: { type: "ints", value: [weights[1], weights[2]] },
    strides: { type: "ints", value: strides },
    pads: { type: "ints", value: [...begins, ...ends.map((end) => Math.max(0, end))] },
    output_padding: { type: "ints", value: ends.map((end) => Math.max(0, -end)) },
  } as const;
  step.emitActivated(activation, "ConvTranspose", inputs, attributes, TO_CHANNELS_LAST);
  return undefined;
};
