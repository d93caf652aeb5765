/** The prover's side of commitment/proofOfWork.ts. */
import { bytesToWords } from "../../hash/blake3.ts";
import type { KernelSet } from "../../kernels/kernelSet.ts";
import { GRIND_KEY } from "../proofOfWork.ts";

/** Nonces tried per kernel call. */
const GRIND_BATCH = 1 << 14;

export function grind(kernels: KernelSet, state: Uint8Array, bits: number): number {
  const statePtr = kernels.alloc(8);
  const keyPtr = kernels.alloc(8);
  kernels.words.set(bytesToWords(state), statePtr / 4);
  kernels.words.set(bytesToWords(GRIND_KEY), keyPtr / 4);
  for (let start = 0; ; start += GRIND_BATCH) {
    const nonce = kernels.grind(statePtr, bits, start, GRIND_BATCH, keyPtr);
    if (nonce >= 0) return nonce;
  }
}
