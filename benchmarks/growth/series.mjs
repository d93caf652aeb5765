/** What grows: networks with random weights in which one size doubles from point to point. */
export const SERIES = {
  parameters: {
    about: "a dense layer of n weights, and ten outputs",
    build: (random, k) => random.dense(`weights-${k}`, [2 ** Math.ceil(k / 2), 2 ** Math.floor(k / 2), 10]),
    batch: () => 1,
  },
  activations: {
    about: "n activations of a 3 × 3 convolution with four channels",
    build: (random, k) =>
      random.convolution(`activations-${k}`, 2 ** Math.ceil((k - 2) / 2), 2 ** Math.floor((k - 2) / 2)),
    batch: () => 1,
  },
  batch: {
    about: "n inferences of a network 16-8-4 in one proof",
    build: (random) => random.dense("batch", [16, 8, 4]),
    batch: (k) => 2 ** k,
  },
};
