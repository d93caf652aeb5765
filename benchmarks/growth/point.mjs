/** One point of a series in a process of its own: node point.mjs SERIES K RUNS. Prints JSON. */
import { library, median, peakRssBytes, round } from "../models/library.mjs";
import { randomGraphs } from "../models/random.mjs";
import { SERIES } from "./series.mjs";

const [name, ...numbers] = process.argv.slice(2);
const [k, runs] = numbers.map(Number);
const { build, batch: batchOf } = SERIES[name];
const { compileGraph } = await library("quant/compileGraph.js");
const { createKernels } = await library("kernels/createKernels.js");
const { setup } = await library("engine/prover/setup.js");
const { NativeProver } = await library("engine/prover/nativeProver.js");
const { checkVerificationKey, verifyWithKey } = await library("engine/verifier/verify.js");

const batch = batchOf(k);
const { program } = compileGraph(build(await randomGraphs(library), k), { mode: "pow2", inputRange: [0, 1] });
const kernels = createKernels({ threads: 1 });
kernels.warmUp();
const start = kernels.mark();
const keys = setup(kernels, program, { weights: "hidden", proofs: 12, batch });
let top = start;
const counted = Object.create(kernels);
for (const name of ["alloc", "allocUnset"]) {
  counted[name] = (numWords) => {
    const ptr = kernels[name](numWords);
    top = Math.max(top, kernels.mark());
    return ptr;
  };
}
// Throw-away keys: nothing counts their uses.
const prover = new NativeProver(counted, keys.provingKey, { take: () => 0 });
const checked = checkVerificationKey(keys.verificationKey);
if (!checked.ok) throw new Error(`key refused: ${checked.error.code}`);
const inputs = program.inputs.map((id) => {
  const { shape, range } = program.tensors[id];
  const size = shape.reduce((product, length) => product * length, batch);
  const span = range.hi - range.lo + 1;
  return Int32Array.from({ length: size }, (_, j) => range.lo + ((j * 7919) % span));
});
const visibilities = { input: "private", weights: "private", output: "public" };

function cpuMsOf(run) {
  const before = process.cpuUsage();
  const result = run();
  const { user, system } = process.cpuUsage(before);
  return { result, cpuMs: (user + system) / 1000 };
}

const samples = { prove: [], clock: [], verify: [] };
let proofBytes = 0;
for (let run = -1; run < runs; run++) {
  const proving = cpuMsOf(() => prover.prove({ inputs, batch, visibilities }));
  const { proof, witnessMs, proveMs } = proving.result;
  const verifying = cpuMsOf(() => verifyWithKey(proof, checked.key));
  if (!verifying.result.ok) throw new Error(`refused: ${verifying.result.error.code}`);
  if (run < 0) continue;
  samples.prove.push(proving.cpuMs);
  samples.clock.push(witnessMs + proveMs);
  samples.verify.push(verifying.cpuMs);
  proofBytes = proof.length;
}
kernels.dispose();
process.stdout.write(
  JSON.stringify({
    k,
    size: 2 ** k,
    proveCpuMs: round(median(samples.prove), 2),
    proveMs: round(median(samples.clock), 2),
    verifyCpuMs: round(median(samples.verify), 2),
    proofBytes,
    kernelBytes: top - start,
    peakRssBytes: peakRssBytes(),
  }),
);
