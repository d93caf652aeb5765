/** MaxPooling, AveragePooling and their global forms, channels last. */

import type { Attribute } from "../../graph/node.ts";
import {
  emitBetween,
  emitTranspose,
  isChannelsFirst,
  type Layer,
  positives,
  toChannelsFirst,
  toChannelsLast,
} from "./layer.ts";

export function pool(operator: "MaxPool" | "AveragePool", spatial: 1 | 2): Layer {
  return (step) => {
    const { name, config, builder } = step;
    const kernel = positives(config.pool_size ?? 2, spatial);
    const strides = positives(config.strides ?? kernel, spatial);
    if (kernel === undefined || strides === undefined) return "its windows are not described by numbers";
    if (isChannelsFirst(config)) return "its channels come first";
    const same = config.padding === "same";
    if (!same && config.padding !== "valid") return `padding "${String(config.padding)}" is not supported`;
    const attributes: Record<string, Attribute> = {
      kernel_shape: { type: "ints", value: kernel },
      strides: { type: "ints", value: strides },
      auto_pad: { type: "string", value: same ? "SAME_UPPER" : "VALID" },
    };
    const input = emitTranspose(step, "channelsFirst", step.input, toChannelsFirst(spatial));
    const pooled = emitBetween(step, "pooled", operator, [input], attributes);
    const perm: Attribute = { type: "ints", value: toChannelsLast(spatial) };
    builder.addNode({ name, operator: "Transpose", inputs: [pooled], output: name, attributes: { perm } });
    return undefined;
  };
}

export function globalPool(operator: "ReduceMax" | "ReduceMean", spatial: 1 | 2): Layer {
  return ({ name, config, input, builder }) => {
    if (isChannelsFirst(config)) return "its channels come first";
    const axes: Attribute = { type: "ints", value: spatial === 1 ? [1] : [1, 2] };
    const keepdims: Attribute = { type: "int", value: config.keepdims === true ? 1 : 0 };
    builder.addNode({ name, operator, inputs: [input], output: name, attributes: { axes, keepdims } });
    return undefined;
  };
}
