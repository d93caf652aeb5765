/** Masks, sends and records the prover's scalars. */
import { type Ext, sub } from "../field/ext.ts";
import { type ExtVector, makeExtVector, setExt } from "../field/extVector.ts";
import type { Transcript } from "../transcript/transcript.ts";
import { HiddenScalar } from "./hiddenScalar.ts";
import { type MessageReader, RESERVED_PADS } from "./messages.ts";

export class TranscriptWriter {
  private readonly transcript: Transcript;
  private readonly pads: (index: number) => Ext;
  private readonly sent: Ext[] = [];
  private readonly drawn: Ext[] = [];
  private nextPad: number = RESERVED_PADS;

  constructor(transcript: Transcript, pads: (index: number) => Ext) {
    this.transcript = transcript;
    this.pads = pads;
  }

  hidden(label: string, value: Ext): void {
    this.clear(label, sub(value, this.pads(this.nextPad++)));
  }

  clear(label: string, value: Ext): void {
    this.transcript.absorbExts(label, [value]);
    this.sent.push(value);
  }

  challenge(label: string): Ext {
    const challenge = this.transcript.challengeExt(label);
    this.drawn.push(challenge);
    return challenge;
  }

  get padsUsed(): number {
    return this.nextPad;
  }

  scalars(): ExtVector {
    const vector = makeExtVector(this.sent.length);
    this.sent.forEach((value, index) => {
      setExt(vector, index, value);
    });
    return vector;
  }

  /** Reads the recorded conversation again, to derive the same claims as the verifier without hashing twice. */
  replay(): MessageReader {
    let message = 0;
    let challenge = 0;
    let pad = RESERVED_PADS;
    return {
      hidden: () => HiddenScalar.masked(this.sent[message++], pad++),
      clear: () => this.sent[message++],
      challenge: () => this.drawn[challenge++],
    };
  }
}
