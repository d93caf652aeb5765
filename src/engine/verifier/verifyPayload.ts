/** Verifies one payload against a plan: the core that proofs and keys share. */
import type { ByteReader } from "../../bytes/byteReader.ts";
import type { ProofPlan, TreeName } from "../../claims/plan.ts";
import { verifyLevelColumns, verifyLevelHead } from "../../commitment/levelVerifier.ts";
import { innerShapes } from "../../commitment/parameters.ts";
import { hasWork } from "../../commitment/proofOfWork.ts";
import type { StackLayout } from "../../commitment/stackLayout.ts";
import { verifyColumnSums, verifyOpeningHead, verifyTreeColumns } from "../../commitment/verifier.ts";
import { check } from "../../errors/proofError.ts";
import { type Ext, ZERO } from "../../field/ext.ts";
import { wordsToBytes } from "../../hash/blake3.ts";
import { TranscriptReader } from "../../masking/verifier.ts";
import { type PublicValues, reduceToRelations, transcriptSize } from "../../relations/reduce.ts";
import type { Transcript } from "../../transcript/transcript.ts";
import {
  minimumPayloadBytes,
  readLevelHead,
  readOpenedLevel,
  readOpenedTree,
  readPayloadHead,
} from "../payload.ts";
import { lookupWorkBits } from "../security.ts";

export const LABEL_ADVICE_ROOT = "commitment/advice";
export const LABEL_LOOKUP_WORK = "lookup/work";
export const LABEL_LOOKUP_NONCE = "lookup/nonce";

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
  const workBits = lookupWorkBits(plan);
  const head = readPayloadHead(reader, layout, { scalars, lookupWorkBits: workBits });
  transcript.absorbBytes(LABEL_ADVICE_ROOT, head.adviceRoot);
  if (head.lookupNonce !== null) {
    const state = transcript.challengeBytes(LABEL_LOOKUP_WORK, 32);
    check(hasWork(state, head.lookupNonce, workBits), "lookup.work", "proof of work");
    transcript.absorbBytes(LABEL_LOOKUP_NONCE, wordsToBytes([head.lookupNonce]));
  }
  const messages = new TranscriptReader(transcript, head.scalars);
  const relations = reduceToRelations(plan, messages, publicValues);
  messages.finish();
  const { parameters } = layout;
  let pending = verifyOpeningHead(transcript, plan, layout, relations, head.opening);
  let sums: Ext[] = pending.positions.map(() => ZERO);
  for (const tree of layout.trees) {
    const root = tree.name === "advice" ? head.adviceRoot : roots[tree.name];
    if (root === undefined) throw new TypeError(`no root for the ${tree.name} tree`);
    const opened = readOpenedTree(reader, layout, tree, pending.positions);
    verifyTreeColumns(layout, tree, root, pending, opened, sums);
  }
  let { logLength } = parameters;
  const shapes = innerShapes(parameters);
  for (const [i, shape] of shapes.entries()) {
    const { sent } = pending;
    if (sent.kind !== "committed") throw new TypeError("a level without a commitment");
    const levelHead = readLevelHead(reader, shape, shapes[i + 1]);
    pending = verifyLevelHead(transcript, shape, { ...pending, logLength }, sums, levelHead);
    const opened = readOpenedLevel(reader, shape, pending.positions);
    sums = verifyLevelColumns(shape, sent.root, pending, opened);
    logLength = shape.logLength;
  }
  reader.end();
  const { sent, positions } = pending;
  if (sent.kind !== "clear") throw new TypeError("the last vector is not in clear");
  const code = shapes.length === 0 ? "opening.column" : "opening.levelColumn";
  verifyColumnSums(sent.vector, logLength, positions, sums, code);
}
