/** Takes proofs apart and puts them together again, changed, for tests of the verifier. */
import { ByteWriter } from "../../bytes/byteWriter.ts";
import { rowLength } from "../../commitment/stackLayout.ts";
import { planInference } from "../../relations/inferencePlan.ts";
import { transcriptSize } from "../../relations/reduce.ts";
import { planLayout } from "../keyLayout.ts";
import { BACKEND_NATIVE, openProof, PROOF_MAGIC, PROOF_VERSION } from "../proofFile.ts";
import { type Statement, writeStatement } from "../statement.ts";
import { readVerificationKey } from "../verificationKey.ts";

/** A proof file around any statement and payload. */
export function assembleProof(statementBytes: Uint8Array, payload: Uint8Array): Uint8Array {
  const writer = new ByteWriter();
  writer.bytes(PROOF_MAGIC);
  writer.u16(PROOF_VERSION);
  writer.u8(BACKEND_NATIVE);
  writer.u32(statementBytes.length);
  writer.bytes(statementBytes);
  writer.bytes(payload);
  return writer.finish();
}

export function payloadOf(proof: Uint8Array): Uint8Array {
  const { reader } = openProof(proof);
  return proof.slice(proof.length - reader.bytesLeft);
}

/** The same payload under another statement. */
export function withStatement(proof: Uint8Array, edit: (statement: Statement) => Statement): Uint8Array {
  return assembleProof(writeStatement(edit(openProof(proof).statement)), payloadOf(proof));
}

export interface Region {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** Where each part of a proof lies; the regions cover the file without gaps. */
export function proofRegions(proof: Uint8Array, keyBytes: Uint8Array): Region[] {
  const key = readVerificationKey(keyBytes);
  const { statement, statementBytes } = openProof(proof);
  const { plan } = planInference(key.program, statement.visibilities, statement.batch);
  const layout = planLayout(plan, key.parameters);
  const { logColumns, queries } = key.parameters;
  const regions: Region[] = [];
  let at = 0;
  const add = (name: string, numBytes: number): void => {
    regions.push({ name, start: at, end: at + numBytes });
    at += numBytes;
  };
  add("header", PROOF_MAGIC.length + 7);
  add("statement", statementBytes.length);
  add("advice root", 32);
  add("scalars", 16 * transcriptSize(plan).scalars);
  add("mask sum", 16);
  add("rounds", 32 * logColumns);
  add("proximity", 16);
  const isCommitted = key.parameters.levels.length > 0;
  add(isCommitted ? "vector root" : "vector", isCommitted ? 32 : 16 * rowLength(key.parameters));
  add("nonce", 4);
  const [first] = layout.trees;
  add("first tree's columns", 4 * queries * first.numRows);
  add("first tree's salts", 32 * queries);
  // The number of hashes depends on the positions; the last tree or level ends the file.
  add("paths, further trees and levels", proof.length - at);
  return regions;
}

/** `count` offsets of a region, evenly spread, its first and last bytes among them. */
export function spread({ start, end }: Region, count: number): number[] {
  const last = end - start - 1;
  const steps = Math.max(1, Math.min(count, end - start) - 1);
  return [...new Set(Array.from({ length: steps + 1 }, (_, i) => start + Math.round((last * i) / steps)))];
}

export function flipBit(bytes: Uint8Array, offset: number, bit: number): Uint8Array {
  const changed = bytes.slice();
  changed[offset] ^= 1 << bit;
  return changed;
}

export function setWord(bytes: Uint8Array, offset: number, word: number): Uint8Array {
  const changed = bytes.slice();
  new DataView(changed.buffer).setUint32(offset, word, true);
  return changed;
}
