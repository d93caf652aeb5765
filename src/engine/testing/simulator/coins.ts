/**
 * The simulator's own randomness, from a seed: BLAKE3 extended output. The same coins again make the same messages, which
 * lets the simulator go through a conversation twice.
 */
import type { Ext } from "../../../field/ext.ts";
import { isZero } from "../../../field/ext.ts";
import { P } from "../../../field/m31.ts";
import { bytesToWords, keyedHash, labelKey } from "../../../hash/blake3.ts";

const COIN_KEY: Uint8Array = labelKey("simulator/v1");
const BLOCK_WORDS = 1024;

export class Coins {
  private readonly seed: string;
  private block = 0;
  private words: Uint32Array = new Uint32Array(0);
  private next = 0;

  constructor(seed: string) {
    this.seed = seed;
  }

  word(): number {
    if (this.next === this.words.length) {
      const message = new TextEncoder().encode(`${this.block++} ${this.seed}`);
      this.words = bytesToWords(keyedHash(COIN_KEY, message, 4 * BLOCK_WORDS));
      this.next = 0;
    }
    return this.words[this.next++];
  }

  /** A uniform element of F. */
  field(): number {
    for (;;) {
      const value = this.word() & P;
      if (value !== P) return value;
    }
  }

  /** A uniform element of K. */
  ext(): Ext {
    return [this.field(), this.field(), this.field(), this.field()];
  }

  nonZeroExt(): Ext {
    for (;;) {
      const value = this.ext();
      if (!isZero(value)) return value;
    }
  }

  /** Uniform bytes, a multiple of four. */
  bytes(length: number): Uint8Array {
    const words = Uint32Array.from({ length: length / 4 }, () => this.word());
    return new Uint8Array(words.buffer);
  }
}
