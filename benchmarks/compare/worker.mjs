/** Child of compare.mjs: node worker.mjs BUILD_FOLDER MODEL DATA_FOLDER THREADS */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { MODELS } from "../models/models.mjs";
import { randomGraphs } from "../models/random.mjs";

const [build, name, dataFolder, threads] = process.argv.slice(2);
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const library = (path) => import(pathToFileURL(join(build, path)).href);
const VISIBILITIES = { input: "private", weights: "private", output: "public" };

const { loadModel } = await library("formats/load.js");
const { compileGraph } = await library("quant/compileGraph.js");
const { createKernels } = await library("kernels/createKernels.js");
const { setup } = await library("engine/prover/setup.js");
const { NativeProver } = await library("engine/prover/nativeProver.js");
const { checkVerificationKey, verifyWithKey } = await library("engine/verifier/verify.js");

async function loadGraph(model) {
  if (model.build !== undefined) return model.build(await randomGraphs(library));
  const path = join(model.own ? ROOT : dataFolder, model.file);
  return loadModel(readFileSync(path), path);
}

const model = MODELS.find((candidate) => candidate.name === name);
const mode =
  model.mode === "exact-int8"
    ? { mode: model.mode }
    : { mode: model.mode, inputRange: model.inputRange ?? [0, 1] };
const { program } = compileGraph(await loadGraph(model), mode);
const kernels = createKernels({ threads: Number(threads) });
kernels.warmUp();
const keys = setup(kernels, program, { weights: "hidden", proofs: 12, batch: 1 });
// Throw-away keys: nothing counts their uses.
const prover = new NativeProver(kernels, keys.provingKey, { take: () => 0 });
const checked = checkVerificationKey(keys.verificationKey);
if (!checked.ok) throw new Error(`key refused: ${checked.error.code}`);
const inputs = program.inputs.map((id) => {
  const { shape, range } = program.tensors[id];
  const size = shape.reduce((product, length) => product * length, 1);
  const span = range.hi - range.lo + 1;
  return Int32Array.from({ length: size }, (_, j) => range.lo + ((j * 7919) % span));
});

function timed(run) {
  const started = { clock: performance.now(), cpu: process.cpuUsage() };
  const result = run();
  const { user, system } = process.cpuUsage(started.cpu);
  return { result, ms: performance.now() - started.clock, cpuMs: (user + system) / 1000 };
}

function sample() {
  let boundary = process.cpuUsage();
  const onPhase = (phase) => {
    if (phase === "commit") boundary = process.cpuUsage();
  };
  const begun = process.cpuUsage();
  const proving = timed(() => prover.prove({ inputs, batch: 1, visibilities: VISIBILITIES, onPhase }));
  const { proof, witnessMs, proveMs } = proving.result;
  const witnessCpu = (boundary.user + boundary.system - begun.user - begun.system) / 1000;
  const verifying = timed(() => verifyWithKey(proof, checked.key));
  if (!verifying.result.ok) throw new Error(`refused: ${verifying.result.error.code}`);
  return {
    witness: { ms: witnessMs, cpuMs: witnessCpu },
    prove: { ms: proveMs, cpuMs: proving.cpuMs - witnessCpu },
    verify: { ms: verifying.ms, cpuMs: verifying.cpuMs },
    proofBytes: proof.length,
    rssMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
  };
}

process.on("message", () => process.send(sample()));
process.send({ ready: true });
