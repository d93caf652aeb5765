/**
 * The training loop: seeded, one thread, mini-batches of shifted images, learning rate falling linearly to zero.
 */
import { Adam } from "./adam.mjs";
import { initialParameters, Network, zeroParameters } from "./network.mjs";
import { SeededRandom } from "./random.mjs";
import { SparseImage } from "./sparseImage.mjs";

export const SETTINGS = {
  seed: 20240229,
  epochs: 30,
  batchSize: 64,
  learningRate: 0.0015,
  maxShift: 1,
  weightPenalty: { decay: 0.02, threshold: 0.02, limit: 0.496 },
  biasPenalty: { decay: 0, threshold: 0, limit: 2 },
};

/** Share of `data` that the network classifies correctly. */
export function accuracy(network, data) {
  const image = new SparseImage();
  let correct = 0;
  for (let i = 0; i < data.count; i++) {
    image.load(data.pixels, i, 0, 0);
    if (network.forward(image) === data.labels[i]) correct++;
  }
  return correct / data.count;
}

/**
 * @param {typeof SETTINGS} settings
 * @param {(epoch: number, meanLoss: number, network: Network) => void} onEpoch
 * @returns {Network}
 */
export function train(data, settings, onEpoch) {
  const random = new SeededRandom(settings.seed);
  const parameters = initialParameters(random);
  const network = new Network(parameters);
  const gradient = zeroParameters();
  const optimisers = Object.keys(parameters).map((name) => ({
    gradient: gradient[name],
    adam: new Adam(
      parameters[name],
      name.endsWith("Weights") ? settings.weightPenalty : settings.biasPenalty,
    ),
  }));

  const order = Uint32Array.from({ length: data.count }, (_, i) => i);
  const batchesPerEpoch = Math.ceil(data.count / settings.batchSize);
  const totalSteps = settings.epochs * batchesPerEpoch;
  const image = new SparseImage();
  let step = 0;

  for (let epoch = 1; epoch <= settings.epochs; epoch++) {
    random.shuffle(order);
    let loss = 0;
    for (let batch = 0; batch < batchesPerEpoch; batch++) {
      const start = batch * settings.batchSize;
      const end = Math.min(start + settings.batchSize, data.count);
      for (let i = start; i < end; i++) {
        const dx = random.nextInteger(-settings.maxShift, settings.maxShift);
        const dy = random.nextInteger(-settings.maxShift, settings.maxShift);
        image.load(data.pixels, order[i], dx, dy);
        network.forward(image);
        loss += network.backward(image, data.labels[order[i]], gradient);
      }
      const learningRate = settings.learningRate * (1 - step / totalSteps);
      for (const { adam, gradient: slope } of optimisers) adam.step(slope, 1 / (end - start), learningRate);
      step++;
    }
    onEpoch(epoch, loss / data.count, network);
  }
  return network;
}
