/**
 * A seeded generator for training only: xorshift128, so that a run can be repeated. Nothing of a proof may use it;
 * proofs draw their randomness from the platform's cryptographic generator.
 */
export class SeededRandom {
  #state = new Uint32Array(4);

  /** @param {number} seed any 32-bit integer */
  constructor(seed) {
    // Four steps of a multiplicative congruence keep similar seeds from giving similar first draws.
    let s = seed >>> 0;
    for (let i = 0; i < 4; i++) {
      s = (Math.imul(s ^ (s >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
      this.#state[i] = s;
    }
  }

  /** The next 32 bits. */
  nextUint32() {
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
  nextFloat() {
    return this.nextUint32() / 4294967296;
  }

  /** Uniform integer in [low, high], ends included. */
  nextInteger(low, high) {
    return low + Math.floor(this.nextFloat() * (high - low + 1));
  }

  /** Shuffles an array in place (Fisher–Yates). */
  shuffle(values) {
    for (let i = values.length - 1; i > 0; i--) {
      const j = this.nextInteger(0, i);
      const kept = values[i];
      values[i] = values[j];
      values[j] = kept;
    }
  }
}
