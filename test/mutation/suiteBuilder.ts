/** Collects cases, each with the answer of the verifier as it is. */
import type { Kernels } from "../../src/kernels/createKernels.ts";
import * as verifier from "../../src/verify.ts";
import { Answers, type CaseLink, type KillCase, type KillSuite, type KnownKey } from "./killSuite.ts";

export class SuiteBuilder {
  readonly kernels: Kernels;
  readonly #keys: KnownKey[] = [];
  readonly #cases: KillCase[] = [];
  readonly #answers: Answers;

  constructor(kernels: Kernels) {
    this.kernels = kernels;
    this.#answers = new Answers(verifier, this.#keys);
  }

  /** A key that later proofs are about, with certificates that are known beside it; returns its index. */
  addKey(name: string, bytes: Uint8Array, certificates: readonly Uint8Array[] = []): number {
    this.#keys.push({ bytes, certificates });
    this.keyCase(name, bytes, "accepted");
    return this.#keys.length - 1;
  }

  /** @throws Error if today's verifier answers otherwise: `expected` is how its answer begins. */
  proofCase(name: string, key: number, bytes: Uint8Array, expected: string | RegExp): void {
    this.#add({ name, kind: "proof", bytes, key }, expected);
  }

  certificateCase(name: string, key: number, bytes: Uint8Array, expected: string | RegExp): void {
    this.#add({ name, kind: "certificate", bytes, key }, expected);
  }

  /** A certificate of committed inputs or outputs. */
  dataCase(name: string, key: number, bytes: Uint8Array, expected: string | RegExp): void {
    this.#add({ name, kind: "data", bytes, key }, expected);
  }

  linkCase(name: string, link: CaseLink, expected: string): void {
    this.#add({ name, kind: "link", bytes: new Uint8Array(), key: -1, link }, expected);
  }

  keyCase(name: string, bytes: Uint8Array, expected: string | RegExp): void {
    this.#add({ name, kind: "key", bytes, key: -1 }, expected);
  }

  structureCase(name: string, bytes: Uint8Array): void {
    this.#add({ name, kind: "structure", bytes, key: -1 }, /./);
  }

  #add(asked: Omit<KillCase, "expected">, expected: string | RegExp): void {
    const answer = this.#answers.answer(asked);
    const fits = typeof expected === "string" ? answer.startsWith(expected) : expected.test(answer);
    if (!fits) throw new Error(`${asked.name}: expected ${expected}, the verifier says ${answer}`);
    this.#cases.push({ ...asked, expected: answer });
  }

  suite(): KillSuite {
    return { keys: this.#keys, cases: this.#cases };
  }
}
