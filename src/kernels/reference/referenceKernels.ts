/** The kernels in plain TypeScript: slow, short, and what the fast ones are tested against. */
import { circleEncode } from "../../code/circle.ts";
import { Arena, PAGE_BYTES } from "../arena.ts";
import type { KernelSet } from "../kernelSet.ts";
import { combiningKernels } from "./combining.ts";
import { fractionRoundKernels } from "./fractionRounds.ts";
import { hashKernels } from "./hashing.ts";
import { lookupKernels } from "./lookup.ts";
import { multilinearKernels } from "./multilinear.ts";

export function createReferenceKernels(maxMemoryBytes: number = 2 ** 32): KernelSet {
  // Offset 0 means "absent", so the first page stays unused.
  const arena = new Arena(new WebAssembly.Memory({ initial: 1, maximum: 65536 }), PAGE_BYTES, maxMemoryBytes);
  return {
    get words() {
      return arena.words;
    },
    alloc: (numWords) => arena.alloc(numWords),
    allocUnset: (numWords) => arena.allocUnset(numWords),
    mark: () => arena.mark(),
    release: (mark) => arena.release(mark),
    circleEncodeRows(dstPtr, dstStride, srcPtr, srcStride, rows, numCoefficients, logN, twiddlesPtr) {
      const words = arena.words;
      const twiddles = words.slice(twiddlesPtr / 4, twiddlesPtr / 4 + 2 ** logN);
      for (let r = 0; r < rows; r++) {
        const source = srcPtr / 4 + r * srcStride;
        const coefficients = words.slice(source, source + numCoefficients);
        words.set(circleEncode(coefficients, logN, twiddles), dstPtr / 4 + r * dstStride);
      }
    },
    ...hashKernels(arena),
    ...combiningKernels(arena),
    ...multilinearKernels(arena),
    ...lookupKernels(arena),
    ...fractionRoundKernels(arena),
  };
}
