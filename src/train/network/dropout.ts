import type { Shape } from "../../tensor/shape.ts";
import { type Layer, type Pass, roomFor } from "./layer.ts";

/** In training each element is dropped with probability `rate`, the others grow by 1 / (1 − rate); else nothing happens. */
export class Dropout implements Layer {
  readonly name: string;
  readonly rate: number;
  readonly outputShape: Shape;
  readonly parameters: readonly never[] = [];
  #factors: Float32Array | undefined;
  #output: Float32Array | undefined;
  #towards: Float32Array | undefined;

  constructor(name: string, rate: number, outputShape: Shape) {
    this.name = name;
    this.rate = rate;
    this.outputShape = outputShape;
  }

  forward(input: Float32Array, _count: number, { random }: Pass): Float32Array {
    if (random === null) return input;
    this.#factors = roomFor(input.length, this.#factors);
    this.#output = roomFor(input.length, this.#output);
    const grown = 1 / (1 - this.rate);
    for (let i = 0; i < input.length; i++) {
      this.#factors[i] = random.nextFloat() < this.rate ? 0 : grown;
      this.#output[i] = input[i] * this.#factors[i];
    }
    return this.#output.subarray(0, input.length);
  }

  backward(gradient: Float32Array, _count: number, _pass: Pass, needsInput: boolean): Float32Array | null {
    const factors = this.#factors;
    if (!needsInput || factors === undefined) return null;
    this.#towards = roomFor(gradient.length, this.#towards);
    for (let i = 0; i < gradient.length; i++) this.#towards[i] = gradient[i] * factors[i];
    return this.#towards.subarray(0, gradient.length);
  }
}
