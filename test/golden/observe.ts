/** What a verifier makes of golden files: its verdict, and everything that its transcripts absorbed and gave. */
import { blake3 } from "@noble/hashes/blake3.js";
import { hex } from "../../src/bytes/hex.ts";
import { wordsToBytes } from "../../src/hash/blake3.ts";
import { Transcript } from "../../src/transcript/transcript.ts";
import {
  type CheckedKey,
  checkVerificationKey,
  describeStatement,
  verifyWithKey,
  withEpochs,
} from "../../src/verify.ts";
import type { GoldenFiles } from "./goldenRuns.ts";

export interface Observed {
  /** The code of the refusal, or null. */
  readonly refused: string | null;
  readonly statement: readonly string[];
  /** A line for each step: what was done, label, length, digest. */
  readonly transcript: readonly string[];
}

const DIGEST_BYTES = 8;

export function observe({ key, proof, certificate }: Omit<GoldenFiles, "program">): Observed {
  const lines: string[] = [];
  const verdict = overhear(lines, () => {
    const checked = checkVerificationKey(key);
    const known = checked.ok ? knownEpochs(checked.key, certificate) : checked;
    return known.ok ? verifyWithKey(proof, known.key) : known;
  });
  return {
    refused: verdict.ok ? null : verdict.error.code,
    statement: verdict.ok ? JSON.stringify(describeStatement(verdict.statement), null, 1).split("\n") : [],
    transcript: lines,
  };
}

function knownEpochs(key: CheckedKey, certificate: Uint8Array | null): ReturnType<typeof withEpochs> {
  return withEpochs(key, certificate === null ? [] : [certificate]);
}

/** Runs with every transcript listened to; elements of K that are drawn are drawn as bytes, which are listed. */
function overhear<T>(lines: string[], run: () => T): T {
  const { absorbBytes, absorbExts, absorbFieldWords, challengeBytes } = Transcript.prototype;
  const digest = (bytes: Uint8Array): string => hex(blake3(bytes).subarray(0, DIGEST_BYTES));
  const line = (what: string, label: string, bytes: Uint8Array): void => {
    lines.push(`${what} ${label} ${bytes.length} ${digest(bytes)}`);
  };
  Transcript.prototype.absorbBytes = function (label, bytes) {
    line("bytes", label, bytes);
    absorbBytes.call(this, label, bytes);
  };
  Transcript.prototype.absorbExts = function (label, values) {
    line("elements", label, wordsToBytes(values.flat()));
    absorbExts.call(this, label, values);
  };
  Transcript.prototype.absorbFieldWords = function (label, words) {
    line("words", label, wordsToBytes(words));
    absorbFieldWords.call(this, label, words);
  };
  Transcript.prototype.challengeBytes = function (label, numBytes) {
    const bytes = challengeBytes.call(this, label, numBytes);
    line("challenge", label, bytes);
    return bytes;
  };
  try {
    return run();
  } finally {
    Object.assign(Transcript.prototype, { absorbBytes, absorbExts, absorbFieldWords, challengeBytes });
  }
}
