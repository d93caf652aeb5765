/**
 * Where time and memory of a proof go, step by step, next to the ceiling of each step's kernels.
 *
 *   npm run bench -- --profile MODEL [--threads N] [--runs N] [--warm-ups N] [--data DIR] [--json FILE]
 *
 * MODEL is a name of `--suite models`. Steps are those that the prover reports (ProveRequest.onStep); "script" is what a step
 * spends outside kernels. "of ceiling" is the time its kernels' work would take at their best, over what the step took.
 * Processor time tells more than the clock where other work runs.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { describeMachine } from "../machine.mjs";
import { library, median } from "../models/library.mjs";
import { MODELS } from "../models/models.mjs";
import { measureCeilings } from "./ceilings.mjs";
import { int8Rate } from "./inference.mjs";
import { Recorder } from "./recorder.mjs";
import { profileText } from "./text.mjs";
import { profileVerifier } from "./verifier.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const VISIBILITIES = { input: "private", weights: "private", output: "public" };

const { values: options } = parseArgs({
  options: {
    profile: { type: "string" },
    threads: { type: "string", default: "1" },
    runs: { type: "string", default: "5" },
    "warm-ups": { type: "string", default: "2" },
    data: { type: "string", default: process.env.TENSORPROOF_DATA ?? join(ROOT, "../shared/data") },
    json: { type: "string" },
  },
});

/** Compiles the model and commits to its weights in a process of its own. */
function prepare(name, folder) {
  const script = fileURLToPath(new URL("../models/prepare.mjs", import.meta.url));
  const args = [script, name, resolve(options.data), folder, "unevaluated"];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8", maxBuffer: 2 ** 24 }));
}

function readInputs(folder, key) {
  return key.program.inputs.map((_, i) => {
    const bytes = readFileSync(join(folder, `input${i}.bin`));
    return new Int32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  });
}

async function profile(name, folder) {
  const prepared = prepare(name, folder);
  const { createKernels } = await library("kernels/createKernels.js");
  const { readProvingKey } = await library("engine/provingKey.js");
  const { NativeProver } = await library("engine/prover/nativeProver.js");
  const kernels = createKernels({ threads: Number(options.threads) });
  kernels.warmUp();
  const ceilings = measureCeilings(kernels);
  const key = readProvingKey(readFileSync(join(folder, "proving.key")));
  const inputs = readInputs(folder, key);
  const recorder = new Recorder(kernels);
  // Throw-away keys: nothing counts their uses.
  const prover = new NativeProver(recorder.kernels, key, { take: () => 0 });
  recorder.end();
  const load = recorder.entry();
  const runs = Number(options.runs);
  const totals = [];
  let proof = new Uint8Array();
  for (let run = -Number(options["warm-ups"]); run < runs; run++) {
    if (run <= 0) recorder.reset();
    const started = process.cpuUsage();
    recorder.begin("start");
    const onStep = (step) => recorder.begin(step);
    ({ proof } = prover.prove({ inputs, batch: 1, visibilities: VISIBILITIES, onStep }));
    recorder.end();
    const { user, system } = process.cpuUsage(started);
    if (run >= 0) totals.push((user + system) / 1000);
  }
  const verifier = await profileVerifier(key.verificationKey, proof, runs);
  kernels.dispose();
  const rate = await int8Rate();
  return {
    model: name,
    machine: describeMachine(),
    threads: kernels.threads,
    runs,
    proofBytes: proof.length,
    multiplyAccumulates: prepared.multiplyAccumulates,
    cpuMs: median(totals),
    int8: { rate, ms: prepared.multiplyAccumulates / rate / 1000 },
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
    steps: [describe("load", load, ceilings, 1), ...describeAll(recorder, ceilings, runs)],
    verifier,
  };
}

function describeAll({ steps }, ceilings, runs) {
  return [...steps]
    .filter(([name]) => name !== "start")
    .map(([name, step]) => describe(name, step, ceilings, runs));
}

/** Means over the runs. */
function describe(name, { ms, cpuMs, topBytes, kernels }, ceilings, runs) {
  const list = [...kernels].map(([kernel, entry]) => ({
    kernel,
    calls: Math.round(entry.calls / runs),
    ms: entry.ms / runs,
    // Whatever has no ceiling (a search, clearing memory) counts as what it takes.
    ceilingMs: (ceilings[kernel] === undefined ? entry.ms : entry.amount * ceilings[kernel]) / runs,
  }));
  list.sort((a, b) => b.ms - a.ms);
  const kernelMs = list.reduce((sum, entry) => sum + entry.ms, 0);
  const ceilingMs = list.reduce((sum, entry) => sum + entry.ceilingMs, 0);
  const own = { ms: ms / runs, cpuMs: cpuMs / runs, scriptMs: ms / runs - kernelMs };
  return { name, ...own, ceilingMs, topBytes, kernels: list };
}

const name = options.profile;
if (!MODELS.some((model) => model.name === name)) {
  console.error(`there is no model "${name}"; there are ${MODELS.map((model) => model.name).join(", ")}`);
  process.exitCode = 2;
} else {
  const folder = mkdtempSync(join(tmpdir(), "tensorproof-profile-"));
  try {
    const result = await profile(name, folder);
    console.log(profileText(result));
    if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(result, null, 2)}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
