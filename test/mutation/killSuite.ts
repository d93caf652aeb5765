/** The cases by which mutants of the verifier are told from the verifier, and what a verifier answers to one of them. */
import { TensorproofError } from "../../src/errors/tensorproofError.ts";
import { parseProgramStructure } from "../../src/program/parse.ts";
import { programHash } from "../../src/program/programHash.ts";
import type * as Verifier from "../../src/verify.ts";

/** A verification key and the certificates that are known beside it. */
export interface KnownKey {
  readonly bytes: Uint8Array;
  readonly certificates: readonly Uint8Array[];
}

/** One end of a link: a proof under the key of that index. */
export interface CaseEnd {
  readonly proof: Uint8Array;
  readonly key: number;
  readonly side: "input" | "output";
}

/** Two proofs, and certificates of data under the keys of those indices. */
export interface CaseLink {
  readonly from: CaseEnd;
  readonly to: CaseEnd;
  readonly certified: readonly { readonly certificate: Uint8Array; readonly key: number }[];
}

export interface KillCase {
  readonly name: string;
  /** A program's structure or a key by itself; a proof or a certificate under the key of that index; or a link. */
  readonly kind: "structure" | "key" | "proof" | "certificate" | "data" | "link";
  /** None of a link. */
  readonly bytes: Uint8Array;
  /** Index into the keys of the suite; −1 for a key, a structure or a link. */
  readonly key: number;
  readonly link?: CaseLink;
  /** What the verifier answers: `Answers.answer` */
  readonly expected: string;
}

export interface KillSuite {
  readonly keys: readonly KnownKey[];
  readonly cases: readonly KillCase[];
}

/** One verifier that answers cases; a key is checked once. */
export class Answers {
  readonly #verifier: typeof Verifier;
  readonly #keys: readonly KnownKey[];
  readonly #checked = new Map<number, Verifier.KeyVerdict>();

  constructor(verifier: typeof Verifier, keys: readonly KnownKey[]) {
    this.#verifier = verifier;
    this.#keys = keys;
  }

  /** Everything that is observed of a verdict, but for the words in which a refusal says where. */
  answer({ kind, bytes, key, link }: Pick<KillCase, "kind" | "bytes" | "key" | "link">): string {
    if (kind === "structure") return answerToStructure(bytes);
    if (link !== undefined) return this.#answerToLink(link);
    const { checkVerificationKey, checkCertificate, verifyWithKey, describeStatement } = this.#verifier;
    if (kind === "key") {
      const verdict = checkVerificationKey(bytes);
      if (!verdict.ok) return verdict.error.code;
      return `accepted ${hex(verdict.key.identity)} ${hex(verdict.key.programHash)}`;
    }
    const checked = this.#check(key);
    if (!checked.ok) return `key refused: ${checked.error.code}`;
    if (kind === "data") {
      const verdict = this.#verifier.checkDataCertificate(bytes, checked.key);
      if (!verdict.ok) return verdict.error.code;
      const { parentRoot, root, axes } = verdict.data;
      return `accepted ${hex(parentRoot)} ${hex(root)} ${JSON.stringify(axes)}`;
    }
    if (kind === "certificate") {
      const verdict = checkCertificate(bytes, checked.key);
      if (!verdict.ok) return verdict.error.code;
      const { root, certificate, depth } = verdict.epoch;
      return `accepted ${hex(root)} ${hex(certificate)} ${depth}`;
    }
    const verdict = verifyWithKey(bytes, checked.key);
    if (!verdict.ok) return verdict.error.code;
    const { statement } = verdict;
    return `accepted ${JSON.stringify(statement)} ${JSON.stringify(describeStatement(statement))}`;
  }

  #answerToLink({ from, to, certified }: CaseLink): string {
    const { checkDataCertificate, checkLink, verifyWithKey } = this.#verifier;
    const ends: Verifier.LinkEnd[] = [];
    for (const { proof, key, side } of [from, to]) {
      const checked = this.#check(key);
      if (!checked.ok) return `key refused: ${checked.error.code}`;
      const verdict = verifyWithKey(proof, checked.key);
      if (!verdict.ok) return `proof refused: ${verdict.error.code}`;
      ends.push({ statement: verdict.statement, key: checked.key, side });
    }
    const data: Verifier.CertifiedData[] = [];
    for (const { certificate, key } of certified) {
      const checked = this.#check(key);
      if (!checked.ok) return `key refused: ${checked.error.code}`;
      const verdict = checkDataCertificate(certificate, checked.key);
      if (!verdict.ok) return `certificate refused: ${verdict.error.code}`;
      data.push(verdict.data);
    }
    const verdict = checkLink(ends[0], ends[1], data);
    return verdict.ok ? "accepted" : verdict.error.code;
  }

  #check(key: number): Verifier.KeyVerdict {
    let verdict = this.#checked.get(key);
    if (verdict === undefined) {
      const { bytes, certificates } = this.#keys[key];
      verdict = this.#verifier.checkVerificationKey(bytes);
      if (verdict.ok && certificates.length > 0) {
        verdict = this.#verifier.withEpochs(verdict.key, certificates);
      }
      this.#checked.set(key, verdict);
    }
    return verdict;
  }
}

/** Of structures the words count as well: many rules share a code, and each has to find what it is for. */
function answerToStructure(bytes: Uint8Array): string {
  try {
    return `accepted ${hex(programHash(parseProgramStructure(bytes)))}`;
  } catch (error) {
    if (!(error instanceof TensorproofError)) throw error;
    return `${error.code}: ${error.message}`;
  }
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
