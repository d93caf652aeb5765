/** Listens to the challenges of an opening with levels of recursion, so that forgeries can hold where a claim is checked. */
import {
  LABEL_KAPPA,
  LABEL_LEVEL_KAPPA,
  LABEL_RHO,
  LABEL_VECTOR,
  LABEL_VECTOR_ROOT,
  LABEL_ZETA,
} from "../../commitment/opening.ts";
import { add, type Ext, sub } from "../../field/ext.ts";
import { type ExtVector, getExt, setExt } from "../../field/extVector.ts";
import { eqTable } from "../../poly/eq.ts";
import { Transcript } from "../../transcript/transcript.ts";

export interface LevelForgeries {
  /** Changes the last vector, sent in clear, before it is absorbed. */
  readonly vector?: (vector: ExtVector, heard: LevelForger) => void;
  /** Changes the root of the level-th commitment, from 1 on, before it is absorbed. */
  readonly root?: (root: Uint8Array, level: number) => void;
}

export class LevelForger {
  /** Challenges of the first matrix's rounds, and of the rounds of all levels together. */
  readonly rho: Ext[] = [];
  readonly zeta: Ext[] = [];
  /** Blending challenges drawn so far, the stack's and those of levels. */
  numKappas = 0;
  private readonly forgeries: LevelForgeries;

  constructor(forgeries: LevelForgeries = {}) {
    this.forgeries = forgeries;
  }

  prepare(): void {}

  transcript(protocol: string): Transcript {
    return new HearingTranscript(protocol, this, this.forgeries);
  }
}

/** Changes a vector where its evaluation at the point does not see it: by a multiple of (eq_1, −eq_0, 0, …). */
export function bendUnseen(vector: ExtVector, point: readonly Ext[]): void {
  const weights = eqTable(point, 2);
  setExt(vector, 0, add(getExt(vector, 0), getExt(weights, 1)));
  setExt(vector, 1, sub(getExt(vector, 1), getExt(weights, 0)));
}

class HearingTranscript extends Transcript {
  private readonly forger: LevelForger;
  private readonly forgeries: LevelForgeries;
  private numRoots = 0;

  constructor(protocol: string, forger: LevelForger, forgeries: LevelForgeries) {
    super(protocol);
    this.forger = forger;
    this.forgeries = forgeries;
  }

  override challengeExt(label: string): Ext {
    const value = super.challengeExt(label);
    if (label === LABEL_RHO) this.forger.rho.push(value);
    if (label === LABEL_KAPPA || label === LABEL_LEVEL_KAPPA) this.forger.numKappas++;
    if (label === LABEL_ZETA) this.forger.zeta.push(value);
    return value;
  }

  override absorbBytes(label: string, bytes: Uint8Array): void {
    if (label === LABEL_VECTOR_ROOT) this.forgeries.root?.(bytes, ++this.numRoots);
    super.absorbBytes(label, bytes);
  }

  override absorbFieldWords(label: string, words: Uint32Array): void {
    if (label === LABEL_VECTOR) this.forgeries.vector?.(words, this.forger);
    super.absorbFieldWords(label, words);
  }
}
