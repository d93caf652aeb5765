/** Proofs of random programs with operators of all kinds, under keys and visibilities of all kinds. */
import { NativeProver } from "../../../src/engine/prover/nativeProver.ts";
import { setup } from "../../../src/engine/prover/setup.ts";
import { seededIntegers } from "../../../src/engine/testing/denseProgram.ts";
import { MemorySlotCounter } from "../../../src/engine/testing/memorySlotCounter.ts";
import { TensorproofError } from "../../../src/errors/tensorproofError.ts";
import type { KernelSet } from "../../../src/kernels/kernelSet.ts";
import type { Program } from "../../../src/program/program.ts";
import { randomExactProgram } from "../../../src/program/testing/randomExactProgram.ts";
import type { Visibility } from "../../../src/relations/visibility.ts";
import { checkVerificationKey } from "../../../src/verify.ts";
import type { FuzzTarget } from "../target.ts";
import { changedProofs, type ValidProof, validProof } from "./proof.ts";

const PROGRAMS = 24;
const VISIBILITIES: readonly Visibility[] = ["public", "committed", "private"];

/** Nothing for a program with a table too large to be proven. */
function proofOf(kernels: KernelSet, program: Program, number: number): ValidProof | null {
  const isHidden = program.constants.length > 0 && number % 2 === 0;
  const batch = 1 + (number % 2);
  try {
    const made = setup(kernels, program, { weights: isHidden ? "hidden" : "public", proofs: 2, batch });
    const prover = new NativeProver(kernels, made.provingKey, isHidden ? new MemorySlotCounter() : null);
    const inputs = program.inputs.map((id, i) => {
      const { shape, range } = program.tensors[id];
      const size = shape.reduce((product, length) => product * length, batch);
      return seededIntegers(4 + i, size, range.lo, range.hi);
    });
    const { proof } = prover.prove({
      inputs,
      batch,
      visibilities: {
        input: VISIBILITIES[number % 3],
        weights: isHidden ? "private" : "public",
        output: VISIBILITIES[Math.floor(number / 3) % 3],
      },
    });
    const verdict = checkVerificationKey(made.verificationKey);
    if (!verdict.ok) throw new Error(`${verdict.error.code}: ${verdict.error.where}`);
    return validProof(proof, verdict.key, made.verificationKey);
  } catch (error) {
    if (error instanceof TensorproofError && error.code === "program.rangeTooLarge") return null;
    throw error;
  }
}

export function randomProofsTarget(kernels: KernelSet): FuzzTarget {
  const seeds: ValidProof[] = [];
  for (let number = 0; seeds.length < PROGRAMS; number++) {
    const proof = proofOf(kernels, randomExactProgram(number, 1 + (number % 5)), number);
    if (proof !== null) seeds.push(proof);
  }
  const target = changedProofs("randomProofs", seeds);
  // Plans of many operators, and the tables of their functions, take more than rows and columns do.
  return { ...target, maxBytes: 4 * target.maxBytes };
}
