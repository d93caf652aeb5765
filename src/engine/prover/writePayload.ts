import { ByteWriter } from "../../bytes/byteWriter.ts";
import type { CombinationHead, Opening } from "../../commitment/opening.ts";
import type { ExtVector } from "../../field/extVector.ts";
import { wordsToBytes } from "../../hash/blake3.ts";

/** Bytes that engine/payload.ts reads. */
export function writePayload(
  adviceRoot: Uint8Array,
  lookupNonce: number | null,
  scalars: ExtVector,
  opening: Opening,
): Uint8Array {
  const writer = new ByteWriter();
  const { head } = opening;
  writer.bytes(adviceRoot);
  if (lookupNonce !== null) writer.u32(lookupNonce);
  writer.bytes(wordsToBytes(scalars));
  writer.bytes(wordsToBytes(head.maskSum));
  writeCombinationHead(writer, head);
  for (const tree of opening.trees) {
    writer.bytes(wordsToBytes(tree.columns));
    writer.bytes(tree.salts);
    for (const hash of tree.path) writer.bytes(hash);
  }
  for (const level of opening.levels) {
    writeCombinationHead(writer, level.head);
    writer.bytes(wordsToBytes(level.columns));
    for (const hash of level.path) writer.bytes(hash);
  }
  return writer.finish();
}

function writeCombinationHead(writer: ByteWriter, head: CombinationHead): void {
  for (const { c0, c2 } of head.rounds) {
    writer.bytes(wordsToBytes(c0));
    writer.bytes(wordsToBytes(c2));
  }
  writer.bytes(wordsToBytes(head.proximity));
  writer.bytes(head.sent.kind === "clear" ? wordsToBytes(head.sent.vector) : head.sent.root);
  writer.u32(head.nonce);
}
