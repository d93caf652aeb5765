/** Verifies one payload against a plan: the core that proofs and keys share. */
import type { ByteReader } from "../../bytes/byteReader.ts";
import type { ProofPlan, TreeName } from "../../claims/plan.ts";
import type { StackLayout } from "../../commitment/stackLayout.ts";
import { verifyColumnSums, verifyOpeningHead, verifyTreeColumns } from "../../commitment/verifier.ts";
import { type Ext, ZERO } from "../../field/ext.ts";
import { TranscriptReader } from "../../masking/verifier.ts";
import { type PublicValues, reduceToRelations, transcriptSize } from "../../relations/reduce.ts";
import type { Transcript } from "../../transcript/transcript.ts";
import { minimumPayloadBytes, readOpenedTree, readPayloadHead } from "../payload.ts";

export const LABEL_ADVICE_ROOT = "commitment/advice";

/** `roots`: of every committed tree but advice. The transcript holds the statement already. */
export function verifyPayload(
  transcript: Transcript,
  plan: ProofPlan,
  layout: StackLayout,
  roots: Partial<Record<TreeName, Uint8Array>>,
  publicValues: PublicValues,
  reader: ByteReader,
): void {
  const { scalars } = transcriptSize(plan);
  reader.require(minimumPayloadBytes(layout, scalars));
  const head = readPayloadHead(reader, layout, scalars);
  transcript.absorbBytes(LABEL_ADVICE_ROOT, head.adviceRoot);
  const messages = new TranscriptReader(transcript, head.scalars);
  const relations = reduceToRelations(plan, messages, publicValues);
  messages.finish();
  const pending = verifyOpeningHead(transcript, plan, layout, relations, head.opening);
  const sums: Ext[] = pending.positions.map(() => ZERO);
  for (const tree of layout.trees) {
    const root = tree.name === "advice" ? head.adviceRoot : roots[tree.name];
    if (root === undefined) throw new TypeError(`no root for the ${tree.name} tree`);
    const opened = readOpenedTree(reader, layout, tree, pending.positions);
    verifyTreeColumns(layout, tree, root, pending, opened, sums);
  }
  reader.end();
  verifyColumnSums(pending, sums);
}
