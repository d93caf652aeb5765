/** Makes one payload for a plan and its witness: the core that proofs and keys share. */
import type { ProofPlan } from "../../claims/plan.ts";
import {
  type CommitmentTables,
  type CommittedTree,
  commitTree,
} from "../../commitment/prover/committedTree.ts";
import { grind } from "../../commitment/prover/grind.ts";
import { type OpeningStep, proveOpening } from "../../commitment/prover/openingProver.ts";
import { freshSeed, SecretStream } from "../../commitment/prover/secretStream.ts";
import type { StackLayout, StackTree } from "../../commitment/stackLayout.ts";
import type { Ext } from "../../field/ext.ts";
import { wordsToBytes } from "../../hash/blake3.ts";
import type { KernelSet } from "../../kernels/kernelSet.ts";
import { TranscriptWriter } from "../../masking/prover.ts";
import { type ArgumentStep, provePlan } from "../../relations/prove.ts";
import { type PublicValues, reduceToRelations, transcriptSize } from "../../relations/reduce.ts";
import type { Witness } from "../../relations/witness/witness.ts";
import type { Transcript } from "../../transcript/transcript.ts";
import { lookupWorkBits } from "../security.ts";
import { LABEL_ADVICE_ROOT, LABEL_LOOKUP_NONCE, LABEL_LOOKUP_WORK } from "../verifier/verifyPayload.ts";
import { writePayload } from "./writePayload.ts";

export interface PayloadInput {
  readonly plan: ProofPlan;
  readonly layout: StackLayout;
  readonly witness: Witness;
  /** Committed trees before advice, in stack order. */
  readonly trees: readonly CommittedTree[];
  readonly publicValues: PublicValues;
}

/** Names of the phases of a proof, in order, for progress and profiles. */
export type ProofPhase = "commit" | "argue" | "open";
/** Finer, for profiles. */
export type ProofStep = "commit" | ArgumentStep | "relations" | OpeningStep;

export function provePayload(
  kernels: KernelSet,
  tables: CommitmentTables,
  transcript: Transcript,
  input: PayloadInput,
  onPhase: (phase: ProofPhase) => void = () => {},
  onStep: (step: ProofStep) => void = () => {},
): Uint8Array {
  const { plan, layout, witness } = input;
  onPhase("commit");
  onStep("commit");
  const tree = layout.trees[layout.trees.length - 1] as StackTree;
  const stream = new SecretStream(kernels, freshSeed(), "advice");
  const tensor = (id: number): number => witness.tensor(id).ptr;
  const advice = commitTree(kernels, tables, { plan, layout, tree, tensor }, stream);
  transcript.absorbBytes(LABEL_ADVICE_ROOT, advice.root);
  const lookupNonce = workBeforeLookups(kernels, transcript, plan);

  onPhase("argue");
  const pads = padReader(kernels, layout, advice);
  const writer = new TranscriptWriter(transcript, pads);
  provePlan(kernels, plan, writer, witness, pads, onStep);
  onStep("relations");
  const expected = transcriptSize(plan).pads;
  if (writer.padsUsed !== expected)
    throw new Error(`internal: ${writer.padsUsed} pads used, ${expected} committed`);
  const relations = reduceToRelations(plan, writer.replay(), input.publicValues);

  onPhase("open");
  const trees = [...input.trees, advice];
  const opening = proveOpening(kernels, tables, transcript, plan, layout, relations, trees, onStep);
  return writePayload(advice.root, lookupNonce, writer.scalars(), opening);
}

function workBeforeLookups(kernels: KernelSet, transcript: Transcript, plan: ProofPlan): number | null {
  const bits = lookupWorkBits(plan);
  if (bits === 0) return null;
  const mark = kernels.mark();
  const nonce = grind(kernels, transcript.challengeBytes(LABEL_LOOKUP_WORK, 32), bits);
  kernels.release(mark);
  transcript.absorbBytes(LABEL_LOOKUP_NONCE, wordsToBytes([nonce]));
  return nonce;
}

/** Pad j is column j mod D of pad row j div D: one element of K in four rows over F. */
function padReader(kernels: KernelSet, layout: StackLayout, advice: CommittedTree): (index: number) => Ext {
  const size = 2 ** layout.parameters.logColumns;
  return (index) => {
    const row = layout.firstPadRow - advice.tree.firstRow + 4 * Math.floor(index / size);
    const at = advice.rows / 4 + row * advice.rowStride + (index % size);
    const { words } = kernels;
    return [
      words[at],
      words[at + advice.rowStride],
      words[at + 2 * advice.rowStride],
      words[at + 3 * advice.rowStride],
    ];
  };
}
