/**
 * The models and tables of the heart suites, from a heart.csv of 918 patients (11 columns and HeartDisease): one-hot
 * features in [0, 1], a seeded 70/30 split, MLPs trained with Adam. Needs the built library. Repeatable.
 *
 * node benchmarks/suites/prepareHeart.mjs --csv <heart.csv>
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { Adam } from "../../examples/mnist/training/adam.mjs";
import { library } from "../../examples/mnist/training/library.mjs";
import { SeededRandom } from "../../examples/mnist/training/random.mjs";

const FOLDER = new URL("prepared/heart/", import.meta.url);
const TARGET = "HeartDisease";
const TRAINING_SHARE = 0.7;
const SEED = 1;
const EPOCHS = 300;
const BATCH = 16;
const RATE = 0.005;
const CLASSES = 2;
const NETWORKS = [
  ...[4, 8, 16, 32, 64, 128].map((width) => ({ name: `hidden-${width}`, width, layers: 3 })),
  ...[3, 4, 5, 6, 7, 8].map((layers) => ({ name: `layers-${layers}`, width: 4, layers })),
];

/**
 * Features in [0, 1]: numbers between the smallest and largest of the table, a column of words as one column for each
 * word, of two words as one column.
 */
function readTable(text) {
  const [names, ...rows] = text
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(","));
  const features = names.flatMap((name, at) => {
    if (name === TARGET) return [];
    const cells = rows.map((row) => row[at]);
    const numbers = cells.map(Number);
    if (numbers.every(Number.isFinite)) {
      const low = Math.min(...numbers);
      const span = Math.max(...numbers) - low || 1;
      return [numbers.map((value) => (value - low) / span)];
    }
    const words = [...new Set(cells)].sort();
    const shown = words.length === 2 ? words.slice(1) : words;
    return shown.map((word) => cells.map((cell) => Number(cell === word)));
  });
  const target = names.indexOf(TARGET);
  return rows.map((row, n) => ({ x: features.map((column) => column[n]), label: Number(row[target]) }));
}

function newLayers(sizes, random) {
  return sizes.slice(1).map((outputs, i) => {
    const inputs = sizes[i];
    const bound = Math.sqrt(6 / inputs);
    const weights = Float32Array.from(
      { length: inputs * outputs },
      () => (2 * random.nextFloat() - 1) * bound,
    );
    const penalty = { decay: 1e-4, threshold: 0, limit: 8 };
    const bias = new Float32Array(outputs);
    const adams = [new Adam(weights, penalty), new Adam(bias, penalty)];
    return {
      inputs,
      outputs,
      weights,
      bias,
      adams,
      dw: new Float32Array(weights.length),
      db: new Float32Array(outputs),
    };
  });
}

/** Values of all layers, ReLU between them. */
function forward(layers, x) {
  const values = [x];
  layers.forEach(({ inputs, outputs, weights, bias }, at) => {
    const input = values[at];
    const isLast = at === layers.length - 1;
    values.push(
      Array.from({ length: outputs }, (_, j) => {
        let sum = bias[j];
        for (let i = 0; i < inputs; i++) sum += input[i] * weights[i * outputs + j];
        return isLast ? sum : Math.max(sum, 0);
      }),
    );
  });
  return values;
}

/** Adds the gradient of the cross-entropy of one sample. */
function backward(layers, values, label) {
  const scores = values.at(-1);
  const largest = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - largest));
  const total = powers.reduce((a, b) => a + b);
  let delta = powers.map((power, j) => power / total - Number(j === label));
  for (let at = layers.length - 1; at >= 0; at--) {
    const { inputs, outputs, weights, dw, db } = layers[at];
    const input = values[at];
    const before = new Array(inputs).fill(0);
    for (let i = 0; i < inputs; i++) {
      for (let j = 0; j < outputs; j++) {
        dw[i * outputs + j] += input[i] * delta[j];
        before[i] += weights[i * outputs + j] * delta[j];
      }
    }
    for (let j = 0; j < outputs; j++) db[j] += delta[j];
    delta = before.map((value, i) => (input[i] > 0 ? value : 0));
  }
}

function train(sizes, samples) {
  const random = new SeededRandom(SEED);
  const layers = newLayers(sizes, random);
  const order = [...samples];
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    random.shuffle(order);
    const rate = (RATE * (1 + Math.cos((Math.PI * epoch) / EPOCHS))) / 2;
    for (let start = 0; start < order.length; start += BATCH) {
      const batch = order.slice(start, start + BATCH);
      for (const { x, label } of batch) backward(layers, forward(layers, x), label);
      for (const { adams, dw, db } of layers) {
        adams[0].step(dw, 1 / batch.length, rate);
        adams[1].step(db, 1 / batch.length, rate);
      }
    }
  }
  return layers;
}

function accuracy(layers, samples) {
  const hits = samples.filter(({ x, label }) => {
    const [no, yes] = forward(layers, x).at(-1);
    return Number(yes > no) === label;
  });
  return hits.length / samples.length;
}

function graphOf(name, layers) {
  const values = new Map();
  const initializers = new Map();
  const value = (key, length) => values.set(key, { name: key, shape: [length], type: "float32" }).get(key);
  const input = value("features", layers[0].inputs);
  let last = input;
  const nodes = layers.flatMap(({ inputs, outputs, weights, bias }, at) => {
    const node = (operator, from, to) => ({
      ...{ name: to, operator, domain: "", opset: 13, inputs: from, outputs: [to], attributes: new Map() },
    });
    const linear = value(`linear${at}`, outputs);
    initializers.set(`weights${at}`, { shape: [inputs, outputs], data: weights });
    initializers.set(`bias${at}`, { shape: [outputs], data: bias });
    const gemm = node("Gemm", [last.name, `weights${at}`, `bias${at}`], linear.name);
    last = linear;
    if (at === layers.length - 1) return [gemm];
    last = value(`relu${at}`, outputs);
    return [gemm, node("Relu", [linear.name], last.name)];
  });
  return { name, batched: true, inputs: [input], outputs: [last], values, nodes, initializers, problems: [] };
}

const { csv } = parseArgs({ options: { csv: { type: "string" } } }).values;
if (csv === undefined || !existsSync(csv)) {
  console.log(
    `skipped: ${csv === undefined ? "name the table with --csv <heart.csv>" : `there is no file ${csv}`}`,
  );
} else {
  const { writeOnnx } = await library("formats/onnx/write.js");
  const { writeNpy } = await library("data/npy.js");
  const samples = readTable(readFileSync(csv, "utf8"));
  new SeededRandom(SEED).shuffle(samples);
  const numTraining = Math.round(TRAINING_SHARE * samples.length);
  const sets = { train: samples.slice(0, numTraining), test: samples.slice(numTraining) };
  const width = samples[0].x.length;
  mkdirSync(FOLDER, { recursive: true });
  for (const [set, rows] of Object.entries(sets)) {
    const data = Float32Array.from(rows.flatMap(({ x }) => x));
    const labels = Uint8Array.from(rows, ({ label }) => label);
    writeFileSync(new URL(`${set}.npy`, FOLDER), writeNpy({ shape: [rows.length, width], data }));
    writeFileSync(new URL(`${set}-labels.npy`, FOLDER), writeNpy({ shape: [rows.length], data: labels }));
  }
  for (const { name, width: hidden, layers: count } of NETWORKS) {
    const sizes = [width, ...new Array(count - 1).fill(hidden), CLASSES];
    const layers = train(sizes, sets.train);
    writeFileSync(new URL(`${name}.onnx`, FOLDER), writeOnnx(graphOf(name, layers)));
    console.log(`${name}: ${(100 * accuracy(layers, sets.test)).toFixed(2)} % of the test set`);
  }
}
