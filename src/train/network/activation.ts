import type { Shape } from "../../tensor/shape.ts";
import { type Layer, type Pass, roomFor } from "./layer.ts";

/** A function of single numbers and its derivative, which may read x or y = f(x), whichever is simpler. */
interface ActivationFunction {
  readonly value: (x: number) => number;
  readonly slope: (x: number, y: number) => number;
  /** In ONNX. */
  readonly operator: string;
}

/** ONNX's default for LeakyRelu. */
export const LEAK = 0.01;

export type ActivationKind = "relu" | "leaky-relu" | "sigmoid" | "tanh" | "square";

const FUNCTIONS: Readonly<Record<ActivationKind, ActivationFunction>> = {
  relu: { operator: "Relu", value: (x) => Math.max(x, 0), slope: (x) => (x > 0 ? 1 : 0) },
  "leaky-relu": {
    operator: "LeakyRelu",
    value: (x) => (x > 0 ? x : LEAK * x),
    slope: (x) => (x > 0 ? 1 : LEAK),
  },
  sigmoid: { operator: "Sigmoid", value: (x) => 1 / (1 + Math.exp(-x)), slope: (_x, y) => y * (1 - y) },
  tanh: { operator: "Tanh", value: Math.tanh, slope: (_x, y) => 1 - y * y },
  square: { operator: "Mul", value: (x) => x * x, slope: (x) => 2 * x },
};

export const ACTIVATION_KINDS = Object.keys(FUNCTIONS) as readonly ActivationKind[];

export function onnxActivation(kind: ActivationKind): string {
  return FUNCTIONS[kind].operator;
}

export class Activation implements Layer {
  readonly name: string;
  readonly kind: ActivationKind;
  readonly outputShape: Shape;
  readonly parameters: readonly never[] = [];
  readonly #function: ActivationFunction;
  #input: Float32Array = new Float32Array(0);
  #output: Float32Array | undefined;
  #towards: Float32Array | undefined;

  constructor(name: string, kind: ActivationKind, outputShape: Shape) {
    this.name = name;
    this.kind = kind;
    this.outputShape = outputShape;
    this.#function = FUNCTIONS[kind];
  }

  forward(input: Float32Array): Float32Array {
    this.#input = input;
    this.#output = roomFor(input.length, this.#output);
    const out = this.#output.subarray(0, input.length);
    if (this.kind === "relu") for (let i = 0; i < out.length; i++) out[i] = Math.max(input[i], 0);
    else for (let i = 0; i < out.length; i++) out[i] = this.#function.value(input[i]);
    return out;
  }

  backward(gradient: Float32Array, _count: number, _pass: Pass, needsInput: boolean): Float32Array | null {
    if (!needsInput || this.#output === undefined) return null;
    const input = this.#input;
    const output = this.#output;
    this.#towards = roomFor(gradient.length, this.#towards);
    const towards = this.#towards.subarray(0, gradient.length);
    if (this.kind === "relu")
      for (let i = 0; i < towards.length; i++) towards[i] = input[i] > 0 ? gradient[i] : 0;
    else
      for (let i = 0; i < towards.length; i++)
        towards[i] = gradient[i] * this.#function.slope(input[i], output[i]);
    return towards;
  }
}
