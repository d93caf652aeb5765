/** BatchNormalization along any axis but the batch. */

import { floatTensor } from "../../tensor/tensor.ts";
import { emitBetween, emitTranspose, type Layer } from "./layer.ts";

const KERAS_EPSILON = 1e-3;

export const batchNormalization: Layer = (step) => {
  const { name, config, input, rank, builder, weights } = step;
  const stated = Array.isArray(config.axis) && config.axis.length === 1 ? config.axis[0] : config.axis;
  if (rank === undefined) return "the number of its input's axes is unknown";
  if (typeof stated !== "number") return "it normalises along several axes";
  const axis = stated < 0 ? stated + rank : stated;
  if (!Number.isSafeInteger(axis) || axis < 1 || axis >= rank) return `it has no axis ${stated}`;
  const mean = weights("moving_mean");
  // Scale and centre may be left out of the layer.
  const constant = (x: number): typeof mean =>
    floatTensor(
      mean.shape,
      Array.from(mean.data, () => x),
    );
  const statistics = [
    config.scale === false ? constant(1) : weights("gamma"),
    config.center === false ? constant(0) : weights("beta"),
    mean,
    weights("moving_variance"),
  ].map((tensor, i) => builder.addConstant(`${name}/${["gamma", "beta", "mean", "variance"][i]}`, tensor));
  const epsilon = typeof config.epsilon === "number" ? config.epsilon : KERAS_EPSILON;
  const attributes = { epsilon: { type: "float", value: epsilon } } as const;
  if (axis === 1) {
    const inputs = [input, ...statistics];
    builder.addNode({ name, operator: "BatchNormalization", inputs, output: name, attributes });
    return undefined;
  }
  const others = Array.from({ length: rank }, (_, i) => i).filter((i) => i !== 0 && i !== axis);
  const order = [0, axis, ...others];
  const turned = emitTranspose(step, "channelsFirst", input, order);
  const normal = emitBetween(step, "normal", "BatchNormalization", [turned, ...statistics], attributes);
  const back = order.map((_, i) => order.indexOf(i));
  const perm = { type: "ints", value: back } as const;
  builder.addNode({ name, operator: "Transpose", inputs: [normal], output: name, attributes: { perm } });
  return undefined;
};
