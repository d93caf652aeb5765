/**
 * Second and third process of a row: proves with a stored key, verifies every proof and sees one tampered proof refused.
 * Prints JSON.
 *
 *   node proveRow.mjs WORK_FOLDER THREADS WARM_UPS RUNS
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { library, median, peakRssBytes, round } from "./library.mjs";

const [workFolder, ...numbers] = process.argv.slice(2);
const [threads, warmUps, runs] = numbers.map(Number);

const { createKernels } = await library("kernels/createKernels.js");
const { readProvingKey } = await library("engine/provingKey.js");
const { NativeProver } = await library("engine/prover/nativeProver.js");
const { checkVerificationKey, verifyWithKey } = await library("engine/verifier/verify.js");

const key = readProvingKey(readFileSync(join(workFolder, "proving.key")));
const inputs = key.program.inputs.map((_, i) => {
  const bytes = readFileSync(join(workFolder, `input${i}.bin`));
  return new Int32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
});
const VISIBILITIES = { input: "private", weights: "private", output: "public" };

/** Kernels that remember the highest address in use. */
function counted(kernels) {
  const base = kernels.mark();
  const counter = { top: base, bytes: () => counter.top - base };
  const wrapped = Object.create(kernels);
  for (const name of ["alloc", "allocUnset"]) {
    wrapped[name] = (numWords) => {
      const ptr = kernels[name](numWords);
      counter.top = Math.max(counter.top, kernels.mark());
      return ptr;
    };
  }
  return { wrapped, counter };
}

const kernels = createKernels({ threads });
kernels.warmUp();
const { wrapped, counter } = counted(kernels);
const loading = performance.now();
// Throw-away keys of a benchmark: the counter that protects real weights would stop after twelve proofs.
const prover = new NativeProver(wrapped, key, { take: () => 0 });
const loadMs = performance.now() - loading;
const times = { witness: [], commit: [], argue: [], open: [], prove: [] };
const proofs = [];
// A process that makes one proof and ends, as the command line does, is what a forecast of memory is about; a process that
// lives longer keeps some megabytes of garbage.
let first = null;
let securityBits = Number.POSITIVE_INFINITY;
for (let run = -warmUps; run < runs; run++) {
  const at = {};
  const onPhase = (phase) => {
    at[phase] = performance.now();
  };
  const result = prover.prove({ inputs, batch: 1, visibilities: VISIBILITIES, onPhase });
  const ended = performance.now();
  proofs.push(result.proof);
  securityBits = Math.min(securityBits, result.statement.securityBits);
  first ??= { firstMs: round(ended - loading), peakRssBytes: peakRssBytes() };
  if (run < 0) continue;
  times.witness.push(result.witnessMs);
  times.prove.push(result.proveMs);
  times.commit.push(at.argue - at.witness - result.witnessMs);
  times.argue.push(at.open - at.argue);
  times.open.push(ended - at.open);
}
const checked = checkVerificationKey(key.verificationKey);
if (!checked.ok) throw new Error(`key refused: ${checked.error.code}`);
const verifyTimes = [];
for (const proof of proofs) {
  const started = performance.now();
  const verdict = verifyWithKey(proof, checked.key);
  verifyTimes.push(performance.now() - started);
  if (!verdict.ok) throw new Error(`refused: ${verdict.error.code}`);
}
const tampered = proofs[0].slice();
tampered[tampered.length >> 1] ^= 1;
if (verifyWithKey(tampered, checked.key).ok) throw new Error("a tampered proof was accepted");
kernels.dispose();
const summary = (choose) => {
  const [witness, commit, argue, open, prove] = Object.values(times).map((list) => round(choose(list)));
  return { witnessMs: witness, proveMs: prove, phases: { commit, argue, open } };
};
process.stdout.write(
  JSON.stringify({
    loadMs: round(loadMs),
    ...summary(median),
    // Others that share the machine only ever add time: the least is nearest to what the proof takes by itself.
    least: summary((list) => Math.min(...list)),
    proveMsMost: round(Math.max(...times.prove)),
    verifyMs: round(median(verifyTimes.slice(warmUps))),
    proofBytes: proofs[0].length,
    securityBits,
    kernelBytes: counter.bytes(),
    ...first,
    parameters: checked.key.key.parameters,
  }),
);
