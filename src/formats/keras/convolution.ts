/** Conv1D, Conv2D, DepthwiseConv2D, SeparableConv2D and Conv2DTranspose: channels last, kernels [height, width, inputs, outputs]. */

import type { Attribute } from "../../graph/node.ts";
import { floatTensor } from "../../tensor/tensor.ts";
import { activationProblem, emitActivation, sumName } from "./activations.ts";
import {
  emitBetween,
  emitTranspose,
  isChannelsFirst,
  type Layer,
  type LayerStep,
  positives,
  toChannelsFirst,
  toChannelsLast,
} from "./layer.ts";

interface Windows {
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** The attributes of a convolution, or why it is not supported. `kernel` holds the lengths of its window. */
function windowsOf({ config }: LayerStep, kernel: readonly number[]): Windows | string {
  const strides = positives(config.strides ?? 1, kernel.length);
  const dilations = positives(config.dilation_rate ?? 1, kernel.length);
  if (strides === undefined || dilations === undefined) return "its strides or dilations are not numbers";
  if (isChannelsFirst(config)) return "its channels come first";
  const padding = paddingOf(config.padding, kernel, dilations);
  if (padding === undefined) return `padding "${String(config.padding)}" is not supported`;
  const attributes: Record<string, Attribute> = {
    kernel_shape: { type: "ints", value: kernel },
    strides: { type: "ints", value: strides },
    dilations: { type: "ints", value: dilations },
    ...padding,
  };
  return { strides, dilations, attributes };
}

function paddingOf(
  padding: unknown,
  kernel: readonly number[],
  dilations: readonly number[],
): Readonly<Record<string, Attribute>> | undefined {
  if (padding === "valid") return {};
  if (padding === "same") return { auto_pad: { type: "string", value: "SAME_UPPER" } };
  if (padding !== "causal" || kernel.length !== 1) return undefined;
  return { pads: { type: "ints", value: [(kernel[0] - 1) * dilations[0], 0] } };
}

/** Emits everything from the turned kernel on: `operator` on the input with its channels first. */
function finish(
  step: LayerStep,
  operator: "Conv" | "ConvTranspose",
  input: string,
  kernel: string,
  attributes: Readonly<Record<string, Attribute>>,
  spatial: number,
): void {
  const bias =
    step.config.use_bias === false
      ? []
      : [step.builder.addConstant(`${step.name}/bias`, step.weights("bias"))];
  const product = emitBetween(step, "product", operator, [input, kernel, ...bias], attributes);
  const sum = sumName(step);
  const perm: Attribute = { type: "ints", value: toChannelsLast(spatial) };
  step.builder.addNode({
    name: sum,
    operator: "Transpose",
    inputs: [product],
    output: sum,
    attributes: { perm },
  });
  emitActivation(step, sum);
}

export function conv(spatial: 1 | 2): Layer {
  return (step) => {
    const problem = activationProblem(step.config);
    if (problem !== undefined) return problem;
    const { groups = 1 } = step.config;
    if (typeof groups !== "number" || !Number.isSafeInteger(groups)) return "its groups are no number";
    const kernel = step.weights("kernel");
    if (kernel.shape.length !== spatial + 2) return `its kernel does not have ${spatial + 2} axes`;
    const windows = windowsOf(step, kernel.shape.slice(0, spatial));
    if (typeof windows === "string") return windows;
    const stored = step.builder.addConstant(`${step.name}/kernel`, kernel);
    const order = [spatial + 1, spatial, ...Array.from({ length: spatial }, (_, i) => i)];
    const turned = emitTranspose(step, "turnedKernel", stored, order);
    const input = emitTranspose(step, "channelsFirst", step.input, toChannelsFirst(spatial));
    const group: Attribute = { type: "int", value: groups };
    finish(step, "Conv", input, turned, { ...windows.attributes, group }, spatial);
    return undefined;
  };
}

/** The depthwise part on an input with its channels first: each channel has its own kernels. */
function emitDepthwise(step: LayerStep, withBias: boolean): string | { readonly product: string } {
  // Keras 3 calls it kernel where it is the only one.
  const { shape, data } = step.weights("depthwise_kernel", "kernel");
  if (shape.length !== 4) return "its kernel does not have four axes";
  const [height, width, channels, multiplier] = shape;
  const windows = windowsOf(step, [height, width]);
  if (typeof windows === "string") return windows;
  const stored = step.builder.addConstant(
    `${step.name}/depthwiseKernel`,
    floatTensor([height, width, 1, channels * multiplier], data),
  );
  const turned = emitTranspose(step, "turnedDepthwiseKernel", stored, [3, 2, 0, 1]);
  const input = emitTranspose(step, "channelsFirst", step.input, toChannelsFirst(2));
  const attributes = { ...windows.attributes, group: { type: "int", value: channels } as const };
  const bias =
    withBias && step.config.use_bias !== false
      ? [step.builder.addConstant(`${step.name}/bias`, step.weights("bias"))]
      : [];
  return { product: emitBetween(step, "depthwise", "Conv", [input, turned, ...bias], attributes) };
}

export const depthwiseConv: Layer = (step) => {
  const problem = activationProblem(step.config);
  if (problem !== undefined) return problem;
  const depthwise = emitDepthwise(step, true);
  if (typeof depthwise === "string") return depthwise;
  const sum = sumName(step);
  const perm: Attribute = { type: "ints", value: toChannelsLast(2) };
  const inputs = [depthwise.product];
  step.builder.addNode({ name: sum, operator: "Transpose", inputs, output: sum, attributes: { perm } });
  emitActivation(step, sum);
  return undefined;
};

/** The bias belongs to the pointwise part. */
export const separableConv: Layer = (step) => {
  const problem = activationProblem(step.config);
  if (problem !== undefined) return problem;
  const depthwise = emitDepthwise(step, false);
  if (typeof depthwise === "string") return depthwise;
  const stored = step.builder.addConstant(`${step.name}/pointwiseKernel`, step.weights("pointwise_kernel"));
  const turned = emitTranspose(step, "turnedPointwiseKernel", stored, [3, 2, 0, 1]);
  finish(step, "Conv", depthwise.product, turned, {}, 2);
  return undefined;
};

/** Kernels are [height, width, outputs, inputs]. Without padding, strides longer than the kernel leave a gap at the end. */
export const convTranspose: Layer = (step) => {
  const problem = activationProblem(step.config);
  if (problem !== undefined) return problem;
  const { output_padding: stated } = step.config;
  if (stated !== null && stated !== undefined) return "it states its output padding";
  const kernel = step.weights("kernel");
  if (kernel.shape.length !== 4) return "its kernel does not have four axes";
  const lengths = kernel.shape.slice(0, 2);
  const windows = windowsOf(step, lengths);
  if (typeof windows === "string") return windows;
  const stored = step.builder.addConstant(`${step.name}/kernel`, kernel);
  const turned = emitTranspose(step, "turnedKernel", stored, [3, 2, 0, 1]);
  const input = emitTranspose(step, "channelsFirst", step.input, toChannelsFirst(2));
  const gaps = lengths.map((length, i) => Math.max(0, windows.strides[i] - length));
  const gap: Attribute = { type: "ints", value: gaps };
  const attributes = step.config.padding === "valid" ? { output_padding: gap } : {};
  finish(step, "ConvTranspose", input, turned, { ...windows.attributes, ...attributes }, 2);
  return undefined;
};
