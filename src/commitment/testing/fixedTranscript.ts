import type { Ext } from "../../field/ext.ts";
import { wordsToBytes } from "../../hash/blake3.ts";
import { Transcript } from "../../transcript/transcript.ts";
import { LABEL_QUERIES } from "../opening.ts";

/**
 * Challenges that depend on the seed alone and on no message. A prover's messages are then functions of its secrets for
 * one fixed choice of challenges, the object that the hiding tests examine.
 */
export class FixedTranscript extends Transcript {
  private readonly positions: readonly number[] | null;
  private readonly chosen: Readonly<Record<string, Ext>>;

  /** `positions`: queried columns; drawn from the seed if null. `chosen`: challenges by label, in place of drawn ones. */
  constructor(
    seed: string,
    positions: readonly number[] | null = null,
    chosen: Readonly<Record<string, Ext>> = {},
  ) {
    super(seed);
    this.positions = positions;
    this.chosen = chosen;
  }

  override absorbBytes(): void {}

  override absorbExts(): void {}

  override absorbFieldWords(): void {}

  override challengeExt(label: string): Ext {
    return this.chosen[label] ?? super.challengeExt(label);
  }

  override challengeBytes(label: string, numBytes: number): Uint8Array {
    if (label !== LABEL_QUERIES || this.positions === null) return super.challengeBytes(label, numBytes);
    return wordsToBytes(this.positions);
  }
}
