/** A program under attack: its key, its honest run, and the verdict on a proof that deviates. */
import type { KernelSet } from "../../kernels/kernelSet.ts";
import { checkVerificationKey, type verify, verifyWithKey } from "../verifier/verify.ts";
import type { HonestRun } from "./cheat.ts";
import {
  type CheatRequest,
  cheatingSetup,
  cheatProof,
  publicCheatingSetup,
  tamperedRun,
} from "./cheatingProver.ts";
import { VICTIMS, type VictimName, victimInputs } from "./cheatVictims.ts";

export interface Victim {
  readonly honest: HonestRun;
  readonly verdict: (deviation: Partial<CheatRequest>) => ReturnType<typeof verify>;
}

/** `output`: public unless a cheat needs an equality between committed values. */
export function prepareVictim(
  kernels: KernelSet,
  name: VictimName,
  output: "public" | "committed" = "public",
): Victim {
  const program = VICTIMS[name]();
  const inputs = victimInputs(program);
  const isHidden = program.constants.length > 0;
  const key = isHidden
    ? cheatingSetup(kernels, program, program.constants)
    : publicCheatingSetup(kernels, program);
  const checked = checkVerificationKey(key.verificationKey);
  if (!checked.ok) throw new Error(checked.error.code);
  const visibilities = { input: "private", weights: isHidden ? "private" : "public", output } as const;
  const verdict: Victim["verdict"] = (deviation) => {
    const mark = kernels.mark();
    const proof = cheatProof(kernels, key, { inputs, batch: 1, visibilities, ...deviation });
    kernels.release(mark);
    return verifyWithKey(proof, checked.key);
  };
  return { honest: { program, tensors: tamperedRun(program, inputs, () => {}).tensors }, verdict };
}
