/** ZeroPadding2D, Cropping2D and UpSampling2D, channels last. */

import type { Attribute } from "../../graph/node.ts";
import { floatTensor, intTensor } from "../../tensor/tensor.ts";
import {
  emitBetween,
  emitTranspose,
  isChannelsFirst,
  type Layer,
  positives,
  toChannelsFirst,
  toChannelsLast,
} from "./layer.ts";

/** ((top, bottom), (left, right)), or a shorter way of saying it. */
function marginsOf(value: unknown): readonly (readonly number[])[] | undefined {
  const pairs = Array.isArray(value) ? value : [value, value];
  const margins = pairs.map((pair) => (Array.isArray(pair) ? pair : [pair, pair]));
  const fits = margins.length === 2 && margins.every((pair) => pair.length === 2);
  return fits && margins.flat().every((x) => Number.isSafeInteger(x) && x >= 0) ? margins : undefined;
}

export const zeroPadding: Layer = ({ name, config, input, builder }) => {
  const margins = marginsOf(config.padding);
  if (margins === undefined) return "its padding is not described by numbers";
  if (isChannelsFirst(config)) return "its channels come first";
  const [[top, bottom], [left, right]] = margins;
  const pads = builder.addConstant(`${name}/pads`, intTensor([8], [0, top, left, 0, 0, bottom, right, 0]));
  builder.addNode({ name, operator: "Pad", inputs: [input, pads], output: name });
  return undefined;
};

export const cropping: Layer = ({ name, config, input, builder }) => {
  const margins = marginsOf(config.cropping);
  if (margins === undefined) return "its cropping is not described by numbers";
  if (isChannelsFirst(config)) return "its channels come first";
  const starts = margins.map(([begin]) => begin);
  // Counted from the end; nothing cropped there is "to the end".
  const ends = margins.map(([, end]) => (end === 0 ? Number.MAX_SAFE_INTEGER : -end));
  const bounds = [starts, ends, [1, 2]].map((values, i) =>
    builder.addConstant(`${name}/bounds${i}`, intTensor([2], values)),
  );
  builder.addNode({ name, operator: "Slice", inputs: [input, ...bounds], output: name });
  return undefined;
};

export const upSampling: Layer = (step) => {
  const { name, config, builder } = step;
  const factors = positives(config.size ?? 2, 2);
  if (factors === undefined) return "its factors are not positive integers";
  if (isChannelsFirst(config)) return "its channels come first";
  const { interpolation = "nearest" } = config;
  if (interpolation !== "nearest" && interpolation !== "bilinear")
    return `interpolation "${String(interpolation)}" is not supported`;
  const nearest = interpolation === "nearest";
  const attributes: Record<string, Attribute> = {
    mode: { type: "string", value: nearest ? "nearest" : "linear" },
    coordinate_transformation_mode: { type: "string", value: nearest ? "asymmetric" : "half_pixel" },
    nearest_mode: { type: "string", value: "floor" },
  };
  const scales = builder.addConstant(`${name}/scales`, floatTensor([4], [1, 1, ...factors]));
  const input = emitTranspose(step, "channelsFirst", step.input, toChannelsFirst(2));
  const resized = emitBetween(step, "resized", "Resize", [input, "", scales], attributes);
  const perm: Attribute = { type: "ints", value: toChannelsLast(2) };
  builder.addNode({ name, operator: "Transpose", inputs: [resized], output: name, attributes: { perm } });
  return undefined;
};
