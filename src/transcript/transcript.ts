/**
 * Fiat–Shamir: a chained hash that absorbs labelled, typed, length-prefixed messages and gives challenges.
 *
 * Each challenge hashes (state ‖ everything absorbed since ‖ label ‖ number of bytes) and splits the extended output into
 * the next state and the challenge. A message absorbed after a challenge can therefore never influence it, and one
 * absorbed before it always does.
 */

import { EXT_WORDS, type Ext } from "../field/ext.ts";
import { allCanonical } from "../field/extVector.ts";
import { P } from "../field/m31.ts";
import { bytesToWords, HASH_BYTES, keyedHash, labelKey, wordsToBytes } from "../hash/blake3.ts";

const TAG_BYTES = 1;
const TAG_SCALARS = 2;
const TAG_CHALLENGE = 3;
const TRANSCRIPT_KEY: Uint8Array = labelKey("transcript/v1");
const encoder: TextEncoder = new TextEncoder();

export class Transcript {
  private state: Uint8Array;
  private pending: Uint8Array = new Uint8Array(1024);
  private pendingLength = 0;

  constructor(protocol: string) {
    this.state = keyedHash(TRANSCRIPT_KEY, encoder.encode(protocol));
  }

  absorbBytes(label: string, bytes: Uint8Array): void {
    this.writeHeader(TAG_BYTES, label, bytes.length);
    this.write(bytes);
  }

  /** Elements of K in their canonical encoding. */
  absorbExts(label: string, values: readonly Ext[]): void {
    this.writeHeader(TAG_SCALARS, label, values.length);
    for (const value of values) this.write(wordsToBytes(value));
  }

  /** Words that must be canonical field elements. */
  absorbFieldWords(label: string, words: Uint32Array): void {
    if (!allCanonical(words)) throw new RangeError(`"${label}" holds a word that is no field element`);
    this.writeHeader(TAG_SCALARS, label, words.length);
    this.write(wordsToBytes(words));
  }

  /** Uniform bytes. */
  challengeBytes(label: string, numBytes: number): Uint8Array {
    this.writeHeader(TAG_CHALLENGE, label, numBytes);
    const message = new Uint8Array(HASH_BYTES + this.pendingLength);
    message.set(this.state);
    message.set(this.pending.subarray(0, this.pendingLength), HASH_BYTES);
    const output = keyedHash(TRANSCRIPT_KEY, message, HASH_BYTES + numBytes);
    this.state = output.slice(0, HASH_BYTES);
    this.pendingLength = 0;
    return output.slice(HASH_BYTES);
  }

  /** A uniform element of K: words of 31 bits, rejecting the value p. */
  challengeExt(label: string): Ext {
    for (;;) {
      // Two spare words make a second squeeze as good as never needed.
      const words = bytesToWords(this.challengeBytes(label, 4 * (EXT_WORDS + 2))).map((word) => word & P);
      const [c0, c1, c2, c3] = words.filter((word) => word !== P);
      if (c3 !== undefined) return [c0, c1, c2, c3];
    }
  }

  challengeExts(label: string, count: number): Ext[] {
    return Array.from({ length: count }, () => this.challengeExt(label));
  }

  private writeHeader(tag: number, label: string, length: number): void {
    const name = encoder.encode(label);
    if (name.length > 255) throw new RangeError(`transcript label of ${name.length} bytes`);
    this.write(Uint8Array.of(tag, name.length));
    this.write(name);
    this.write(wordsToBytes([length]));
  }

  private write(bytes: Uint8Array): void {
    const needed = this.pendingLength + bytes.length;
    if (needed > this.pending.length) {
      const grown = new Uint8Array(2 * needed);
      grown.set(this.pending.subarray(0, this.pendingLength));
      this.pending = grown;
    }
    this.pending.set(bytes, this.pendingLength);
    this.pendingLength = needed;
  }
}
