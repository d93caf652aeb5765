import type { Shape } from "../../tensor/shape.ts";
import type { SeededRandom } from "../random.ts";
import { uniformHe } from "./initialise.ts";
import { type Layer, type Pass, roomFor } from "./layer.ts";
import { Parameter } from "./parameter.ts";
import { foldAdd, type ImageShape, unfold, type WindowGeometry, windowCounts } from "./window.ts";

/** Convolution of images [channels, height, width]; W has shape [filters, channels, kernel height, kernel width]. */
export class Conv2d implements Layer {
  readonly name: string;
  readonly image: ImageShape;
  readonly filters: number;
  readonly geometry: WindowGeometry;
  readonly outputShape: Shape;
  readonly weight: Parameter;
  readonly bias: Parameter;
  readonly parameters: readonly Parameter[];
  readonly #windows: number;
  /** Elements of one filter. */
  readonly #taps: number;
  #output: Float32Array | undefined;
  #towards: Float32Array | undefined;
  /** Unfolded samples of the last pass, one after another: the backward pass reads them again. */
  #columns: Float32Array | undefined;
  #columnGradient: Float32Array | undefined;

  constructor(
    name: string,
    image: ImageShape,
    filters: number,
    geometry: WindowGeometry,
    random: SeededRandom,
  ) {
    this.name = name;
    this.image = image;
    this.filters = filters;
    this.geometry = geometry;
    const [rows, perRow] = windowCounts(image, geometry);
    this.#windows = rows * perRow;
    this.outputShape = [filters, rows, perRow];
    const [height, width] = geometry.kernel;
    this.#taps = image.channels * height * width;
    this.weight = new Parameter(`${name}.weight`, "weight", [filters, image.channels, height, width]);
    this.bias = new Parameter(`${name}.bias`, "bias", [filters]);
    this.parameters = [this.weight, this.bias];
    uniformHe(this.weight.values, this.#taps, random);
  }

  forward(input: Float32Array, count: number, { products, random }: Pass): Float32Array {
    const { filters, image, geometry, weight, bias } = this;
    const windows = this.#windows;
    const size = image.channels * image.height * image.width;
    const kept = random === null ? 1 : count;
    this.#output = roomFor(count * filters * windows, this.#output);
    this.#columns = roomFor(kept * this.#taps * windows, this.#columns);
    for (let sample = 0; sample < count; sample++) {
      const columns = this.#columnsOf(sample % kept);
      unfold(input.subarray(sample * size, (sample + 1) * size), image, geometry, columns);
      const out = this.#output.subarray(sample * filters * windows, (sample + 1) * filters * windows);
      for (let f = 0; f < filters; f++) out.fill(bias.effective[f], f * windows, (f + 1) * windows);
      products.multiply({
        ...{ a: { data: weight.effective }, b: { data: columns }, out },
        ...{ m: filters, n: windows, k: this.#taps, accumulate: true },
      });
    }
    return this.#output.subarray(0, count * filters * windows);
  }

  backward(
    gradient: Float32Array,
    count: number,
    { products }: Pass,
    needsInput: boolean,
  ): Float32Array | null {
    const { filters, image, geometry, weight, bias } = this;
    const windows = this.#windows;
    const taps = this.#taps;
    const size = image.channels * image.height * image.width;
    this.#columnGradient ??= new Float32Array(taps * windows);
    const columnGradient = this.#columnGradient;
    this.#towards = needsInput ? roomFor(count * size, this.#towards).fill(0) : this.#towards;
    for (let sample = 0; sample < count; sample++) {
      const out = gradient.subarray(sample * filters * windows, (sample + 1) * filters * windows);
      for (let f = 0; f < filters; f++) {
        let sum = 0;
        for (let j = f * windows; j < (f + 1) * windows; j++) sum += out[j];
        bias.gradient[f] += sum;
      }
      products.multiply({
        ...{ a: { data: out }, b: { data: this.#columnsOf(sample), transposed: true }, out: weight.gradient },
        ...{ m: filters, n: taps, k: windows, accumulate: true },
      });
      if (!needsInput || this.#towards === undefined) continue;
      products.multiply({
        ...{ a: { data: weight.effective, transposed: true }, b: { data: out }, out: columnGradient },
        ...{ m: taps, n: windows, k: filters },
      });
      foldAdd(columnGradient, image, geometry, this.#towards.subarray(sample * size, (sample + 1) * size));
    }
    return needsInput ? (this.#towards?.subarray(0, count * size) ?? null) : null;
  }

  #columnsOf(slot: number): Float32Array {
    const length = this.#taps * this.#windows;
    return (this.#columns ?? new Float32Array(0)).subarray(slot * length, (slot + 1) * length);
  }
}
