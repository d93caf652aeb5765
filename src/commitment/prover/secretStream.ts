/**
 * Uniform secret words from a 256-bit seed: BLAKE3 extended output. The seed comes from the operating system, never from
 * the witness, and serves one commitment only: two commitments with the same masks would reveal their difference.
 */
import { TensorproofError } from "../../errors/tensorproofError.ts";
import { P } from "../../field/m31.ts";
import { bytesToWords, HASH_BYTES, keyedHash, labelKey } from "../../hash/blake3.ts";
import type { KernelSet } from "../../kernels/kernelSet.ts";

const SEED_KEY: Uint8Array = labelKey("secret/v1");

/** Digest of the last seed: a generator that repeats itself is noticed without keeping what it gave. */
let lastDigest: Uint8Array = new Uint8Array(HASH_BYTES);

/**
 * 32 bytes from the platform's generator. A generator that throws, leaves eight bytes in a row at zero, or gives the same
 * seed twice in a row stops the proof: masks that anyone can guess hide nothing.
 * @throws TensorproofError `random.generator`
 */
export function freshSeed(): Uint8Array {
  const seed = new Uint8Array(HASH_BYTES);
  try {
    crypto.getRandomValues(seed);
  } catch (cause) {
    throw generatorFailed("it failed", cause);
  }
  for (let at = 0; at < HASH_BYTES; at += 8) {
    if (seed.subarray(at, at + 8).every((byte) => byte === 0))
      throw generatorFailed("it left bytes unfilled");
  }
  const digest = keyedHash(SEED_KEY, seed);
  if (digest.every((byte, i) => byte === lastDigest[i])) throw generatorFailed("it repeats itself");
  lastDigest = digest;
  return seed;
}

function generatorFailed(what: string, cause?: unknown): TensorproofError {
  return new TensorproofError(
    "random.generator",
    `the platform's random generator cannot be relied on: ${what}; repair it before you set up keys or prove`,
    { where: "crypto.getRandomValues", category: "resources", cause },
  );
}

export class SecretStream {
  private readonly kernels: KernelSet;
  private readonly key: number;
  private nextBlock = 0;
  private spare: number | undefined;

  /** `purpose` separates streams of one seed. The key stays in kernel memory as long as the caller's allocations. */
  constructor(kernels: KernelSet, seed: Uint8Array, purpose: string) {
    const key = keyedHash(keyedHash(SEED_KEY, new TextEncoder().encode(purpose)), seed);
    this.kernels = kernels;
    this.key = kernels.alloc(8);
    kernels.words.set(bytesToWords(key), this.key / 4);
  }

  fillWords(ptr: number, numWords: number): void {
    this.kernels.xofWords(ptr, numWords, this.key, this.nextBlock);
    this.nextBlock += Math.ceil(numWords / 16);
  }

  /** Uniform field elements: 31-bit words, with the value p drawn again. */
  fillField(ptr: number, numWords: number): void {
    this.fillWords(ptr, numWords);
    for (;;) {
      const at = this.kernels.maskToField(ptr, numWords);
      if (at < 0) return;
      const spare = this.spareBlock();
      this.fillWords(spare, 16);
      this.kernels.words[ptr / 4 + at] = this.kernels.words[spare / 4] & P;
    }
  }

  private spareBlock(): number {
    this.spare ??= this.kernels.alloc(16);
    return this.spare;
  }
}
