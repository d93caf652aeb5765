/**
 * Training with the rounding of the later program (Jacob et al. 2018, section 3): weights and activations are rounded in the
 * forward pass to what mode "pow2" would hold them as, gradients pass through the rounding. The scales are chosen by the
 * functions that compiling uses, on calibration samples; weights follow from the scales around them.
 */
import { activationForm } from "../../quant/activationScale.ts";
import { weightRange } from "../../quant/integerLinear.ts";
import type { RealFunction } from "../../quant/realProgram.ts";
import { type IntegerForm, integerForm, rangeOfValues, withExactGrid } from "../../quant/realRange.ts";
import type { Samples } from "../data/dataset.ts";
import { Activation } from "../network/activation.ts";
import { Conv2d } from "../network/conv2d.ts";
import { Dense } from "../network/dense.ts";
import type { Layer } from "../network/layer.ts";
import type { Network } from "../network/network.ts";
import type { Rounding } from "../network/parameter.ts";
import { ActivationRounding } from "./activationRounding.ts";
import { requantisedWeightScale, scoreWeightScale } from "./weightScale.ts";

export interface QuantisedBits {
  readonly weightBits: number;
  readonly activationBits: number;
}

type Linear = Dense | Conv2d;

const IDENTITY: RealFunction = { kind: "clamp", lo: Number.NEGATIVE_INFINITY, hi: Number.POSITIVE_INFINITY };
const RELU: RealFunction = { kind: "clamp", lo: 0, hi: Number.POSITIVE_INFINITY };

function isLinear(layer: Layer | undefined): layer is Linear {
  return layer instanceof Dense || layer instanceof Conv2d;
}

/**
 * Sets the roundings of a network from its values on calibration samples; to be called again when these have moved.
 * Rounded are the input, and what each linear layer but the last gives, after its activation where one follows.
 */
export function setRoundings(network: Network, bits: QuantisedBits, calibration: Samples): void {
  const { layers, roundings } = network;
  const outputs = floatOutputs(network, calibration);
  const last = layers.findLastIndex(isLinear);
  const input = withExactGrid(inputForm(calibration.inputs, bits.activationBits), calibration.inputs);
  roundings[0] = new ActivationRounding(input);
  let scale = input.quant.scale;
  layers.forEach((layer, at) => {
    if (!isLinear(layer)) return;
    const next = layers[at + 1];
    const end = next instanceof Activation ? at + 1 : at;
    if (at === last) {
      roundWeights(layer, scale, (weights) => scoreWeightScale(weights, bits.weightBits), bits);
      return;
    }
    const isRelu = next instanceof Activation && next.kind === "relu";
    const form = activationForm(
      isRelu ? RELU : IDENTITY,
      channelsLast(outputs[end], layer),
      bits.activationBits,
      true,
    );
    roundings[end + 1] = new ActivationRounding(form);
    const [from, to] = [scale, form.quant.scale];
    roundWeights(layer, from, (weights) => requantisedWeightScale(weights, bits.weightBits, from, to), bits);
    scale = to;
  });
  network.refresh();
}

export function removeRoundings(network: Network): void {
  network.roundings.fill(null);
  for (const parameter of network.parameters) parameter.rounding = null;
  network.refresh();
}

function inputForm(inputs: Float32Array, bits: number): IntegerForm {
  const range = rangeOfValues(inputs);
  return integerForm(range, range.lo < 0, bits);
}

/** What each layer gives on the samples, without activations rounded; weights are as they are rounded now. */
function floatOutputs(network: Network, { inputs, count }: Samples): Float32Array[] {
  const kept = network.roundings.slice();
  const outputs: Float32Array[] = [];
  network.layers.forEach((_, at) => {
    network.roundings[at + 1] = {
      forward: (values) => {
        outputs[at] = Float32Array.from(values);
        return values;
      },
      backward: (gradient) => gradient,
    };
  });
  network.roundings[0] = null;
  network.refresh();
  network.forward(inputs, count);
  kept.forEach((rounding, at) => {
    network.roundings[at] = rounding;
  });
  return outputs;
}

/** Weights to multiples of a scale that follows them, biases to multiples of the sums'. */
function roundWeights(
  { weight, bias }: Linear,
  input: number,
  scaleOf: (weights: Float32Array) => number | null,
  { weightBits }: QuantisedBits,
): void {
  const { lo, hi } = weightRange(weightBits);
  let sums: number | null = null;
  weight.rounding = (values, target) => {
    const scale = scaleOf(values);
    sums = scale === null ? null : scale * input;
    if (scale === null) target.set(values);
    else
      for (let i = 0; i < target.length; i++)
        target[i] = scale * clamp(Math.round(values[i] / scale), lo, hi);
  };
  // Parameters are refreshed in order, the weight before its bias.
  const roundBias: Rounding = (values, target) => {
    if (sums === null) target.set(values);
    else for (let i = 0; i < target.length; i++) target[i] = sums * Math.round(values[i] / sums);
  };
  bias.rounding = roundBias;
}

/** The order of a program, which decides which values stand for all where there are many. */
function channelsLast(values: Float32Array, layer: Linear): Float32Array {
  const [channels, height = 1, width = 1] = layer.outputShape;
  const places = height * width;
  const size = channels * places;
  return values.map((_, i) => {
    const within = i % size;
    return values[i - within + (within % channels) * places + Math.floor(within / channels)];
  });
}

function clamp(value: number, lo: number, hi: number): number {
  return Math.min(Math.max(value, lo), hi);
}
