/** Receives the prover's scalars from the proof. */
import { check } from "../errors/proofError.ts";
import type { Ext } from "../field/ext.ts";
import { type ExtVector, getExt } from "../field/extVector.ts";
import type { Transcript } from "../transcript/transcript.ts";
import { HiddenScalar } from "./hiddenScalar.ts";
import { type MessageReader, RESERVED_PADS } from "./messages.ts";

export class TranscriptReader implements MessageReader {
  private readonly transcript: Transcript;
  private readonly scalars: ExtVector;
  private next = 0;
  private nextPad: number = RESERVED_PADS;

  /** `scalars`: all scalars of the proof, canonical. */
  constructor(transcript: Transcript, scalars: ExtVector) {
    this.transcript = transcript;
    this.scalars = scalars;
  }

  hidden(label: string): HiddenScalar {
    return HiddenScalar.masked(this.clear(label), this.nextPad++);
  }

  clear(label: string): Ext {
    check(4 * this.next < this.scalars.length, "proof.truncated", `scalar ${this.next} (${label})`);
    const value = getExt(this.scalars, this.next++);
    this.transcript.absorbExts(label, [value]);
    return value;
  }

  challenge(label: string): Ext {
    return this.transcript.challengeExt(label);
  }

  /** Scalars must be used up exactly. */
  finish(): void {
    check(
      4 * this.next === this.scalars.length,
      "proof.length",
      `${this.scalars.length / 4} scalars, ${this.next} used`,
    );
  }
}
