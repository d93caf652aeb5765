/**
 * Measures the native engine on the shipped MNIST network: setup, proving, verification, proof size, memory. Every proof is
 * verified and one with a flipped byte must be refused before its row counts.
 *
 *   npm run bench [-- --runs N] [-- --save]     (after npm run build)
 *
 * Each row runs in a process of its own, so that peak memory is that row's. --save writes benchmarks/results/.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { fileURLToPath } from "node:url";

const ROWS = [
  { name: "one image, 1 thread", batch: 1, threads: 1 },
  { name: "one image, 2 threads", batch: 1, threads: 2 },
  { name: "256 images, 1 thread", batch: 256, threads: 1 },
  { name: "256 images, 2 threads", batch: 256, threads: 2 },
];
const MODEL = new URL("../examples/mnist/model.onnx", import.meta.url);
const library = (path) => import(new URL(`../dist/${path}`, import.meta.url).href);

const option = (name, fallback) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
};
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const spread = (values) => ({
  median: median(values),
  min: Math.min(...values),
  max: Math.max(...values),
  samples: values,
});

/** One row: warm-up proofs first, then `runs` measured ones. */
async function measure({ batch, threads }, runs) {
  const { loadModel } = await library("formats/load.js");
  const { compileGraph } = await library("quant/compileGraph.js");
  const { createKernels } = await library("kernels/createKernels.js");
  const { setup } = await library("engine/prover/setup.js");
  const { NativeProver } = await library("engine/prover/nativeProver.js");
  const { checkVerificationKey, verifyWithKey } = await library("engine/verifier/verify.js");
  const graph = await loadModel(readFileSync(MODEL), "model.onnx");
  const { program } = compileGraph(graph, { inputRange: [0, 1] });
  const kernels = createKernels({ threads });
  kernels.warmUp();
  const setupStarted = performance.now();
  const keys = setup(kernels, program, { weights: "hidden", proofs: 12, batch });
  const setupMs = performance.now() - setupStarted;
  const checked = checkVerificationKey(keys.verificationKey);
  if (!checked.ok) throw new Error(checked.error.code);
  // Throw-away keys of a benchmark: the counter that protects real weights would stop after twelve proofs.
  const prover = new NativeProver(kernels, keys.provingKey, { take: () => 0 });
  const images = Int32Array.from({ length: 784 * batch }, (_, i) => (i * 7919) % 256);
  const visibilities = { input: "private", weights: "private", output: "public" };
  const times = { witness: [], prove: [], verify: [] };
  let proofBytes = 0;
  const warmUps = 10;
  for (let run = -warmUps; run < runs; run++) {
    const result = prover.prove({ inputs: [images], batch, visibilities });
    const started = performance.now();
    const verdict = verifyWithKey(result.proof, checked.key);
    const verifyMs = performance.now() - started;
    if (!verdict.ok) throw new Error(`refused: ${verdict.error.code}`);
    if (run === 0) {
      const tampered = result.proof.slice();
      tampered[tampered.length >> 1] ^= 1;
      if (verifyWithKey(tampered, checked.key).ok) throw new Error("a tampered proof was accepted");
    }
    if (run < 0) continue;
    times.witness.push(result.witnessMs);
    times.prove.push(result.proveMs);
    times.verify.push(verifyMs);
    proofBytes = result.proof.length;
  }
  kernels.dispose();
  return {
    setupMs,
    witnessMs: spread(times.witness),
    proveMs: spread(times.prove),
    verifyMs: spread(times.verify),
    proofBytes,
    verificationKeyBytes: keys.verificationKey.length,
    peakRssMegabytes: process.resourceUsage().maxRSS / 1024,
    parameters: checked.key.key.parameters,
  };
}

function commit() {
  try {
    return execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
  } catch {
    return "unknown";
  }
}

async function main() {
  const runs = option("--runs", 30);
  const rowIndex = option("--row", -1);
  if (rowIndex >= 0) {
    process.stdout.write(JSON.stringify(await measure(ROWS[rowIndex], runs)));
    return;
  }
  const [cpu] = cpus();
  const header = {
    date: new Date().toISOString(),
    commit: commit(),
    cpu: cpu.model,
    cores: cpus().length,
    memoryGigabytes: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    model: "examples/mnist/model.onnx (784-128-10), weights and input private, 100 bits",
    runs,
  };
  console.log(
    `${header.cpu}, ${header.cores} cores, Node ${header.node}, load ${loadavg()[0].toFixed(2)}; medians of ${runs}`,
  );
  const rows = ROWS.map((row, index) => {
    const self = fileURLToPath(import.meta.url);
    const output = execFileSync(process.execPath, [self, "--row", String(index), "--runs", String(runs)], {
      encoding: "utf8",
    });
    const result = { ...row, load: loadavg()[0], ...JSON.parse(output) };
    const { proveMs, verifyMs, witnessMs } = result;
    console.log(
      `${row.name.padEnd(24)} setup ${result.setupMs.toFixed(0)} ms  witness ${witnessMs.median.toFixed(1)} ms  ` +
        `prove ${proveMs.median.toFixed(1)} ms (${proveMs.min.toFixed(1)}-${proveMs.max.toFixed(1)})  ` +
        `verify ${verifyMs.median.toFixed(1)} ms (${verifyMs.min.toFixed(1)}-${verifyMs.max.toFixed(1)})  ` +
        `proof ${(result.proofBytes / 1000).toFixed(1)} KB  peak ${result.peakRssMegabytes.toFixed(0)} MB`,
    );
    return result;
  });
  if (process.argv.includes("--save")) {
    const folder = new URL("./results/", import.meta.url);
    mkdirSync(folder, { recursive: true });
    const file = new URL(`${header.date.slice(0, 10)}-dense.json`, folder);
    writeFileSync(file, `${JSON.stringify({ ...header, rows }, null, 2)}\n`);
    console.log(`saved ${fileURLToPath(file)}`);
  }
}

await main();
