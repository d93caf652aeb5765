import { describe, expect, it } from "vitest";
import { compileGraph } from "../../quant/compileGraph.ts";
import { elementCount, type Shape } from "../../tensor/shape.ts";
import { floatTensor } from "../../tensor/tensor.ts";
import type { Dataset, Samples } from "../data/dataset.ts";
import { toGraph } from "../exchange/toGraph.ts";
import { crossEntropy } from "../loss.ts";
import type { LayerSpec } from "../network/layerSpec.ts";
import { Network } from "../network/network.ts";
import { qualityOf } from "../predict.ts";
import { SeededRandom } from "../random.ts";
import { trainNetwork } from "../trainNetwork.ts";
import { setRoundings } from "./fakeQuantisation.ts";
import { fineTuneQuantised, integerQuality } from "./fineTune.ts";

/** Classes by which of three fixed directions a point lies farthest along, in `size` dimensions. */
function directions(count: number, shape: Shape, seed: number): Samples {
  const size = elementCount(shape);
  const random = new SeededRandom(seed);
  const inputs = Float32Array.from({ length: count * size }, () => random.nextFloat());
  const targets = Float64Array.from({ length: count }, (_, n) => {
    const scores = [0, 1, 2].map((c) => {
      let sum = 0;
      for (let i = 0; i < size; i++) sum += inputs[n * size + i] * Math.sin(1.7 * c + 2.3 * i * (c + 1));
      return sum;
    });
    return scores.indexOf(Math.max(...scores));
  });
  return { count, inputs, targets };
}

const NETWORKS: Readonly<Record<string, { inputShape: Shape; layers: readonly LayerSpec[] }>> = {
  dense: {
    inputShape: [12],
    layers: [
      { type: "dense", units: 16 },
      { type: "relu" },
      { type: "dense", units: 8 },
      { type: "relu" },
      { type: "dense", units: 3 },
    ],
  },
  convolutional: {
    inputShape: [1, 6, 6],
    layers: [
      { type: "conv2d", filters: 4, kernel: 3, padding: "same" },
      { type: "relu" },
      { type: "max-pool", size: 2 },
      { type: "flatten" },
      { type: "dense", units: 3 },
    ],
  },
};

function prepared(name: string): { network: Network; dataset: Dataset } {
  const { inputShape, layers } = NETWORKS[name];
  const train = directions(600, inputShape, 1);
  const task = { kind: "classification", classes: ["0", "1", "2"] } as const;
  const dataset = { name, inputShape, task, train, test: directions(400, inputShape, 2) };
  const network = new Network({ inputShape, layers }, 1);
  trainNetwork(network, train, {
    ...{ loss: crossEntropy, epochs: 60, batch: 32, learningRate: 0.01, schedule: "cosine", seed: 1 },
  });
  return { network, dataset };
}

describe.each(Object.keys(NETWORKS))("a %s network", (name) => {
  it.each([8, 5])("is rounded to the scales that a program of %i bits has", (bits) => {
    const { network, dataset } = prepared(name);
    const { train, inputShape } = dataset;
    setRoundings(network, { weightBits: bits, activationBits: bits }, train);
    const rounded = network.parameters.map(({ effective }) => Float32Array.from(effective));
    const graph = toGraph(network, name);
    const calibration = [floatTensor([train.count, ...inputShape], train.inputs)];
    const { program } = compileGraph(graph, { calibration, bits, activationBits: bits });
    network.parameters.forEach(({ name: parameter, role, shape }, at) => {
      if (role !== "weight") return;
      const constant = program.constants.find((candidate) => candidate.name === parameter);
      expect(constant, parameter).toBeDefined();
      if (constant === undefined) return;
      // The program's layouts differ: weights are compared as sorted lists.
      const integers = Array.from(rounded[at], (w) => w / constant.quant.scale).sort((a, b) => a - b);
      const expected = Array.from(constant.data).sort((a, b) => a - b);
      expect(integers).toHaveLength(elementCount(shape));
      integers.forEach((value, i) => {
        expect(value).toBeCloseTo(expected[i], 3);
      });
    });
  });

  it("keeps its accuracy in 4 bits after training with rounding", () => {
    const { network, dataset } = prepared(name);
    const bits = { weightBits: 4, activationBits: 4 };
    const before = integerQuality(toGraph(network, name), bits, dataset);
    fineTuneQuantised(network, dataset.train, bits, {
      ...{ loss: crossEntropy, epochs: 60, batch: 32, learningRate: 0.003, schedule: "cosine", seed: 2 },
    });
    const after = integerQuality(toGraph(network, name), bits, dataset);
    const accuracy = (quality: unknown): number => (quality as { accuracy: number }).accuracy;
    expect(accuracy(after.integer)).toBeGreaterThanOrEqual(accuracy(before.integer));
    expect(accuracy(after.integer)).toBeGreaterThan(accuracy(before.float) - 0.06);
    expect(network.roundings.every((rounding) => rounding === null)).toBe(true);
    expect(qualityOf(network, dataset.test, dataset.task)).toEqual(after.float);
  });
});
