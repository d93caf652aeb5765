/**
 * What a proof will cost, before there is a key. Sizes and kernel memory follow from the plan: exact but for the hashes of
 * the Merkle paths, which depend on the drawn columns. Times come from measured unit costs; they are those of a machine
 * that does nothing else and, but for `firstMs`, of a process that has made proofs before.
 */
import { expectedPathHashes } from "../commitment/chooseParameters.ts";
import type { CommitmentParameters } from "../commitment/parameters.ts";
import { planLayout } from "../engine/keyLayout.ts";
import { minimumPayloadBytes } from "../engine/payload.ts";
import { DEFAULT_PROOF_BUDGET } from "../engine/prover/setup.ts";
import { setupParameters } from "../engine/prover/setupParameters.ts";
import type { ProgramStructure } from "../program/programStructure.ts";
import { multiplyAccumulates } from "../quant/costModel.ts";
import { planInference } from "../relations/inferencePlan.ts";
import { transcriptSize } from "../relations/reduce.ts";
import { DEFAULT_VISIBILITIES, type Visibilities } from "../relations/visibility.ts";
import { planWeightRanges } from "../relations/weightPlan.ts";
import { elementCount } from "../tensor/shape.ts";
import { argumentShape } from "./forecast/argumentShape.ts";
import { kernelBytes } from "./forecast/kernelMemory.ts";
import { proofWork } from "./forecast/proofWork.ts";
import { costsOf, firstProofMs, type PhaseCost, peakBytes } from "./forecast/unitCosts.ts";
import { witnessShape } from "./forecast/witnessShape.ts";

export interface Estimate {
  /** Committing to the weights from the key, once per process. */
  readonly loadMs: number;
  readonly witnessMs: number;
  readonly proveMs: number;
  /** A process that loads a key, makes one proof and ends, as `prove` does: nothing is warm yet. */
  readonly firstMs: number;
  /** Of such a process; `kernelBytes` is the part in the kernels' memory. */
  readonly peakBytes: number;
  readonly kernelBytes: number;
  readonly proofBytes: number;
}

export interface EstimateOptions {
  readonly visibilities?: Visibilities;
  readonly batch?: number;
  readonly threads?: number;
  /** Those of an existing key; by default those that setup would choose. */
  readonly parameters?: CommitmentParameters;
  /** Of the machine (forecast/machineSpeed.ts), default 1. */
  readonly speed?: number;
}

const HASH_BYTES = 32;
/** Magic, version and lengths, hashes, slot, security: the statement less names and public values. */
const STATEMENT_BYTES = 260;
const BYTES_PER_VALUE = 4;
/** Part of the kernels' work that further threads take over: short rounds stay with one. */
const SHARED_PART = 0.85;

/** @throws TensorproofError where no parameters fit */
export function estimateProof(structure: ProgramStructure, options: EstimateOptions = {}): Estimate {
  const { visibilities = DEFAULT_VISIBILITIES, batch = 1, threads = 1, speed = 1 } = options;
  const isHidden = visibilities.weights !== "public";
  const inference = planInference(structure, visibilities, batch);
  const { plan } = inference;
  const parameters = options.parameters ?? setupParameters(plan, isHidden ? DEFAULT_PROOF_BUDGET : null);
  const layout = planLayout(plan, parameters);
  const shape = {
    layout,
    witness: witnessShape(inference),
    weights: isHidden ? witnessShape(planWeightRanges(structure)) : null,
    argument: argumentShape(plan),
  };
  const { operators } = structure;
  const work = proofWork({
    ...shape,
    plan,
    multiplyAccumulates:
      batch * operators.reduce((sum, operator) => sum + multiplyAccumulates(structure, operator), 0),
  });
  const costs = costsOf(work);
  const time = ({ kernelMs, scriptMs }: PhaseCost): number =>
    Math.round((kernelMs * (1 - SHARED_PART + SHARED_PART / threads) + scriptMs) / speed);
  const inKernels = kernelBytes(shape);
  const pathHashes = parameters.levels.reduce(
    (sum, { queries, logLength }) => sum + expectedPathHashes(queries, logLength),
    layout.trees.length * expectedPathHashes(parameters.queries, parameters.logLength),
  );
  const payload = minimumPayloadBytes(layout, transcriptSize(plan).scalars) + HASH_BYTES * pathHashes;
  const [loadMs, witnessMs, proveMs] = [costs.load, costs.witness, costs.prove].map(time);
  const warmMs = witnessMs + proveMs;
  return {
    loadMs,
    witnessMs,
    proveMs,
    firstMs: Math.round(loadMs + warmMs + firstProofMs(warmMs * speed, inKernels) / speed),
    peakBytes: Math.round(peakBytes(work, inKernels, threads)),
    kernelBytes: inKernels,
    proofBytes: Math.round(payload + STATEMENT_BYTES + batch * publicValueBytes(structure, visibilities)),
  };
}

/** Values that the statement shows, for one sample. */
function publicValueBytes(
  { inputs, outputs, tensors }: ProgramStructure,
  { input, output }: Visibilities,
): number {
  const shown = [...(input === "public" ? inputs : []), ...(output === "public" ? outputs : [])];
  return shown.reduce((sum, id) => sum + BYTES_PER_VALUE * elementCount(tensors[id].shape), 0);
}
