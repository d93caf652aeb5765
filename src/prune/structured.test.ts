import { describe, expect, it } from "vitest";
import { elementCount } from "../tensor/shape.ts";
import type { NetworkSpec } from "../train/network/layerSpec.ts";
import { Network } from "../train/network/network.ts";
import { SeededRandom } from "../train/random.ts";
import { isWeightLayer, layersOf } from "./scope.ts";
import { removeUnits } from "./structured.ts";
import { forEachOutgoing, unitScores, unitsOf } from "./unitScores.ts";

const SPECS: Readonly<Record<string, NetworkSpec>> = {
  dense: {
    inputShape: [7],
    layers: [
      { type: "dense", units: 9 },
      { type: "relu" },
      { type: "dense", units: 6 },
      { type: "tanh" },
      { type: "dense", units: 3 },
    ],
  },
  convolutional: {
    inputShape: [2, 8, 7],
    layers: [
      { type: "conv2d", filters: 5, kernel: 3 },
      { type: "relu" },
      { type: "conv2d", filters: 4, kernel: [2, 3] },
      { type: "max-pool", size: 2 },
      { type: "flatten" },
      { type: "dense", units: 6 },
      { type: "relu" },
      { type: "dense", units: 3 },
    ],
  },
};

function inputsFor({ inputShape }: NetworkSpec): Float32Array {
  const random = new SeededRandom(5);
  return Float32Array.from({ length: 4 * elementCount(inputShape) }, () => random.nextFloat() - 0.5);
}

/** The weights that read a removed unit set to zero: what the smaller network must compute. */
function silenced(network: Network, smaller: Network): void {
  const layers = network.layers.filter(isWeightLayer);
  layers.slice(0, -1).forEach((layer, i) => {
    const target = smaller.layers.filter(isWeightLayer)[i];
    const kept = new Set(target.bias.values);
    const next = layers[i + 1];
    for (let unit = 0; unit < unitsOf(layer); unit++) {
      if (kept.has(layer.bias.values[unit])) continue;
      forEachOutgoing(next, unitsOf(layer), unit, (at) => {
        next.weight.values[at] = 0;
      });
    }
  });
  network.refresh();
}

describe.each(Object.entries(SPECS))("removing units of a %s network", (_, spec) => {
  const build = (): Network => {
    const network = new Network(spec, 3);
    const random = new SeededRandom(8);
    // Different biases tell the units apart.
    for (const { values, role } of network.parameters)
      if (role === "bias") for (let i = 0; i < values.length; i++) values[i] = random.nextFloat() - 0.5;
    return network;
  };

  it.each([0, 1, 5, 8])("computes what the network computes with %i units silenced", (count) => {
    const network = build();
    const smaller = removeUnits(network, layersOf(network, { kind: "global" }, true), count);
    const units = (of: Network): number =>
      of.layers
        .filter(isWeightLayer)
        .slice(0, -1)
        .reduce((sum, layer) => sum + unitsOf(layer), 0);
    expect(units(smaller)).toBe(units(network) - count);
    silenced(network, smaller);
    const inputs = inputsFor(spec);
    const expected = Array.from(network.forward(inputs, 4));
    Array.from(smaller.forward(inputs, 4)).forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i], 5);
    });
  });

  it("leaves each layer one unit, and the outputs alone", () => {
    const network = build();
    const smaller = removeUnits(network, layersOf(network, { kind: "global" }, true), 1000);
    const sizes = smaller.layers.filter(isWeightLayer).map(unitsOf);
    expect(sizes.slice(0, -1).every((size) => size === 1)).toBe(true);
    expect(sizes.at(-1)).toBe(3);
  });

  it("takes the unit first that nothing reads", () => {
    const network = build();
    const [first, second] = network.layers.filter(isWeightLayer);
    forEachOutgoing(second, unitsOf(first), 2, (at) => {
      second.weight.values[at] = 0;
    });
    network.refresh();
    expect(unitScores(first, second)[2]).toBe(0);
    const smaller = removeUnits(network, layersOf(network, { kind: "global" }, true), 1);
    const [left] = smaller.layers.filter(isWeightLayer);
    expect(Array.from(left.bias.values)).not.toContain(first.bias.values[2]);
  });
});
