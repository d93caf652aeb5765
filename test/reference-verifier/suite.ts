/**
 * Keys and proofs that the ordinary prover makes, on which both verifiers must agree. The prover is that of src; nothing of the
 * reference verifier is in here.
 */
import { NativeProver } from "../../src/engine/prover/nativeProver.ts";
import { setup } from "../../src/engine/prover/setup.ts";
import type { HonestRun } from "../../src/engine/testing/cheat.ts";
import {
  type CheatingKey,
  type CheatRequest,
  cheatingSetup,
  cheatProof,
  publicCheatingSetup,
  tamperedRun,
} from "../../src/engine/testing/cheatingProver.ts";
import { VICTIMS, type VictimName, victimInputs } from "../../src/engine/testing/cheatVictims.ts";
import { denseProgram, seededIntegers } from "../../src/engine/testing/denseProgram.ts";
import { MemorySlotCounter } from "../../src/engine/testing/memorySlotCounter.ts";
import { createKernels } from "../../src/kernels/createKernels.ts";
import type { KernelSet } from "../../src/kernels/kernelSet.ts";
import type { Program } from "../../src/program/program.ts";
import type { Visibilities, Visibility } from "../../src/relations/visibility.ts";

export const kernels: KernelSet = createKernels({ threads: 1 });

export interface ProofCase {
  readonly name: string;
  readonly key: Uint8Array;
  readonly proof: Uint8Array;
}

/** A key, and proofs under it. */
export interface Workshop {
  readonly key: Uint8Array;
  readonly prove: (input: Visibility, output: Visibility, batch: number) => Uint8Array;
}

/** `proofs`: how many can be made where weights are hidden; many make long rows and levels of recursion. */
export function workshop(program: Program, weights: "hidden" | "public", proofs = 2): Workshop {
  const { provingKey, verificationKey } = setup(kernels, program, { weights, proofs, batch: 1 });
  const counter = weights === "hidden" ? new MemorySlotCounter() : null;
  const prover = new NativeProver(kernels, provingKey, counter);
  return {
    key: verificationKey,
    prove: (input, output, batch) => {
      const inputs = program.inputs.map((id, i) => inputOf(program, id, batch, i));
      const visibilities: Visibilities = {
        input,
        weights: weights === "hidden" ? "private" : "public",
        output,
      };
      return prover.prove({ inputs, batch, visibilities, context: Uint8Array.of(1, 2, 3) }).proof;
    },
  };
}

function inputOf(program: Program, id: number, batch: number, seed: number): Int32Array {
  const { shape, range } = program.tensors[id]!;
  const size = shape.reduce((product, length) => product * length, batch);
  return seededIntegers(4 + seed, size, range.lo, range.hi);
}

/** A dense network of a few cells. */
export function smallDense(argmax = false): Program {
  return denseProgram({ input: 9, hidden: 6, output: 4, argmax });
}

type Levels = NonNullable<Parameters<typeof cheatingSetup>[4]>;

/** A key with levels of recursion that no setup would choose for so small a program, and its honest proof. */
export function withLevels(levels: Levels): ProofCase {
  const program = smallDense();
  const key: CheatingKey = cheatingSetup(kernels, program, program.constants, undefined, levels);
  const inputs = [inputOf(program, program.inputs[0]!, 1, 0)];
  const proof = deviatingProof(key, "private", inputs, {});
  return { name: `${levels.length} levels`, key: key.verificationKey, proof };
}

/** A program under attack: its key, its honest run, and proofs that deviate from it. */
export function underAttack(name: VictimName): {
  key: Uint8Array;
  honest: HonestRun;
  prove: (deviation: Partial<CheatRequest>) => Uint8Array;
} {
  const program = VICTIMS[name]();
  const inputs = victimInputs(program);
  const isHidden = program.constants.length > 0;
  const key = isHidden
    ? cheatingSetup(kernels, program, program.constants)
    : publicCheatingSetup(kernels, program);
  const honest = { program, tensors: tamperedRun(program, inputs, () => {}).tensors };
  const prove = (deviation: Partial<CheatRequest>): Uint8Array =>
    deviatingProof(key, isHidden ? "private" : "public", inputs, deviation);
  return { key: key.verificationKey, honest, prove };
}

function deviatingProof(
  key: CheatingKey,
  weights: Visibility,
  inputs: readonly Int32Array[],
  deviation: Partial<CheatRequest>,
): Uint8Array {
  const visibilities: Visibilities = { input: "private", weights, output: "public" };
  const mark = kernels.mark();
  const proof = cheatProof(kernels, key, { inputs, batch: 1, visibilities, ...deviation });
  kernels.release(mark);
  return proof;
}
