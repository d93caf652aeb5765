/**
 * Seeded numbers for training (xorshift128, Marsaglia 2003): a run can be repeated. Nothing of a proof may use them;
 * proofs draw their randomness from the platform's cryptographic generator.
 */
export class SeededRandom {
  readonly #state = new Uint32Array(4);

  /** `seed`: any 32-bit integer. */
  constructor(seed: number) {
    // Four steps of a multiplicative congruence keep similar seeds from giving similar first draws.
    let s = seed >>> 0;
    for (let i = 0; i < 4; i++) {
      s = (Math.imul(s ^ (s >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
      this.#state[i] = s;
    }
  }

  nextUint32(): number {
    const s = this.#state;
    let t = s[3];
    t ^= t << 11;
    t ^= t >>> 8;
    s[3] = s[2];
    s[2] = s[1];
    s[1] = s[0];
    s[0] = t ^ s[0] ^ (s[0] >>> 19);
    return s[0];
  }

  /** Uniform in [0, 1). */
  nextFloat(): number {
    return this.nextUint32() / 2 ** 32;
  }

  /** Uniform in {0, …, bound − 1}. */
  nextBelow(bound: number): number {
    return Math.floor(this.nextFloat() * bound);
  }

  /** Fisher–Yates, in place. */
  shuffle(values: Uint32Array): void {
    for (let i = values.length - 1; i > 0; i--) {
      const j = this.nextBelow(i + 1);
      const kept = values[i];
      values[i] = values[j];
      values[j] = kept;
    }
  }
}
