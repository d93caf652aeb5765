import type { Shape } from "../../tensor/shape.ts";
import type { SeededRandom } from "../random.ts";
import { uniformHe } from "./initialise.ts";
import { type Layer, type Pass, roomFor } from "./layer.ts";
import { Parameter } from "./parameter.ts";

/** y = x · W + b with W of shape [inputs, outputs]: Gemm with transB = 0. */
export class Dense implements Layer {
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly outputShape: Shape;
  readonly weight: Parameter;
  readonly bias: Parameter;
  readonly parameters: readonly Parameter[];
  #input: Float32Array = new Float32Array(0);
  #output: Float32Array | undefined;
  #towards: Float32Array | undefined;

  constructor(name: string, inputs: number, outputs: number, random: SeededRandom) {
    this.name = name;
    this.inputs = inputs;
    this.outputs = outputs;
    this.outputShape = [outputs];
    this.weight = new Parameter(`${name}.weight`, "weight", [inputs, outputs]);
    this.bias = new Parameter(`${name}.bias`, "bias", [outputs]);
    this.parameters = [this.weight, this.bias];
    uniformHe(this.weight.values, inputs, random);
  }

  forward(input: Float32Array, count: number, { products }: Pass): Float32Array {
    const { inputs, outputs, weight, bias } = this;
    this.#input = input;
    this.#output = roomFor(count * outputs, this.#output);
    const out = this.#output.subarray(0, count * outputs);
    for (let n = 0; n < count; n++) out.set(bias.effective, n * outputs);
    products.multiply({
      ...{ a: { data: input }, b: { data: weight.effective }, out },
      ...{ m: count, n: outputs, k: inputs, accumulate: true },
    });
    return out;
  }

  backward(gradient: Float32Array, count: number, pass: Pass, needsInput: boolean): Float32Array | null {
    const { inputs, outputs, weight, bias } = this;
    const gradients = { data: gradient };
    pass.products.multiply({
      ...{ a: { data: this.#input, transposed: true }, b: gradients, out: weight.gradient },
      ...{ m: inputs, n: outputs, k: count, accumulate: true },
    });
    for (let n = 0; n < count; n++) {
      for (let j = 0; j < outputs; j++) bias.gradient[j] += gradient[n * outputs + j];
    }
    if (!needsInput) return null;
    this.#towards = roomFor(count * inputs, this.#towards);
    const out = this.#towards.subarray(0, count * inputs);
    const b = { data: weight.effective, transposed: true };
    pass.products.multiply({ a: gradients, b, out, m: count, n: inputs, k: outputs });
    return out;
  }
}
