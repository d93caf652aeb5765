import { beforeAll, describe, expect, it } from "vitest";
import { createKernels } from "../../kernels/createKernels.ts";
import { NativeProver, type ProveResult } from "../prover/nativeProver.ts";
import { setup } from "../prover/setup.ts";
import { type ProvingKey, readProvingKey, writeProvingKey } from "../provingKey.ts";
import { denseProgram, seededIntegers } from "../testing/denseProgram.ts";
import { MemorySlotCounter } from "../testing/memorySlotCounter.ts";
import type { CheckedKey } from "../verifier/checkedKey.ts";
import { checkVerificationKey, verifyWithKey } from "../verifier/verify.ts";
import { type Renewal, renewWeights } from "./prover/renewWeights.ts";
import { certificateSecurity, checkCertificate, withEpochs } from "./verifier/checkCertificate.ts";

const kernels = createKernels({ threads: 1 });
const program = denseProgram({ input: 20, hidden: 7, output: 5 });
const BUDGET = 2;

function prove(key: ProvingKey, slots = new MemorySlotCounter()): ProveResult {
  const visibilities = { input: "private", weights: "private", output: "public" } as const;
  return new NativeProver(kernels, key, slots).prove({
    inputs: [seededIntegers(5, 20, 0, 255)],
    batch: 1,
    visibilities,
  });
}

function checkedKey(verificationKey: Uint8Array): CheckedKey {
  const verdict = checkVerificationKey(verificationKey);
  if (!verdict.ok) throw new Error(verdict.error.code);
  return verdict.key;
}

function known(checked: CheckedKey, ...renewals: readonly Renewal[]): CheckedKey {
  const verdict = withEpochs(
    checked,
    renewals.map(({ certificate }) => certificate),
  );
  if (!verdict.ok) throw new Error(`${verdict.error.code}: ${verdict.error.where}`);
  return verdict.key;
}

describe("epochs", () => {
  const { provingKey } = setup(kernels, program, { weights: "hidden", proofs: BUDGET, batch: 1 });
  const checked = checkedKey(provingKey.verificationKey);
  const slots = new MemorySlotCounter();
  let first: Renewal;

  beforeAll(() => {
    first = renewWeights(kernels, provingKey, slots);
  });

  it("serve proofs under the same key, once their certificate is known", () => {
    expect(first.provingKey.verificationKey).toEqual(provingKey.verificationKey);
    const { proof, statement } = prove(first.provingKey);
    const unknown = verifyWithKey(proof, checked);
    expect(unknown).toMatchObject({ ok: false, error: { code: "statement.epoch" } });
    expect(!unknown.ok && unknown.error.where).toContain("give its certificate");
    expect(verifyWithKey(proof, known(checked, first))).toMatchObject({ ok: true });
    expect(statement.modelIdentity).toEqual(checked.identity);
    expect(prove(provingKey).statement.weightSlot?.epochRoot).not.toEqual(statement.weightSlot?.epochRoot);
  });

  it("take a slot before anything of a proof is drawn, and no proof without one", () => {
    const steps: string[] = [];
    const counter = {
      take: (): number => {
        steps.push("slot");
        if (steps.filter((step) => step === "slot").length > 1) throw new Error("no slot");
        return 0;
      },
    };
    const prover = new NativeProver(kernels, first.provingKey, counter);
    const request = {
      inputs: [seededIntegers(5, 20, 0, 255)],
      batch: 1,
      visibilities: { input: "committed", weights: "private", output: "committed" },
      onPhase: (phase: string) => steps.push(phase),
    } as const;
    prover.prove(request);
    expect(() => prover.prove(request)).toThrow("no slot");
    expect(steps).toEqual(["witness", "slot", "commit", "argue", "open", "witness", "slot"]);
  });

  it("have a budget of their own", () => {
    const own = new MemorySlotCounter();
    const taken = Array.from(
      { length: BUDGET },
      () => prove(first.provingKey, own).statement.weightSlot?.slot,
    );
    expect(taken).toEqual([0, 1]);
    expect(() => prove(first.provingKey, own)).toThrow(expect.objectContaining({ code: "budget.exhausted" }));
  });

  it("form chains of three certificates at most, known in any order", () => {
    const second = renewWeights(kernels, first.provingKey, new MemorySlotCounter());
    const third = renewWeights(kernels, second.provingKey, new MemorySlotCounter());
    const { proof } = prove(third.provingKey);
    expect(verifyWithKey(proof, known(checked, third, first, second))).toMatchObject({ ok: true });
    expect(verifyWithKey(proof, known(known(known(checked, first), second), third))).toMatchObject({
      ok: true,
    });
    expect(withEpochs(checked, [third.certificate, first.certificate])).toMatchObject({
      ok: false,
      error: { code: "certificate.parent" },
    });
    expect(() => renewWeights(kernels, third.provingKey, new MemorySlotCounter())).toThrow(
      expect.objectContaining({ code: "renew.depth" }),
    );
  });

  it("have as many siblings as the commitment reserved openings for", () => {
    for (let renewal = 1; renewal < 3; renewal++) renewWeights(kernels, provingKey, slots);
    expect(() => renewWeights(kernels, provingKey, slots)).toThrow(
      expect.objectContaining({ code: "budget.renewals", category: "resources" }),
    );
  });

  it("are checked once", () => {
    const knowing = known(checked, first);
    expect(known(knowing, first).epochs).toEqual(knowing.epochs);
    expect(checkCertificate(first.certificate, checked)).toMatchObject({ ok: true, epoch: { depth: 1 } });
    // What a key knew before stays as it was.
    expect(checked.epochs.size).toBe(0);
  });

  it("come with certificates of 100 bits, round by round", () => {
    const { terms, bits } = certificateSecurity(checked.key);
    expect(bits).toBeGreaterThanOrEqual(100);
    expect(Math.min(...terms.map((term) => term.bits))).toBe(bits);
  });

  it("stay in the proving key's bytes, which name a damaged copy", () => {
    const bytes = writeProvingKey(first.provingKey);
    const read = readProvingKey(bytes);
    expect(read.certificates).toEqual([first.certificate]);
    expect(prove(read).statement.weightSlot?.epochRoot).toEqual(
      prove(first.provingKey).statement.weightSlot?.epochRoot,
    );
    bytes[bytes.length - 40] ^= 1;
    expect(() => readProvingKey(bytes)).toThrow(expect.objectContaining({ code: "key.checksum" }));
  });

  it("are nothing for public weights", () => {
    const shown = setup(kernels, program, { weights: "public", proofs: 1, batch: 1 });
    expect(() => renewWeights(kernels, shown.provingKey, new MemorySlotCounter())).toThrow(
      expect.objectContaining({ code: "renew.publicWeights" }),
    );
  });
});
