/**
 * The prover's scalars, in order. The writer (prover) masks and records; the reader (verifier) hands out the same
 * scalars as hidden forms. Both drive one transcript, so that they cannot disagree about what was said when. Pads are
 * numbered in order of use, after the first `RESERVED_PADS`, whose cells serve as committed random values.
 */
import { check } from "../errors/proofError.ts";
import { add, type Ext, mul, sub } from "../field/ext.ts";
import { type ExtVector, getExt, makeExtVector, setExt } from "../field/extVector.ts";
import type { Transcript } from "../transcript/transcript.ts";
import { HiddenScalar } from "./hiddenScalar.ts";

/** Pad cells with a meaning of their own: the dummy leaf's denominator and the product polynomials' values at 0. */
export const PAD_DELTA = 0;
export const PAD_PRODUCT_X = 1;
export const PAD_PRODUCT_Y = 2;
export const RESERVED_PADS = 3;

/** What a protocol step needs to receive messages and draw challenges. */
export interface MessageReader {
  hidden(label: string): HiddenScalar;
  clear(label: string): Ext;
  challenge(label: string): Ext;
}

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
    check(4 * this.next === this.scalars.length, "proof.length", `${this.scalars.length / 4} scalars, ${this.next} used`);
  }
}

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

  /** The plain value of a hidden form. */
  reveal(form: HiddenScalar): Ext {
    let value = form.constant;
    for (const [pad, coefficient] of form.pads) value = add(value, mul(coefficient, this.pads(pad)));
    return value;
  }
}
