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
import { bytesToWords, HASH_BYTES, keyedHash, labelKey } from "../hash/blake3.ts";

const TAG_BYTES = 1;
const TAG_SCALARS = 2;
const TAG_CHALLENGE = 3;
const TRANSCRIPT_KEY: Uint8Array = labelKey("transcript/v1");
const encoder: TextEncoder = new TextEncoder();

export class Transcript {
  /** The state, then everything absorbed since: the next message to hash. */
  private message: Uint8Array = new Uint8Array(1024);
  private view: DataView = new DataView(this.message.buffer);
  private length = 0;
  /** Labels recur in every round; encoding them takes longer than hashing them. */
  private readonly encodedLabels: Map<string, Uint8Array> = new Map();

  constructor(protocol: string) {
    this.write(keyedHash(TRANSCRIPT_KEY, encoder.encode(protocol)));
  }

  absorbBytes(label: string, bytes: Uint8Array): void {
    this.writeHeader(TAG_BYTES, label, bytes.length);
    this.write(bytes);
  }

  /** Elements of K in their canonical encoding. */
  absorbExts(label: string, values: readonly Ext[]): void {
    this.writeHeader(TAG_SCALARS, label, values.length);
    for (const value of values) {
      this.reserve(4 * EXT_WORDS);
      for (let c = 0; c < EXT_WORDS; c++) this.writeWord(value[c]);
    }
  }

  /** Words that must be canonical field elements. */
  absorbFieldWords(label: string, words: Uint32Array): void {
    if (!allCanonical(words)) throw new RangeError(`"${label}" holds a word that is no field element`);
    this.writeHeader(TAG_SCALARS, label, words.length);
    this.reserve(4 * words.length);
    for (let i = 0; i < words.length; i++) this.writeWord(words[i]);
  }

  /** Uniform bytes. */
  challengeBytes(label: string, numBytes: number): Uint8Array {
    this.writeHeader(TAG_CHALLENGE, label, numBytes);
    const output = keyedHash(TRANSCRIPT_KEY, this.message.subarray(0, this.length), HASH_BYTES + numBytes);
    this.length = 0;
    this.write(output.subarray(0, HASH_BYTES));
    return output.slice(HASH_BYTES);
  }

  /** A uniform element of K: words of 31 bits, rejecting the value p. */
  challengeExt(label: string): Ext {
    for (;;) {
      // Two spare words make a second squeeze as good as never needed.
      const words = bytesToWords(this.challengeBytes(label, 4 * (EXT_WORDS + 2)));
      const coordinates: number[] = [];
      for (let i = 0; i < words.length; i++) {
        const value = words[i] & P;
        if (value !== P) coordinates.push(value);
      }
      if (coordinates.length >= EXT_WORDS)
        return [coordinates[0], coordinates[1], coordinates[2], coordinates[3]];
    }
  }

  challengeExts(label: string, count: number): Ext[] {
    return Array.from({ length: count }, () => this.challengeExt(label));
  }

  private writeHeader(tag: number, label: string, length: number): void {
    const name = this.encodeLabel(label);
    this.reserve(2);
    this.message[this.length++] = tag;
    this.message[this.length++] = name.length;
    this.write(name);
    this.reserve(4);
    this.writeWord(length);
  }

  private encodeLabel(label: string): Uint8Array {
    const known = this.encodedLabels.get(label);
    if (known !== undefined) return known;
    const name = encoder.encode(label);
    if (name.length > 255) throw new RangeError(`transcript label of ${name.length} bytes`);
    this.encodedLabels.set(label, name);
    return name;
  }

  private write(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.message.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** One little-endian word, for which there is room. */
  private writeWord(word: number): void {
    this.view.setUint32(this.length, word, true);
    this.length += 4;
  }

  /** Makes room for more bytes. */
  private reserve(numBytes: number): void {
    const needed = this.length + numBytes;
    if (needed <= this.message.length) return;
    const grown = new Uint8Array(2 * needed);
    grown.set(this.message.subarray(0, this.length));
    this.message = grown;
    this.view = new DataView(grown.buffer);
  }
}
