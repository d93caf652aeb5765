/** Forges the vector of an opening: listens to the transcript as the verifier would and bends the vector to its check. */
import type { ProofPlan } from "../../claims/plan.ts";
import type { Relation } from "../../claims/relation.ts";
import { combineClaims } from "../../commitment/claims.ts";
import * as opening from "../../commitment/opening.ts";
import { roundValue } from "../../commitment/rowWeights.ts";
import type { StackLayout } from "../../commitment/stackLayout.ts";
import { add, EXT_WORDS, type Ext, inv, mul, sub } from "../../field/ext.ts";
import { dotExt, type ExtVector, getExt, setExt } from "../../field/extVector.ts";
import { eqTable } from "../../poly/eq.ts";
import { Transcript } from "../../transcript/transcript.ts";

export interface Overheard {
  readonly layout: StackLayout;
  readonly rho: readonly Ext[];
  /** What the vector must evaluate to at rho. */
  readonly expected: Ext;
}

/** Changes the vector in place. */
export type VectorForgery = (vector: ExtVector, overheard: Overheard) => void;

export class OpeningForger {
  private readonly forge: VectorForgery;
  private prepared: { plan: ProofPlan; layout: StackLayout; relations: readonly Relation[] } | undefined;

  constructor(forge: VectorForgery) {
    this.forge = forge;
  }

  prepare(plan: ProofPlan, layout: StackLayout, relations: readonly Relation[]): void {
    this.prepared = { plan, layout, relations };
  }

  transcript(protocol: string): Transcript {
    return new ForgingTranscript(protocol, (vector, heard) => {
      if (this.prepared === undefined) throw new Error("the forger knows no claims");
      const { plan, layout, relations } = this.prepared;
      let value = combineClaims(plan, layout, relations, heard.lambda, heard.maskSum).total;
      heard.rounds.forEach(([c0, c2], i) => {
        value = roundValue(value, c0, c2, heard.rho[i]);
      });
      const expected = add(value, mul(heard.kappa, heard.proximity));
      this.forge(vector, { layout, rho: heard.rho, expected });
    });
  }
}

/** Makes the first element of the vector such that the evaluation at rho is what the verifier expects. */
export function satisfyEvaluation(vector: ExtVector, { layout, rho, expected }: Overheard): void {
  const data = vector.subarray(0, EXT_WORDS * 2 ** layout.parameters.logColumns);
  const weights = eqTable(rho);
  const missing = sub(expected, dotExt(data, weights));
  setExt(vector, 0, add(getExt(vector, 0), mul(missing, inv(getExt(weights, 0)))));
}

class Heard {
  readonly rho: Ext[] = [];
  readonly rounds: Ext[][] = [];
  lambda: Ext = [0, 0, 0, 0];
  maskSum: Ext = [0, 0, 0, 0];
  proximity: Ext = [0, 0, 0, 0];
  kappa: Ext = [0, 0, 0, 0];
}

class ForgingTranscript extends Transcript {
  private readonly heard = new Heard();
  private readonly forge: (vector: ExtVector, heard: Heard) => void;

  constructor(protocol: string, forge: (vector: ExtVector, heard: Heard) => void) {
    super(protocol);
    this.forge = forge;
  }

  override absorbExts(label: string, values: readonly Ext[]): void {
    if (label === opening.LABEL_MASK_SUM) this.heard.maskSum = values[0];
    if (label === opening.LABEL_PROXIMITY) this.heard.proximity = values[0];
    if (label === opening.LABEL_ROUND) this.heard.rounds.push([...values]);
    super.absorbExts(label, values);
  }

  override challengeExt(label: string): Ext {
    const value = super.challengeExt(label);
    if (label === opening.LABEL_LAMBDA) this.heard.lambda = value;
    if (label === opening.LABEL_KAPPA) this.heard.kappa = value;
    if (label === opening.LABEL_RHO) this.heard.rho.push(value);
    return value;
  }

  override absorbFieldWords(label: string, words: Uint32Array): void {
    if (label === opening.LABEL_VECTOR) this.forge(words, this.heard);
    super.absorbFieldWords(label, words);
  }
}
