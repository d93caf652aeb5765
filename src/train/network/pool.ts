import type { Shape } from "../../tensor/shape.ts";
import { type Layer, type Pass, roomFor } from "./layer.ts";
import { type ImageShape, type WindowGeometry, windowCounts } from "./window.ts";

/** Pooling of each channel; windows lie inside the image. */
abstract class Pool implements Layer {
  readonly name: string;
  readonly image: ImageShape;
  readonly geometry: WindowGeometry;
  readonly outputShape: Shape;
  readonly parameters: readonly never[] = [];
  readonly #windows: readonly [number, number];
  #output: Float32Array | undefined;
  #towards: Float32Array | undefined;

  constructor(name: string, image: ImageShape, geometry: WindowGeometry) {
    this.name = name;
    this.image = image;
    this.geometry = geometry;
    this.#windows = windowCounts(image, geometry);
    this.outputShape = [image.channels, ...this.#windows];
  }

  forward(input: Float32Array, count: number): Float32Array {
    const length = count * this.image.channels * this.#windows[0] * this.#windows[1];
    this.#output = roomFor(length, this.#output);
    const output = this.#output.subarray(0, length);
    this.begin(length);
    this.#forEach(count, (window, start) => {
      output[window] = this.valueOf(input, start, window);
    });
    return output;
  }

  backward(gradient: Float32Array, count: number, _pass: Pass, needsInput: boolean): Float32Array | null {
    if (!needsInput) return null;
    const { channels, height, width } = this.image;
    const length = count * channels * height * width;
    this.#towards = roomFor(length, this.#towards);
    const towards = this.#towards.subarray(0, length).fill(0);
    this.#forEach(count, (window, start) => {
      this.spread(gradient[window], towards, start, window);
    });
    return towards;
  }

  /** Called before the windows of a pass. */
  protected abstract begin(windows: number): void;
  protected abstract valueOf(input: Float32Array, start: number, window: number): number;
  protected abstract spread(slope: number, towards: Float32Array, start: number, window: number): void;

  #forEach(count: number, visit: (window: number, start: number) => void): void {
    const { channels, height, width } = this.image;
    const [rows, perRow] = this.#windows;
    const { strides } = this.geometry;
    let window = 0;
    for (let plane = 0; plane < count * channels; plane++) {
      for (let y = 0; y < rows; y++) {
        let start = (plane * height + y * strides[0]) * width;
        for (let x = 0; x < perRow; x++, start += strides[1]) visit(window++, start);
      }
    }
  }
}

/** The first of the largest elements of each window takes the whole gradient. */
export class MaxPool extends Pool {
  #places = new Uint32Array(0);

  protected override begin(windows: number): void {
    if (this.#places.length < windows) this.#places = new Uint32Array(windows);
  }

  protected override valueOf(input: Float32Array, start: number, window: number): number {
    const { kernel } = this.geometry;
    const { width } = this.image;
    let best = start;
    for (let ky = 0; ky < kernel[0]; ky++) {
      const row = start + ky * width;
      for (let kx = 0; kx < kernel[1]; kx++) if (input[row + kx] > input[best]) best = row + kx;
    }
    this.#places[window] = best;
    return input[best];
  }

  protected override spread(slope: number, towards: Float32Array, _start: number, window: number): void {
    towards[this.#places[window]] += slope;
  }
}

export class AveragePool extends Pool {
  protected override begin(): void {}

  protected override valueOf(input: Float32Array, start: number): number {
    const { kernel } = this.geometry;
    let sum = 0;
    for (let ky = 0; ky < kernel[0]; ky++) {
      const row = start + ky * this.image.width;
      for (let kx = 0; kx < kernel[1]; kx++) sum += input[row + kx];
    }
    return sum / (kernel[0] * kernel[1]);
  }

  protected override spread(slope: number, towards: Float32Array, start: number): void {
    const { kernel } = this.geometry;
    const share = slope / (kernel[0] * kernel[1]);
    for (let ky = 0; ky < kernel[0]; ky++) {
      const row = start + ky * this.image.width;
      for (let kx = 0; kx < kernel[1]; kx++) towards[row + kx] += share;
    }
  }
}
