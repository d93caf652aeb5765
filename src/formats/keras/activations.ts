/** Keras' activation functions by name. */

import type { Attribute } from "../../graph/node.ts";
import { floatTensor } from "../../tensor/tensor.ts";
import type { Config } from "./config.ts";
import type { LayerStep } from "./layer.ts";

/** Emits the activation of `input`, called `output`. */
type Activation = (step: LayerStep, input: string, output: string) => void;

const ACTIVATIONS: ReadonlyMap<string, Activation> = new Map<string, Activation>([
  ["linear", simple("Identity")],
  ["relu", simple("Relu")],
  ["relu6", (step, input, output) => emitClip(step, input, output, 6)],
  ["leaky_relu", simple("LeakyRelu", { alpha: { type: "float", value: 0.2 } })],
  ["elu", simple("Elu")],
  ["softplus", simple("Softplus")],
  ["sigmoid", simple("Sigmoid")],
  ["hard_sigmoid", (step, input, output) => hardSigmoid(step)(step, input, output)],
  ["hard_swish", simple("HardSwish")],
  ["hard_silu", simple("HardSwish")],
  ["swish", swish],
  ["silu", swish],
  ["tanh", simple("Tanh")],
  ["softmax", (step, input, output) => emitSoftmax(step, input, output, "Softmax", -1)],
  ["log_softmax", (step, input, output) => emitSoftmax(step, input, output, "LogSoftmax", -1)],
]);

export function simple(operator: string, attributes: Readonly<Record<string, Attribute>> = {}): Activation {
  return ({ builder }, input, output) =>
    builder.addNode({ name: output, operator, inputs: [input], output, attributes });
}

/** 0.2 · x + 0.5 up to Keras 2, x / 6 + 0.5 since. */
function hardSigmoid(step: LayerStep): Activation {
  const alpha = step.version < 3 ? 0.2 : 1 / 6;
  return simple("HardSigmoid", {
    alpha: { type: "float", value: Math.fround(alpha) },
    beta: { type: "float", value: 0.5 },
  });
}

function swish(step: LayerStep, input: string, output: string): void {
  const gate = step.builder.unique(`${output}/gate`);
  simple("Sigmoid")(step, input, gate);
  step.builder.addNode({ name: output, operator: "Mul", inputs: [input, gate], output });
}

export function emitClip({ builder }: LayerStep, input: string, output: string, highest: number): void {
  const bounds = [0, highest].map((bound, i) =>
    builder.addConstant(`${output}/bound${i}`, floatTensor([], [bound])),
  );
  builder.addNode({ name: output, operator: "Clip", inputs: [input, ...bounds], output });
}

export function emitSoftmax(
  step: LayerStep,
  input: string,
  output: string,
  operator: "Softmax" | "LogSoftmax",
  axis: number,
): void {
  simple(operator, { axis: { type: "int", value: axis } })(step, input, output);
}

export function activationName(config: Config): string {
  return typeof config.activation === "string" ? config.activation : "linear";
}

/** Why a layer's activation is not supported. */
export function activationProblem(config: Config): string | undefined {
  const { activation } = config;
  if (typeof activation !== "string" && activation !== null && activation !== undefined) {
    return "its activation is a custom object";
  }
  const name = activationName(config);
  return ACTIVATIONS.has(name) ? undefined : `activation "${name}" is not supported`;
}

/** The name under which a layer's sum has to be computed, so that `emitActivation` can turn it into the output. */
export function sumName({ name, config, builder }: LayerStep): string {
  return activationName(config) === "linear" ? name : builder.unique(`${name}/sum`);
}

export function emitActivation(step: LayerStep, sum: string): void {
  if (sum !== step.name) ACTIVATIONS.get(activationName(step.config))?.(step, sum, step.name);
}
