/**
 * Proofs that are kept for every version of the format: keys, programs, proofs and certificates as files, and what the
 * verifier absorbed and drew. Together they hold every operator family and every kind of file.
 */
import { renewWeights } from "../../src/engine/epoch/prover/renewWeights.ts";
import { NativeProver } from "../../src/engine/prover/nativeProver.ts";
import { setup } from "../../src/engine/prover/setup.ts";
import { VICTIMS, type VictimName, victimInputs } from "../../src/engine/testing/cheatVictims.ts";
import { MemorySlotCounter } from "../../src/engine/testing/memorySlotCounter.ts";
import { createKernels } from "../../src/kernels/createKernels.ts";
import type { Program } from "../../src/program/program.ts";
import { serialiseProgram } from "../../src/program/programFile.ts";
import type { Visibilities } from "../../src/relations/visibility.ts";

export interface GoldenRun {
  readonly name: string;
  readonly victim: VictimName;
  readonly visibilities: Visibilities;
  /** Whether the proof is made in an epoch of its own. */
  readonly isRenewed: boolean;
}

export const GOLDEN_RUNS: readonly GoldenRun[] = [
  {
    name: "dense",
    victim: "argmax",
    visibilities: { input: "private", weights: "private", output: "public" },
    isRenewed: true,
  },
  {
    name: "convolutional",
    victim: "convolutional",
    visibilities: { input: "committed", weights: "private", output: "committed" },
    isRenewed: false,
  },
  {
    name: "elementwise",
    victim: "elementwise",
    visibilities: { input: "public", weights: "public", output: "private" },
    isRenewed: false,
  },
];

export interface GoldenFiles {
  readonly program: Uint8Array;
  readonly key: Uint8Array;
  readonly proof: Uint8Array;
  /** Null where the proof belongs to the key's own commitment. */
  readonly certificate: Uint8Array | null;
}

export function goldenProgram({ victim }: GoldenRun): Program {
  return VICTIMS[victim]();
}

/** New bytes every time, but for the program's: keys and proofs are randomised. */
export function makeGolden(run: GoldenRun): GoldenFiles {
  const kernels = createKernels();
  const program = goldenProgram(run);
  const hidden = run.visibilities.weights !== "public";
  const weights = hidden ? "hidden" : "public";
  const { provingKey, verificationKey } = setup(kernels, program, { weights, proofs: 2, batch: 1 });
  const renewal = run.isRenewed ? renewWeights(kernels, provingKey, new MemorySlotCounter()) : null;
  const prover = new NativeProver(
    kernels,
    renewal?.provingKey ?? provingKey,
    hidden ? new MemorySlotCounter() : null,
  );
  const { proof } = prover.prove({
    inputs: victimInputs(program),
    batch: 1,
    visibilities: run.visibilities,
    context: new TextEncoder().encode(`golden ${run.name}`),
  });
  return {
    program: serialiseProgram(program),
    key: verificationKey,
    proof,
    certificate: renewal?.certificate ?? null,
  };
}
