/** The process that proves: it compiles, sets up and proves, and leaves key and proofs for the verifier. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { KeyPair, ProofBackend, SetupRequest } from "../../backends/proofBackend.ts";
import { loadBackend } from "../../backends/registry.ts";
import { DEFAULT_PROOF_BUDGET } from "../../engine/prover/setup.ts";
import { TensorproofError } from "../../errors/tensorproofError.ts";
import { readBytes } from "../../files/readBytes.ts";
import { runProgram } from "../../program/interpreter.ts";
import type { Program } from "../../program/program.ts";
import { inspectProgram } from "../../quant/inspectProgram.ts";
import { quantiseInput } from "../../quant/realValues.ts";
import { DEFAULT_VISIBILITIES } from "../../relations/visibility.ts";
import { elementCount } from "../../tensor/shape.ts";
import type { MeasurementSettings } from "../suite.ts";
import { guardError } from "./guardError.ts";
import { requireInputDependence } from "./inputDependence.ts";
import {
  EXPECTED_FILE,
  type Expected,
  type Job,
  type ProveAnswer,
  proofFile,
  VERIFICATION_KEY_FILE,
} from "./job.ts";
import { peakBytes } from "./peakBytes.ts";
import { type PreparedModel, prepareModel } from "./preparedModel.ts";

function numProofs({ warmUps, repetitions }: MeasurementSettings): number {
  return warmUps + repetitions;
}

function setupRequest(backend: ProofBackend, { ptau }: MeasurementSettings): SetupRequest {
  if (backend.capabilities.trustedSetup === "none") return {};
  return {
    trustedSetup: ptau === undefined ? { kind: "insecure" } : { kind: "ptau", bytes: readBytes(ptau) },
  };
}

/** The batch that is proven, and the samples one by one. */
function integersOf({ program, samples }: PreparedModel, batch: number) {
  const available = samples[0].shape[0];
  if (available < batch)
    throw new TensorproofError(
      "input.shape",
      `the data holds ${available} samples, a batch of ${batch} was asked for`,
    );
  const all = samples.map(({ data }, index) => quantiseInput(program, index, data));
  const sizes = program.inputs.map((id) => elementCount(program.tensors[id].shape));
  const slice = (from: number, count: number): Int32Array[] =>
    all.map((integers, i) => integers.slice(from * sizes[i], (from + count) * sizes[i]));
  return {
    batch: slice(0, batch),
    single: Array.from({ length: Math.min(available, 16) }, (_, n) => slice(n, 1)),
  };
}

function requireSameOutputs(
  outputs: readonly Int32Array[],
  program: Program,
  expected: readonly Int32Array[],
): void {
  const isSame =
    outputs.length === expected.length && outputs.every((values, i) => `${values}` === `${expected[i]}`);
  if (isSame) return;
  const { name } = program.tensors[program.outputs[0]];
  throw guardError("wrongOutput", `the backend's outputs ("${name}") are not those of the program`);
}

export async function proveRole(job: Job, onStep: (step: string) => void): Promise<ProveAnswer> {
  const { settings, folder } = job;
  onStep("load");
  const count = numProofs(settings);
  const proofs = count > DEFAULT_PROOF_BUDGET ? { proofs: count } : {};
  const backend = await loadBackend(job.backend, { threads: settings.threads, ...proofs });
  requireProgramBackend(backend);
  onStep("quantise");
  const prepared = await prepareModel(job);
  const { program, quantiseMs } = prepared;
  const inputs = integersOf(prepared, settings.batch);
  requireInputDependence(program, inputs.single);
  onStep("compile");
  const visibilities = { ...DEFAULT_VISIBILITIES, ...settings.visibility };
  const timed = stopwatch();
  const circuit = await backend.compile(program, { visibilities, batch: settings.batch });
  const compileMs = timed();
  onStep("setup");
  const { provingKey, verificationKey, warnings } = await circuit.setup(setupRequest(backend, settings));
  const setupMs = timed();
  writeFileSync(join(folder, VERIFICATION_KEY_FILE), verificationKey);
  const keys: KeyPair = { provingKey, verificationKey };
  const expected = runProgram(program, inputs.batch, settings.batch).outputs;
  const witnessMs: number[] = [];
  const proveMs: number[] = [];
  let proofBytes = 0;
  for (let index = 0; index < count; index++) {
    onStep(index === 0 ? "prove (cold)" : `prove (${index} of ${count - 1})`);
    const lap = stopwatch();
    const witness = await circuit.witness({ inputs: inputs.batch }, keys);
    const beforeProof = lap();
    const { proof, times } = await witness.prove();
    const proving = lap();
    // A backend that computes its witness while it proves says how long that took.
    const within = times.witness ?? 0;
    witnessMs.push(beforeProof + within);
    proveMs.push(proving - within);
    if (witness.outputs !== null) requireSameOutputs(witness.outputs, program, expected);
    proofBytes = proof.length;
    writeFileSync(join(folder, proofFile(index)), proof);
  }
  const isPublic = visibilities.output === "public";
  const told: Expected = { proofs: count, outputs: isPublic ? expected.map((values) => [...values]) : null };
  writeFileSync(join(folder, EXPECTED_FILE), JSON.stringify(told));
  const peak = peakBytes();
  const { parameters, multiplyAccumulates } = inspectProgram(program);
  await backend.dispose();
  return {
    role: "prove",
    capabilities: backend.capabilities,
    ...{
      quantiseMs,
      compileMs,
      setupMs,
      witnessMs,
      proveMs,
      proofBytes,
      parameters,
      multiplyAccumulates,
      warnings,
    },
    provingKeyBytes: provingKey.length,
    verificationKeyBytes: verificationKey.length,
    size: circuit.size,
    peakBytes: peak,
  };
}

/** A backend that quantises by itself needs its own accuracy measured, or its rows would flatter it. */
function requireProgramBackend({ name, capabilities }: ProofBackend): void {
  if (capabilities.arithmetic === "exact") return;
  throw new TensorproofError(
    "backend.unsupported",
    `the bench cannot measure the accuracy of "${name}" yet, which quantises by itself; its rows do not count without`,
  );
}

/** Milliseconds since the call before. */
function stopwatch(): () => number {
  let since = performance.now();
  return () => {
    const now = performance.now();
    const taken = now - since;
    since = now;
    return taken;
  };
}
