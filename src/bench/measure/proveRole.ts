/** The process that proves: it compiles, sets up and proves, and leaves key and proofs for the verifier. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BackendWitness, KeyPair, ProofBackend, SetupRequest } from "../../backends/proofBackend.ts";
import { loadBackend } from "../../backends/registry.ts";
import { DEFAULT_PROOF_BUDGET } from "../../engine/prover/setup.ts";
import { TensorproofError } from "../../errors/tensorproofError.ts";
import { readBytes } from "../../files/readBytes.ts";
import { runProgram } from "../../program/interpreter.ts";
import type { Program } from "../../program/program.ts";
import { inspectProgram } from "../../quant/inspectProgram.ts";
import { dequantise, quantiseInput } from "../../quant/realValues.ts";
import { DEFAULT_VISIBILITIES } from "../../relations/visibility.ts";
import { elementCount } from "../../tensor/shape.ts";
import type { MeasurementSettings } from "../suite.ts";
import { floatSource, withoutSoftmax } from "./floatSource.ts";
import { guardError } from "./guardError.ts";
import { requireDifferentOutputs, requireInputDependence } from "./inputDependence.ts";
import {
  EXPECTED_FILE,
  type Expected,
  type Job,
  type Known,
  PROVING_KEY_FILE,
  type ProveAnswer,
  proofFile,
  VERIFICATION_KEY_FILE,
} from "./job.ts";
import { peakBytes } from "./peakBytes.ts";
import { type PreparedModel, prepareModel } from "./preparedModel.ts";
import { stopwatch } from "./stopwatch.ts";

export interface Telling {
  readonly onStep: (step: string) => void;
  readonly onKnown: (known: Known) => void;
}

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
  { outputs }: BackendWitness,
  program: Program,
  expected: readonly Int32Array[],
): void {
  if (outputs === null) return;
  const isSame =
    outputs.length === expected.length && outputs.every((values, i) => `${values}` === `${expected[i]}`);
  if (isSame) return;
  const { name } = program.tensors[program.outputs[0]];
  throw guardError("wrongOutput", `the backend's outputs ("${name}") are not those of the program`);
}

/** What a backend of its own arithmetic computes for the samples one by one, on the reals that integers stand for. */
async function requireOwnDependence(
  backend: ProofBackend,
  program: Program,
  singles: readonly (readonly Int32Array[])[],
  provingKey: Uint8Array,
): Promise<void> {
  if (backend.infer === undefined) return;
  const reals = singles.map((inputs) =>
    inputs.map((values, i) =>
      Float32Array.from(dequantise(values, program.tensors[program.inputs[i]].quant)),
    ),
  );
  const outputs = await backend.infer(provingKey, reals);
  requireDifferentOutputs(outputs.map((values) => values.join()));
}

export async function proveRole(job: Job, { onStep, onKnown }: Telling): Promise<ProveAnswer> {
  const { settings, folder } = job;
  onStep("load");
  const count = numProofs(settings);
  const proofs = count > DEFAULT_PROOF_BUDGET ? { proofs: count } : {};
  const backend = await loadBackend(job.backend, { threads: settings.threads, ...proofs });
  const { capabilities } = backend;
  onKnown({ capabilities });
  const isOwn = capabilities.arithmetic === "own";
  if (isOwn && job.model.labels === undefined)
    throw guardError(
      "noAccuracy",
      `"${job.backend}" quantises by itself: without labels nobody sees what that costs`,
    );
  onStep("quantise");
  const prepared = await prepareModel(job);
  const { program, quantiseMs, graph, calibration, samples } = prepared;
  const inputs = integersOf(prepared, settings.batch);
  requireInputDependence(program, inputs.single);
  onStep("compile");
  const visibilities = { ...DEFAULT_VISIBILITIES, ...settings.visibility };
  const source = isOwn
    ? { source: floatSource(withoutSoftmax(graph), calibration ?? samples, settings) }
    : {};
  const timed = stopwatch();
  const circuit = await backend.compile(program, { visibilities, batch: settings.batch, ...source });
  const { ms: compileMs } = timed();
  const { size } = circuit;
  onKnown({ compileMs, size });
  onStep("setup");
  timed();
  const made = await circuit.setup(setupRequest(backend, settings));
  const { provingKey, verificationKey, warnings, times: setupSteps } = made;
  const { ms: setupMs, cpuMs: setupCpuMs } = timed();
  onKnown({ setupMs, setupCpuMs });
  writeFileSync(join(folder, VERIFICATION_KEY_FILE), verificationKey);
  if (isOwn) writeFileSync(join(folder, PROVING_KEY_FILE), provingKey);
  const keys: KeyPair = { provingKey, verificationKey };
  if (isOwn) await requireOwnDependence(backend, program, inputs.single, provingKey);
  const expected = runProgram(program, inputs.batch, settings.batch).outputs;
  const witnessMs: number[] = [];
  const proveMs: number[] = [];
  const proveCpuMs: number[] = [];
  let proofBytes = 0;
  let reals: readonly Float64Array[] | null = null;
  for (let index = 0; index < count; index++) {
    onStep(index === 0 ? "prove (cold)" : `prove (${index} of ${count - 1})`);
    const lap = stopwatch();
    const witness = await circuit.witness({ inputs: inputs.batch }, keys);
    const before = lap();
    const { proof, times } = await witness.prove();
    const proving = lap();
    // A backend that computes its witness while it proves says how long that took.
    const within = times.witness ?? 0;
    witnessMs.push(before.ms + within);
    proveMs.push(proving.ms - within);
    proveCpuMs.push(before.cpuMs + proving.cpuMs);
    requireSameOutputs(witness, program, expected);
    if (isOwn) reals = witness.reals;
    proofBytes = proof.length;
    writeFileSync(join(folder, proofFile(index)), proof);
  }
  const isPublic = visibilities.output === "public";
  const told: Expected = {
    proofs: count,
    outputs: isPublic && !isOwn ? expected.map((values) => [...values]) : null,
    reals: reals?.map((values) => [...values]) ?? null,
  };
  writeFileSync(join(folder, EXPECTED_FILE), JSON.stringify(told));
  const peak = peakBytes();
  const { parameters, multiplyAccumulates } = inspectProgram(program);
  await backend.dispose();
  return {
    role: "prove",
    ...{ capabilities, quantiseMs, compileMs, setupMs, setupCpuMs, witnessMs, proveMs, proveCpuMs },
    ...{ proofBytes, parameters, multiplyAccumulates, warnings, size, setupSteps },
    provingKeyBytes: provingKey.length,
    verificationKeyBytes: verificationKey.length,
    peakBytes: peak,
  };
}
