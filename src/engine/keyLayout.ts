/** Plans and layouts that follow from a verification key. */

import type { ProofPlan } from "../claims/plan.ts";
import type { CommitmentParameters } from "../commitment/parameters.ts";
import { layoutStack, type StackLayout } from "../commitment/stackLayout.ts";
import { transcriptSize } from "../relations/reduce.ts";
import { Transcript } from "../transcript/transcript.ts";

export function planLayout(plan: ProofPlan, parameters: CommitmentParameters): StackLayout {
  return layoutStack(plan, transcriptSize(plan).pads, parameters);
}

/** Transcript of the range proof inside a verification key. */
export function weightTranscript(headerDigest: Uint8Array): Transcript {
  const transcript = new Transcript("tensorproof/weights/v1");
  transcript.absorbBytes("key/header", headerDigest);
  return transcript;
}

/** Transcript of an inference proof; the statement names the key by its identity. */
export function inferenceTranscript(statementBytes: Uint8Array): Transcript {
  const transcript = new Transcript("tensorproof/inference/v1");
  transcript.absorbBytes("statement", statementBytes);
  return transcript;
}
