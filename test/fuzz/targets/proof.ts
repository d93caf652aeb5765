/**
 * Proofs under checked keys: small ones of hidden and of public weights, with vectors in clear and in levels. Nothing but
 * the very bytes of a proof may be accepted.
 */
import { hex } from "../../../src/bytes/hex.ts";
import type { InnerLevel } from "../../../src/commitment/parameters.ts";
import { openProof } from "../../../src/engine/proofFile.ts";
import { NativeProver } from "../../../src/engine/prover/nativeProver.ts";
import { setup } from "../../../src/engine/prover/setup.ts";
import { writeStatement } from "../../../src/engine/statement.ts";
import { denseProgram, seededIntegers } from "../../../src/engine/testing/denseProgram.ts";
import { MemorySlotCounter } from "../../../src/engine/testing/memorySlotCounter.ts";
import { readVerificationKey, writeVerificationKey } from "../../../src/engine/verificationKey.ts";
import type { KernelSet } from "../../../src/kernels/kernelSet.ts";
import { type CheckedKey, checkVerificationKey, verifyWithKey } from "../../../src/verify.ts";
import type { CheckedKey as SecondKey } from "../../reference-verifier/checkedKey.ts";
import { checkKey, checkProof } from "../../reference-verifier/verify.ts";
import { fieldsOf } from "../fields.ts";
import { byLength, isSame, mutated, type SeedFile } from "../mutator.ts";
import { otherVerdict } from "../secondVerdict.ts";
import type { FuzzTarget } from "../target.ts";
import { verifierBytes } from "../verifierBytes.ts";

export interface ValidProof extends SeedFile {
  readonly key: CheckedKey;
  readonly keyBytes: Uint8Array;
}

export function validProof(proof: Uint8Array, key: CheckedKey, keyBytes: Uint8Array): ValidProof {
  const fields = fieldsOf(proof, () => verifyWithKey(proof, key));
  return { bytes: proof, key, keyBytes, fields, groups: byLength(fields) };
}

const ONE_LEVEL: readonly InnerLevel[] = [{ logColumns: 6, logLength: 10, queries: 102, grindBits: 8 }];

/** Two proofs of one key each, so that parts of one fit into the other. */
function validProofs(
  kernels: KernelSet,
  weights: "hidden" | "public",
  levels: readonly InnerLevel[],
): ValidProof[] {
  const program = denseProgram({ input: 8, hidden: 5, output: 4 });
  const made = setup(kernels, program, { weights, proofs: 2, batch: 1 });
  let { verificationKey } = made;
  if (weights === "public") {
    const key = readVerificationKey(verificationKey);
    verificationKey = writeVerificationKey({ ...key, parameters: { ...key.parameters, levels } });
  }
  const verdict = checkVerificationKey(verificationKey);
  if (!verdict.ok) throw new Error(`${verdict.error.code}: ${verdict.error.where}`);
  const slots = weights === "hidden" ? new MemorySlotCounter() : null;
  const prover = new NativeProver(kernels, { ...made.provingKey, verificationKey }, slots);
  return [1, 2].map((seed) => {
    const { proof } = prover.prove({
      inputs: [seededIntegers(seed, 8, 0, 255)],
      batch: 1,
      visibilities: {
        input: weights === "hidden" ? "committed" : "private",
        weights: weights === "hidden" ? "private" : "public",
        output: "public",
      },
      context: Uint8Array.of(seed),
    });
    return validProof(proof, verdict.key, verificationKey);
  });
}

/** A statement that can be read is written back as the same bytes, whatever becomes of the proof behind it. */
function requireCanonical(bytes: Uint8Array): void {
  let opened: ReturnType<typeof openProof>;
  try {
    opened = openProof(bytes);
  } catch {
    // The verdict says why.
    return;
  }
  if (!isSame(writeStatement(opened.statement), opened.statementBytes))
    throw new Error("read a statement that it would not have written");
}

export function proofTarget(kernels: KernelSet): FuzzTarget {
  const seeds = [
    ...validProofs(kernels, "hidden", []),
    ...validProofs(kernels, "public", []),
    ...validProofs(kernels, "public", ONE_LEVEL),
  ];
  return changedProofs("proof", seeds);
}

/** Changed bytes of these proofs, each under its own key. */
export function changedProofs(name: string, seeds: readonly ValidProof[]): FuzzTarget {
  const secondKeys = new Map<Uint8Array, SecondKey>();
  const secondKey = (keyBytes: Uint8Array): SecondKey => {
    const checked = secondKeys.get(keyBytes) ?? checkKey(keyBytes);
    secondKeys.set(keyBytes, checked);
    return checked;
  };
  return {
    name,
    isForgery: true,
    maxBytes: Math.max(...seeds.map(({ key, bytes }) => verifierBytes(key.key, bytes.length))),
    context: ({ seed }) => hex(seeds[seed].keyBytes),
    mutate: (random) => mutated(seeds, random),
    run: ({ bytes, seed }) => {
      requireCanonical(bytes);
      const verdict = verifyWithKey(bytes, seeds[seed].key);
      if (!verdict.ok) return verdict.error.code;
      return seeds.some((valid) => isSame(valid.bytes, bytes)) ? "unchanged" : "accepted";
    },
    disagreement: ({ bytes, seed }, outcome) =>
      otherVerdict(outcome, () => checkProof(bytes, secondKey(seeds[seed].keyBytes))),
  };
}
