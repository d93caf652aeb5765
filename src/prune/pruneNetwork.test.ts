import { describe, expect, it } from "vitest";
import type { Samples } from "../train/data/dataset.ts";
import { crossEntropy } from "../train/loss.ts";
import { Network } from "../train/network/network.ts";
import { predict, qualityOf } from "../train/predict.ts";
import { SeededRandom } from "../train/random.ts";
import { type TrainingOptions, trainNetwork } from "../train/trainNetwork.ts";
import { pruneByMagnitude, shareAfter } from "./magnitude.ts";
import { maskLowest } from "./maskLowest.ts";
import { cubicShare } from "./movement.ts";
import { pruneNetwork } from "./pruneNetwork.ts";
import { isWeightLayer, layersOf, parseScope } from "./scope.ts";

const FEATURES = 12;
const TASK = { kind: "classification", classes: ["below", "above"] } as const;
const OPTIONS: TrainingOptions = { loss: crossEntropy, epochs: 12, batch: 16, learningRate: 0.01, seed: 4 };

/** The class is the sign of the sum of the first three of the features; nine say nothing. */
function samples(count: number, seed: number): Samples {
  const random = new SeededRandom(seed);
  const inputs = Float32Array.from({ length: count * FEATURES }, () => random.nextFloat() - 0.5);
  const targets = Float64Array.from({ length: count }, (_, n) => {
    const [a, b, c] = inputs.subarray(n * FEATURES);
    return a + b + c > 0 ? 1 : 0;
  });
  return { count, inputs, targets };
}

const TRAIN = samples(600, 1);
const TEST = samples(300, 2);

function trained(): Network {
  const layers = [
    { type: "dense", units: 16 },
    { type: "relu" },
    { type: "dense", units: 2, name: "scores" },
  ] as const;
  const network = new Network({ inputShape: [FEATURES], layers }, 6);
  trainNetwork(network, TRAIN, OPTIONS);
  return network;
}

function accuracy(network: Network): number {
  const quality = qualityOf(network, TEST, TASK);
  if (!("accuracy" in quality)) throw new TypeError("a classification has an accuracy");
  return quality.accuracy;
}

function zeros(network: Network): number {
  return network.layers
    .filter(isWeightLayer)
    .reduce((sum, { weight }) => sum + weight.values.filter((value) => value === 0).length, 0);
}

const WEIGHTS = FEATURES * 16 + 16 * 2;
const global = { kind: "global" } as const;

describe("maskLowest", () => {
  it("takes out exactly the share, the lowest first and equals in order", () => {
    const network = new Network({ inputShape: [2], layers: [{ type: "dense", units: 3 }] }, 1);
    const [parameter] = network.parameters;
    maskLowest([{ parameter, scores: [1, 0, 1, 1, 1, -3] }], 0.5);
    expect(Array.from(parameter.mask ?? [])).toEqual([0, 0, 1, 1, 1, 0]);
    maskLowest([{ parameter, scores: [1, 0, 1, 1, 1, -3] }], 0.49);
    expect(Array.from(parameter.mask ?? [])).toEqual([1, 0, 1, 1, 1, 0]);
  });
});

describe("budgets of layers", () => {
  const scope = parseScope("layers:dense1=0.5,scores=0.25");
  const zerosOf = (network: Network): number[] =>
    network.layers
      .filter(isWeightLayer)
      .map(({ weight }) => weight.values.filter((value) => value === 0).length);

  it("rank each layer by itself, at their part of the amount", () => {
    const pruned = pruneNetwork(trained(), { method: "magnitude", scope, share: 0.5 });
    expect(zerosOf(pruned)).toEqual([FEATURES * 4, 4]);
    const moved = {
      method: "movement",
      scope,
      share: 1,
      finetune: { data: TRAIN, options: OPTIONS },
    } as const;
    expect(zerosOf(pruneNetwork(trained(), moved))).toEqual([FEATURES * 8, 8]);
  });

  it.each(["layers:", "layers:a", "layers:a=2", "layers:a=", "layers:a=0.1,a=0.2", "layers:=0.5"])(
    "refuse %s",
    (text) => {
      expect(() => parseScope(text)).toThrow("expected");
    },
  );
});

describe("schedules", () => {
  it("keep the same part in each round", () => {
    expect(shareAfter(1, 2, 0.75)).toBeCloseTo(0.5);
    expect(shareAfter(2, 2, 0.75)).toBe(0.75);
    expect(shareAfter(3, 3, 1)).toBe(1);
  });

  it("rise by a cube from a tenth of the steps to seven tenths", () => {
    expect([0, 0.1, 0.7, 1].map((done) => cubicShare(done, 0.8))).toEqual([0, 0, 0.8, 0.8]);
    expect(cubicShare(0.4, 0.8)).toBeCloseTo(0.7, 12);
  });
});

describe("pruneNetwork", () => {
  it.each([0, 0.25, 0.5, 1])("magnitude makes %f of the weights zero", (share) => {
    const network = trained();
    const before = zeros(network);
    const pruned = pruneNetwork(network, { method: "magnitude", scope: global, share });
    expect(zeros(pruned)).toBe(Math.max(before, Math.floor(share * WEIGHTS)));
  });

  it("takes the small weights", () => {
    const network = trained();
    const layers = layersOf(network, global, false);
    pruneByMagnitude(layers, 0.5);
    const sizes = (kept: 0 | 1): number[] =>
      layers.flatMap(({ weight }) =>
        Array.from(weight.values.filter((_, i) => weight.mask?.[i] === kept)).map(Math.abs),
      );
    expect(Math.max(...sizes(0))).toBeLessThanOrEqual(Math.min(...sizes(1)));
  });

  it("prunes one layer alone where the scope names it", () => {
    const network = pruneNetwork(trained(), {
      method: "magnitude",
      scope: parseScope("layer:scores"),
      share: 1,
    });
    const [first, scores] = network.layers.filter(isWeightLayer);
    expect(scores.weight.values.every((value) => value === 0)).toBe(true);
    expect(first.weight.values.filter((value) => value === 0)).toHaveLength(0);
    expect(layersOf(network, { kind: "costliest" }, false)).toEqual([first]);
  });

  it.each(["magnitude", "movement", "structured"] as const)(
    "%s with training keeps what the task needs at three quarters",
    (method) => {
      const network = trained();
      const before = accuracy(network);
      const finetune = { data: TRAIN, options: OPTIONS };
      const rounds = method === "movement" ? 1 : 3;
      const pruned = pruneNetwork(network, { method, scope: global, share: 0.75, rounds, finetune });
      expect(before).toBeGreaterThan(0.95);
      expect(accuracy(pruned)).toBeGreaterThan(0.93);
      if (method === "structured") expect(pruned.layers[0].outputShape).toEqual([4]);
      else expect(zeros(pruned)).toBe(0.75 * WEIGHTS);
    },
  );

  it("repeats to the bit", () => {
    const run = (): number[] => {
      const finetune = { data: TRAIN, options: OPTIONS };
      const pruned = pruneNetwork(trained(), { method: "movement", scope: global, share: 0.5, finetune });
      return Array.from(predict(pruned, TEST));
    };
    expect(run()).toEqual(run());
  });

  it.each([
    ["a share beyond 1", { share: 1.5 }, "prune.amount"],
    ["a share that is no number", { share: Number.NaN }, "prune.amount"],
    ["rounds without training", { rounds: 3 }, "prune.finetune"],
    ["movement without training", { method: "movement" as const }, "prune.finetune"],
    ["a layer that is not there", { scope: parseScope("layer:score") }, "prune.layer"],
    [
      "units of the last layer",
      { method: "structured" as const, scope: parseScope("layer:scores") },
      "prune.layer",
    ],
  ])("refuses %s", (_, change, code) => {
    const options = { method: "magnitude" as const, scope: global, share: 0.5, ...change };
    expect(() => pruneNetwork(trained(), options)).toThrow(expect.objectContaining({ code }));
  });

  it("offers the nearest names", () => {
    expect(() => layersOf(trained(), parseScope("layer:score"), false)).toThrow(
      /nearest: "scores", "dense1"/,
    );
    expect(() => parseScope("everything")).toThrow(expect.objectContaining({ code: "prune.scope" }));
  });
});
