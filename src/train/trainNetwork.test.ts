import { describe, expect, it } from "vitest";
import { crossEntropy, meanSquaredError } from "./loss.ts";
import { Network } from "./network/network.ts";
import { qualityOf } from "./predict.ts";
import { SeededRandom } from "./random.ts";
import { trainNetwork } from "./trainNetwork.ts";

/** Two interleaved rings: no straight line separates them. */
function rings(count: number, seed: number) {
  const random = new SeededRandom(seed);
  const targets = Float64Array.from({ length: count }, (_, n) => n % 2);
  const inputs = new Float32Array(2 * count);
  for (let n = 0; n < count; n++) {
    const angle = 2 * Math.PI * random.nextFloat();
    const radius = 0.4 + 0.5 * targets[n] + 0.1 * random.nextFloat();
    inputs.set([radius * Math.cos(angle), radius * Math.sin(angle)], 2 * n);
  }
  return { count, inputs, targets };
}

const LAYERS = [{ type: "dense", units: 16 }, { type: "relu" }, { type: "dense", units: 2 }] as const;
const TASK = { kind: "classification", classes: ["inner", "outer"] } as const;
const OPTIONS = { loss: crossEntropy, epochs: 40, batch: 16, learningRate: 0.02, seed: 4 } as const;

function trained(seed: number, options: Partial<Parameters<typeof trainNetwork>[2]> = {}): Network {
  const network = new Network({ inputShape: [2], layers: LAYERS }, seed);
  trainNetwork(network, rings(200, 1), { ...OPTIONS, ...options });
  return network;
}

describe("trainNetwork", () => {
  it.each([
    ["adam", { optimiser: { kind: "adam", weightDecay: 0.01 }, schedule: "cosine" }],
    ["sgd", { optimiser: { kind: "sgd" }, learningRate: 0.2, schedule: "linear" }],
  ] as const)("learns what no line separates, with %s", (_name, options) => {
    expect(qualityOf(trained(1, options), rings(200, 2), TASK)).toMatchObject({
      accuracy: expect.any(Number),
    });
    const quality = qualityOf(trained(1, options), rings(200, 2), TASK);
    expect("accuracy" in quality ? quality.accuracy : 0).toBeGreaterThan(0.97);
  });

  it("gives the same bits for the same seeds, others for others", () => {
    const bits = (network: Network) => network.parameters.map(({ values }) => Array.from(values));
    expect(bits(trained(1))).toEqual(bits(trained(1)));
    expect(bits(trained(1))).not.toEqual(bits(trained(2)));
    expect(bits(trained(1))).not.toEqual(bits(trained(1, { seed: 5 })));
  });

  it("leaves masked weights as they are and shows hooks their gradients", () => {
    const network = new Network({ inputShape: [2], layers: LAYERS }, 1);
    const [weight] = network.parameters;
    const before = Array.from(weight.values);
    weight.mask = Uint8Array.from(weight.values, (_, i) => (i % 3 === 0 ? 0 : 1));
    const scores = new Float32Array(weight.values.length);
    let steps = 0;
    trainNetwork(network, rings(200, 1), {
      ...OPTIONS,
      beforeUpdate: () => {
        weight.addMovement(scores);
        steps++;
      },
    });
    weight.values.forEach((value, i) => {
      if (i % 3 === 0) expect(value).toBe(before[i]);
      else expect(value).not.toBe(before[i]);
    });
    expect(steps).toBe(40 * 13);
    // Also weights that are out have scores: a movement mask can bring them back.
    const scored = scores.filter((score, i) => i % 3 === 0 && score !== 0);
    expect(scored.length).toBeGreaterThan(8);
  });

  it("fits real targets", () => {
    const random = new SeededRandom(3);
    const inputs = Float32Array.from({ length: 300 }, () => 2 * random.nextFloat() - 1);
    const targets = Float64Array.from({ length: 100 }, (_, n) => 2 * inputs[3 * n] - inputs[3 * n + 2] + 0.5);
    const network = new Network({ inputShape: [3], layers: [{ type: "dense", units: 1 }] }, 1);
    const data = { count: 100, inputs, targets };
    trainNetwork(network, data, { ...OPTIONS, loss: meanSquaredError, epochs: 200 });
    const [weight, bias] = network.parameters;
    [2, 0, -1].forEach((value, i) => {
      expect(weight.values[i]).toBeCloseTo(value, 3);
    });
    expect(bias.values[0]).toBeCloseTo(0.5, 3);
  });

  it("says that the learning rate is too high when the loss is no number", () => {
    const run = () => trained(1, { optimiser: { kind: "sgd" }, learningRate: 1e30 });
    expect(run).toThrow(expect.objectContaining({ code: "train.diverged" }));
  });

  it("stops where it is told to", () => {
    let asked = 0;
    const epochs: number[] = [];
    trained(1, { isStopped: () => ++asked > 20, onEpoch: ({ epoch }) => epochs.push(epoch) });
    expect(epochs).toEqual([1]);
  });
});
