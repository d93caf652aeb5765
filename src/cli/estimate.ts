/**
 * What a proof of one sample will cost, before there is a key. Sizes follow from the plan: exact but for the hashes of
 * the Merkle paths, which depend on the drawn columns. Times and memory are a straight line through measurements of
 * dense networks (196-24-14-10 to 784-4096-10, weights and input private, one thread, Node 20, 2026).
 */
import { realCells } from "../claims/axes.ts";
import { planLayout } from "../engine/keyLayout.ts";
import { minimumPayloadBytes } from "../engine/payload.ts";
import { DEFAULT_PROOF_BUDGET } from "../engine/prover/setup.ts";
import { setupParameters } from "../engine/prover/setupParameters.ts";
import type { ProgramStructure } from "../program/programStructure.ts";
import { planInference } from "../relations/inferencePlan.ts";
import { transcriptSize } from "../relations/reduce.ts";
import { DEFAULT_VISIBILITIES } from "../relations/visibility.ts";

export interface Estimate {
  readonly proveMs: number;
  readonly peakBytes: number;
  readonly proofBytes: number;
}

const BASE_MS = 50;
const MS_PER_SYMBOL = 0.0000012;
const MS_PER_FRACTION = 0.0005;
const BASE_BYTES = 86 * 2 ** 20;
const BYTES_PER_SYMBOL = 7;
const BYTES_PER_FRACTION = 100;
const HASH_BYTES = 32;
/** Magic, version and lengths, hashes, slot, security: the statement less names and values. */
const STATEMENT_BYTES = 260;

/** @throws TensorproofError where no parameters fit */
export function estimateProof(structure: ProgramStructure): Estimate {
  const inference = planInference(structure, DEFAULT_VISIBILITIES, 1);
  const { plan } = inference;
  const { scalars } = transcriptSize(plan);
  const parameters = setupParameters(plan, DEFAULT_PROOF_BUDGET);
  const layout = planLayout(plan, parameters);
  const { queries, logLength } = parameters;
  const pathHashes = layout.trees.length * queries * Math.max(0, logLength - Math.log2(queries));
  const symbols = layout.numRows * 2 ** logLength;
  const fractions = plan.sections.reduce((sum, { axes }) => sum + realCells(axes), 0);
  const payload = minimumPayloadBytes(layout, scalars) + HASH_BYTES * pathHashes;
  return {
    proveMs: Math.round(BASE_MS + MS_PER_SYMBOL * symbols + MS_PER_FRACTION * fractions),
    peakBytes: Math.round(BASE_BYTES + BYTES_PER_SYMBOL * symbols + BYTES_PER_FRACTION * fractions),
    proofBytes: Math.round(payload + STATEMENT_BYTES),
  };
}
