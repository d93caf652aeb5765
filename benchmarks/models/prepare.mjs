/**
 * First process of a row: compiles the model, compares float with integer where there is a test set, commits to the
 * weights. Leaves `proving.key`, `input<i>.bin` in the folder and prints what it found as JSON.
 *
 *   node prepare.mjs NAME DATA_FOLDER WORK_FOLDER [unevaluated]
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readImages } from "./datasets.mjs";
import { library, peakRssBytes, round } from "./library.mjs";
import { MODELS } from "./models.mjs";
import { randomGraphs } from "./random.mjs";

const [name, dataFolder, workFolder, unevaluated] = process.argv.slice(2);
const CALIBRATION_SAMPLES = 300;
const ROOT = fileURLToPath(new URL("../..", import.meta.url));

const { loadModel } = await library("formats/load.js");
const { compileGraph } = await library("quant/compileGraph.js");
const { evaluate } = await library("quant/evaluate.js");
const { inspectProgram } = await library("quant/inspectProgram.js");
const { quantiseInput } = await library("quant/realValues.js");
const { floatTensor } = await library("tensor/tensor.js");
const { elementCount } = await library("tensor/shape.js");
const { createKernels } = await library("kernels/createKernels.js");
const { setup } = await library("engine/prover/setup.js");
const { writeProvingKey } = await library("engine/provingKey.js");
const { programStructure } = await library("program/programStructure.js");
const { estimateProof } = await library("cli/estimate.js");
const { measureSpeed } = await library("cli/forecast/machineSpeed.js");

const PROOFS = 12;
const model = MODELS.find((candidate) => candidate.name === name);
const graph = await loadGraph();

async function loadGraph() {
  if (model.build !== undefined) return model.build(await randomGraphs(library));
  const path = join(model.own ? ROOT : dataFolder, model.file);
  return loadModel(readFileSync(path), path);
}

function samplesOf(set, count) {
  if (model.data === undefined) return null;
  const images = readImages(model.data, set, count, dataFolder);
  if (images === null) return null;
  const data = [floatTensor([count, ...graph.inputs[0].shape], images.data)];
  return { data, labels: images.labels };
}

function compileOptions() {
  if (model.mode === "exact-int8") return { mode: "exact-int8" };
  if (model.inputRange !== undefined) return { mode: "pow2", inputRange: model.inputRange };
  const samples = samplesOf("train", CALIBRATION_SAMPLES);
  return samples === null
    ? { mode: "pow2", inputRange: [0, 1] }
    : { mode: "pow2", calibration: samples.data };
}

function accuracy(program) {
  if (unevaluated !== undefined) return { reason: "left out (--no-accuracy)" };
  if (model.untested !== undefined) return { reason: model.untested };
  const samples = samplesOf("test", model.tested);
  if (samples === null) return { reason: `no ${model.data} images` };
  const { float, integer, agreement, count } = evaluate(graph, program, samples.data, samples.labels);
  return { float: float.accuracy, integer: integer.accuracy, agreement, count };
}

/** One test image, or integers that wander over the declared range. */
function writeInputs(program) {
  const samples = samplesOf("test", 1);
  program.inputs.forEach((id, i) => {
    const { shape, range } = program.tensors[id];
    const span = range.hi - range.lo + 1;
    const values =
      samples === null
        ? Int32Array.from({ length: elementCount(shape) }, (_, j) => range.lo + ((j * 7919) % span))
        : quantiseInput(program, i, samples.data[i].data);
    writeFileSync(join(workFolder, `input${i}.bin`), values);
  });
}

const started = performance.now();
const { program } = compileGraph(graph, compileOptions());
const compileMs = performance.now() - started;
const { parameters, multiplyAccumulates, activations, lookups } = inspectProgram(program);
const sizes = { parameters, multiplyAccumulates, activations, lookups };
const speed = measureSpeed();
const forecastOf = (threads) => estimateProof(programStructure(program), { threads, speed });
const forecast = { speed: round(speed, 2), threads1: forecastOf(1), threads2: forecastOf(2) };
const kernels = createKernels({ threads: 1 });
kernels.warmUp();
const before = performance.now();
const keys = setup(kernels, program, { weights: "hidden", proofs: PROOFS, batch: 1 });
const setupMs = performance.now() - before;
kernels.dispose();
const setupPeakRssBytes = peakRssBytes();
writeFileSync(join(workFolder, "proving.key"), writeProvingKey(keys.provingKey), { mode: 0o600 });
writeInputs(program);
const found = {
  ...sizes,
  compileMs: round(compileMs),
  setupMs: round(setupMs),
  setupPeakRssBytes,
  forecast,
  verificationKeyBytes: keys.verificationKey.length,
  // Last: the test set must not count as memory of setup.
  accuracy: accuracy(program),
};
process.stdout.write(JSON.stringify(found));
