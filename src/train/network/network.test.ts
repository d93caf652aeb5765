import { describe, expect, it } from "vitest";
import { elementCount } from "../../tensor/shape.ts";
import { crossEntropy } from "../loss.ts";
import { SeededRandom } from "../random.ts";
import type { LayerSpec } from "./layerSpec.ts";
import { Network } from "./network.ts";

function lossOf(network: Network, inputs: Float32Array, targets: readonly number[]): number {
  network.refresh();
  const outputs = network.forward(inputs, targets.length, new SeededRandom(5));
  return crossEntropy.evaluate(outputs, targets, targets.length, new Float32Array(outputs.length));
}

function uniform(length: number, seed: number): Float32Array {
  const random = new SeededRandom(seed);
  return Float32Array.from({ length }, () => 2 * random.nextFloat() - 1);
}

const NETWORKS: Readonly<Record<string, { inputShape: number[]; layers: LayerSpec[] }>> = {
  dense: {
    inputShape: [5],
    layers: [{ type: "dense", units: 7 }, { type: "tanh" }, { type: "dense", units: 3 }],
  },
  convolutional: {
    inputShape: [2, 7, 6],
    layers: [
      { type: "conv2d", filters: 3, kernel: [3, 2], padding: "same" },
      { type: "square" },
      { type: "average-pool", size: 2, stride: 1 },
      { type: "conv2d", filters: 5, kernel: 3, stride: 2, padding: [1, 0, 2, 1] },
      { type: "sigmoid" },
      { type: "max-pool", size: [2, 1] },
      { type: "flatten" },
      { type: "dense", units: 3 },
    ],
  },
  pooled: {
    inputShape: [2, 5, 5],
    layers: [
      { type: "conv2d", filters: 4, kernel: 3 },
      { type: "leaky-relu" },
      { type: "global-average-pool" },
      { type: "flatten" },
      { type: "dropout", rate: 0.25 },
      { type: "dense", units: 3 },
    ],
  },
};

describe("gradients", () => {
  it.each(Object.entries(NETWORKS))("of a %s network are those of finite differences", (_name, spec) => {
    const network = new Network(spec, 3);
    const targets = [0, 2, 1, 2];
    const inputs = uniform(targets.length * elementCount(spec.inputShape), 11);
    network.refresh();
    const outputs = network.forward(inputs, targets.length, new SeededRandom(5));
    const gradient = new Float32Array(outputs.length);
    crossEntropy.evaluate(outputs, targets, targets.length, gradient);
    network.backward(gradient, targets.length);
    const step = 1 / 2048;
    for (const { values, gradient: given, name } of network.parameters) {
      for (let i = 0; i < values.length; i += Math.ceil(values.length / 9)) {
        const kept = values[i];
        values[i] = kept + step;
        const above = lossOf(network, inputs, targets);
        values[i] = kept - step;
        const below = lossOf(network, inputs, targets);
        values[i] = kept;
        expect(given[i], `${name}[${i}]`).toBeCloseTo((above - below) / (2 * step), 3);
      }
    }
    expect(network.parameters.some(({ gradient: g }) => g.some((x) => Math.abs(x) > 0.01))).toBe(true);
  });
});

describe("layers that do not fit", () => {
  it.each([
    [[4, 4], { type: "dense", units: 2 }, /takes one axis/],
    [[3, 4, 4], { type: "dense", units: 2 }, /"flatten" layer/],
    [[12], { type: "conv2d", filters: 1, kernel: 3 }, /takes images/],
    [[1, 4, 4], { type: "max-pool", size: 5 }, /larger than the image/],
    [[1, 4, 4], { type: "conv2d", filters: 1, kernel: [1, 9] }, /larger than the image/],
    [[2 ** 15], { type: "dense", units: 2 ** 14 }, /at most/],
  ] as const)("%j before %j", (inputShape, layer, message) => {
    const make = () => new Network({ inputShape, layers: [layer as LayerSpec] }, 1);
    expect(make).toThrow(message);
    expect(make).toThrow(expect.objectContaining({ code: "recipe.layer" }));
  });
});

describe("masks", () => {
  it("take weights out of the function and keep their values until they are settled", () => {
    const network = new Network({ inputShape: [2], layers: [{ type: "dense", units: 2 }] }, 1);
    const [weight] = network.parameters;
    const before = Array.from(weight.values);
    weight.mask = Uint8Array.of(1, 0, 0, 1);
    network.refresh();
    expect(Array.from(network.forward(Float32Array.of(1, 10), 1))).toEqual([
      before[0],
      Math.fround(10 * before[3]),
    ]);
    expect(Array.from(weight.values)).toEqual(before);
    network.settleMasks();
    expect(Array.from(weight.values)).toEqual([before[0], 0, 0, before[3]]);
  });
});
