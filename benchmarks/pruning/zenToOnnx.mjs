/**
 * ShallowNet (784-128-10, MNIST) from the quantised weights that ZEN published, as an ONNX file: weight = scale · (integer −
 * zero point), row by row; biases are not published and stay zero. `node benchmarks/pruning/zenToOnnx.mjs OUT.onnx [FOLDER]`
 * after `npm run build`. Scaling all inputs alike scales all scores alike, so pixels from 0 to 1 serve.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { library } from "../models/library.mjs";

const [output = "shallownet.onnx", folder = "../shared/data/zen"] = process.argv.slice(2);
const PIXELS = 784;
const LAYERS = [128, 10];

if (!existsSync(folder)) {
  console.error(`skipped: there is no "${folder}" with ZEN's shallownet_*.txt (UCSB-TDS/ZEN)`);
  process.exit(0);
}

/** All numbers of a text file, whatever stands between them. */
function numbers(name, count) {
  const text = readFileSync(join(folder, name), "utf8");
  const found = text.match(/-?\d+(\.\d*)?(e[+-]?\d+)?/gi)?.map(Number) ?? [];
  if (found.length !== count) throw new Error(`"${name}" holds ${found.length} numbers, expected ${count}`);
  return found;
}

const { Network } = await library("train/network/network.js");
const { toGraph } = await library("train/exchange/toGraph.js");
const { writeOnnx } = await library("formats/onnx/write.js");

const network = new Network(
  {
    inputShape: [PIXELS],
    layers: [
      { type: "dense", units: LAYERS[0], name: "L1" },
      { type: "relu", name: "relu" },
      { type: "dense", units: LAYERS[1], name: "L2" },
    ],
  },
  0,
);
let inputs = PIXELS;
for (const [i, units] of LAYERS.entries()) {
  const name = `shallownet_l${i + 1}_weight`;
  const integers = numbers(`${name}_q.txt`, units * inputs);
  const scales = numbers(`${name}_s.txt`, units);
  const zeroPoints = numbers(`${name}_z.txt`, units);
  const { weight, bias } = network.layers[2 * i];
  // Rows of the file are units; the network's are inputs.
  for (let unit = 0; unit < units; unit++) {
    for (let k = 0; k < inputs; k++)
      weight.values[k * units + unit] = scales[unit] * (integers[unit * inputs + k] - zeroPoints[unit]);
  }
  bias.values.fill(0);
  inputs = units;
}
network.refresh();
writeFileSync(output, writeOnnx(toGraph(network, "ShallowNet")));
console.log(`${output}: 784-128-10, biases zero`);
