/**
 * A prover that deviates in one step of the transcript and goes on as if nothing had happened: a message is changed right
 * before it is absorbed, and sent as it is absorbed where prover and proof share it; or a challenge is another one than the
 * transcript gives.
 */
import { add, type Ext, ONE } from "../../field/ext.ts";
import { P } from "../../field/m31.ts";
import { Transcript } from "../../transcript/transcript.ts";
import { OpeningForger } from "./openingForger.ts";

/** Messages and challenges of one label, told apart: some labels have both. */
export interface StepKind {
  readonly kind: "message" | "challenge";
  readonly label: string;
}

export interface Steps extends StepKind {
  count: number;
}

/** Which of the steps of one kind is wrong, from 0. */
export interface WrongStep extends StepKind {
  readonly occurrence: number;
}

export class StepForger extends OpeningForger {
  private readonly wrong: WrongStep | null;
  /** Every kind of step that was taken, in the order in which they first were. */
  readonly steps: Steps[] = [];

  constructor(wrong: WrongStep | null) {
    super(() => {});
    this.wrong = wrong;
  }

  override prepare(): void {
    // Nothing of the opening has to be known.
  }

  override transcript(protocol: string): Transcript {
    return new ForgingTranscript(protocol, (kind, label) => this.isWrong(kind, label));
  }

  private isWrong(kind: StepKind["kind"], label: string): boolean {
    let step = this.steps.find((known) => known.kind === kind && known.label === label);
    if (step === undefined) {
      step = { kind, label, count: 0 };
      this.steps.push(step);
    }
    const occurrence = step.count++;
    const { wrong } = this;
    return wrong?.kind === kind && wrong.label === label && wrong.occurrence === occurrence;
  }
}

type IsWrong = (kind: StepKind["kind"], label: string) => boolean;

class ForgingTranscript extends Transcript {
  private readonly isWrong: IsWrong;
  /** Elements are drawn as bytes: that is no step of its own. */
  private drawing = false;

  constructor(protocol: string, isWrong: IsWrong) {
    super(protocol);
    this.isWrong = isWrong;
  }

  override absorbBytes(label: string, bytes: Uint8Array): void {
    if (this.isWrong("message", label)) bytes[bytes.length - 1] ^= 1;
    super.absorbBytes(label, bytes);
  }

  override absorbExts(label: string, values: readonly Ext[]): void {
    if (this.isWrong("message", label)) {
      const [value] = values as unknown as number[][];
      value[0] = (value[0] + 1) % P;
    }
    super.absorbExts(label, values);
  }

  override absorbFieldWords(label: string, words: Uint32Array): void {
    if (this.isWrong("message", label)) words[0] = (words[0] + 1) % P;
    super.absorbFieldWords(label, words);
  }

  override challengeExt(label: string): Ext {
    this.drawing = true;
    const value = super.challengeExt(label);
    this.drawing = false;
    return this.isWrong("challenge", label) ? add(value, ONE) : value;
  }

  override challengeBytes(label: string, numBytes: number): Uint8Array {
    const bytes = super.challengeBytes(label, numBytes);
    if (!this.drawing && this.isWrong("challenge", label)) bytes[0] ^= 1;
    return bytes;
  }
}
