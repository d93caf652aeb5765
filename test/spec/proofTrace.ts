/** Everything that a verifier of one proof absorbs and draws, in order, and the equations that the scalars leave. */
import { blake3 } from "@noble/hashes/blake3.js";
import type { ProofPlan } from "../../src/claims/plan.ts";
import type { Relation } from "../../src/claims/relation.ts";
import type { Ext } from "../../src/field/ext.ts";
import { HiddenScalar } from "../../src/masking/hiddenScalar.ts";
import { type MessageReader, RESERVED_PADS } from "../../src/masking/messages.ts";
import { type PublicValues, reduceToRelations } from "../../src/relations/reduce.ts";
import { Transcript } from "../../src/transcript/transcript.ts";
import { hex, type Json } from "./planVectors.ts";

type Step = { readonly do: string; readonly label: string } & { readonly [key: string]: Json };

export interface Recorded<T> {
  readonly result: T;
  readonly steps: readonly Step[];
}

/** Longer messages are listed by their BLAKE3 hash. */
const MAX_LISTED_BYTES = 512;

function bytesJson(bytes: Uint8Array): { readonly [key: string]: Json } {
  return bytes.length <= MAX_LISTED_BYTES
    ? { bytes: hex(bytes) }
    : { length: bytes.length, blake3: hex(blake3(bytes)) };
}

/** Runs with every transcript listened to. */
export function recorded<T>(run: () => T): Recorded<T> {
  const steps: Step[] = [];
  const { absorbBytes, absorbExts, absorbFieldWords, challengeBytes, challengeExt } = Transcript.prototype;
  // Elements are drawn as bytes: those are not listed again.
  let depth = 0;
  Transcript.prototype.absorbBytes = function (label, bytes) {
    steps.push({ do: "absorbBytes", label, ...bytesJson(bytes) });
    absorbBytes.call(this, label, bytes);
  };
  Transcript.prototype.absorbExts = function (label, values) {
    steps.push({ do: "absorbExts", label, values });
    absorbExts.call(this, label, values);
  };
  Transcript.prototype.absorbFieldWords = function (label, words) {
    const bytes = new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
    steps.push({ do: "absorbWords", label, ...bytesJson(bytes) });
    absorbFieldWords.call(this, label, words);
  };
  Transcript.prototype.challengeBytes = function (label, numBytes) {
    const bytes = challengeBytes.call(this, label, numBytes);
    if (depth === 0) steps.push({ do: "challengeBytes", label, ...bytesJson(bytes) });
    return bytes;
  };
  Transcript.prototype.challengeExt = function (label) {
    depth++;
    const value = challengeExt.call(this, label);
    depth--;
    steps.push({ do: "challengeExt", label, value });
    return value;
  };
  try {
    return { result: run(), steps };
  } finally {
    Object.assign(Transcript.prototype, {
      absorbBytes,
      absorbExts,
      absorbFieldWords,
      challengeBytes,
      challengeExt,
    });
  }
}

/** The scalars of a recorded conversation again, from α on. */
function replay(steps: readonly Step[]): MessageReader {
  let at = steps.findIndex(({ label }) => label === "lookup/alpha");
  let pad = RESERVED_PADS;
  const next = (kind: string, label: string): Step => {
    const step = steps[at++];
    if (step.do !== kind || step.label !== label) throw new Error(`expected ${kind} ${label}`);
    return step;
  };
  const clear = (label: string): Ext => (next("absorbExts", label).values as unknown as Ext[])[0];
  return {
    clear,
    hidden: (label) => HiddenScalar.masked(clear(label), pad++),
    challenge: (label) => next("challengeExt", label).value as unknown as Ext,
  };
}

function relationJson({ name, terms, hidden }: Relation): Json {
  const pads = [...hidden.pads].sort(([a], [b]) => a - b);
  return {
    name,
    constant: hidden.constant,
    pads: pads.map(([pad, coefficient]) => ({ pad, coefficient })),
    terms: terms.map(({ tensor, point, factor }) => ({ tensor, point, factor })),
  };
}

export function relationsJson(plan: ProofPlan, steps: readonly Step[], publicValues: PublicValues): Json {
  return reduceToRelations(plan, replay(steps), publicValues).map(relationJson);
}
