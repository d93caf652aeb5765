/** What the conversion of a Keras layer into ONNX terms works with. */

import type { Attribute } from "../../graph/node.ts";
import type { FloatTensor } from "../../tensor/tensor.ts";
import type { DraftBuilder } from "../draftBuilder.ts";
import type { Config } from "./config.ts";

/** One layer on its way into the graph. The layer's output is named after the layer. */
export interface LayerStep {
  readonly name: string;
  readonly config: Config;
  readonly inputs: readonly string[];
  /** The first of `inputs`. */
  readonly input: string;
  /** Axes of the input with the batch, where that is known. */
  readonly rank: number | undefined;
  /** Keras' major version. */
  readonly version: number;
  readonly builder: DraftBuilder;
  /** The layer's weights by their last name, for example `kernel`; of several names the first that the file has. */
  readonly weights: (...names: readonly string[]) => FloatTensor;
}

/** Emits the nodes of a layer and returns `undefined`, or emits nothing and returns why it is not supported. */
export type Layer = (step: LayerStep) => string | undefined;

/** Emits a node between others of the layer and returns its output's name. */
export function emitBetween(
  { name, builder }: LayerStep,
  suffix: string,
  operator: string,
  inputs: readonly string[],
  attributes: Readonly<Record<string, Attribute>> = {},
): string {
  const output = builder.unique(`${name}/${suffix}`);
  builder.addNode({ name: output, operator, inputs, output, attributes });
  return output;
}

export function emitTranspose(
  step: LayerStep,
  suffix: string,
  input: string,
  order: readonly number[],
): string {
  return emitBetween(step, suffix, "Transpose", [input], { perm: { type: "ints", value: order } });
}

/** Between channels last and channels first, for tensors with `spatial` axes between batch and channels. */
export function toChannelsFirst(spatial: number): number[] {
  return [0, spatial + 1, ...Array.from({ length: spatial }, (_, i) => i + 1)];
}

export function toChannelsLast(spatial: number): number[] {
  return [0, ...Array.from({ length: spatial }, (_, i) => i + 2), 1];
}

/** A number or a list of `count` numbers, all positive integers; `undefined` for anything else. */
export function positives(value: unknown, count: number): readonly number[] | undefined {
  const list = typeof value === "number" ? Array.from({ length: count }, () => value) : value;
  if (!Array.isArray(list) || list.length !== count) return undefined;
  return list.every((x) => Number.isSafeInteger(x) && x >= 1) ? list : undefined;
}

export function isChannelsFirst(config: Config): boolean {
  return config.data_format === "channels_first";
}
