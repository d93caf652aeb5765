/** What is fuzzed: something that takes hostile bytes, and valid bytes to begin with. */
import type { Random } from "./random.ts";

export interface FuzzTarget {
  readonly name: string;
  /** Hostile bytes, and what is known of them. */
  mutate(random: Random): FuzzInput;
  /** The code with which the bytes are refused, or `accepted`; whatever it throws is a finding. */
  run(input: FuzzInput): string | Promise<string>;
  /**
   * What the reference verifier, written from the specification alone, says of the bytes otherwise than the verdict `outcome`;
   * null where both agree. Only where a target has one.
   */
  readonly disagreement?: (input: FuzzInput, outcome: string) => string | null;
  /** What a finding needs besides its bytes to be made again: keys are randomised. Hexadecimal. */
  readonly context?: (input: FuzzInput) => string;
  /** Bytes that one case may allocate, in buffers and on the heap together. */
  readonly maxBytes: number;
  /** Whether an accepted input is a finding unless its bytes are those of a valid one. */
  readonly isForgery: boolean;
}

export interface FuzzInput {
  readonly bytes: Uint8Array;
  /** Which of the target's valid inputs it was made of. */
  readonly seed: number;
}
