import type { KernelSet } from "../kernelSet.ts";
import type { JobRunner } from "./jobRunner.ts";

type HashKernels = Pick<KernelSet, "merkleLeaves" | "merkleNodes" | "grind" | "xofWords" | "maskToField">;

/** One BLAKE3 block, a lane of four. */
const BLOCK_NANOSECONDS = 32;

export function hashKernels(jobs: JobRunner): HashKernels {
  return {
    merkleLeaves(dst, matrix, stride, rows, n, salts, label, key) {
      if (n % 4 !== 0) throw new RangeError(`merkleLeaves: expected a multiple of 4 leaves, got ${n}`);
      jobs.run({
        name: "merkleLeaves",
        args: [dst, matrix, stride, rows, salts, label, key, 0],
        steps: [512, 64, 0, 0, 512, 0, 0, 16],
        total: n,
        granule: 16,
        nanoseconds: BLOCK_NANOSECONDS * (1 + rows / 16),
      });
    },

    merkleNodes(dst, src, count, key) {
      jobs.run({
        name: "merkleNodes",
        args: [dst, src, key],
        steps: [128, 256, 0],
        total: count,
        granule: 4,
        nanoseconds: BLOCK_NANOSECONDS,
      });
    },

    grind(state, bits, start, count, key) {
      const found = jobs.first({
        name: "grind",
        args: [state, start, key, 2 ** bits - 1],
        steps: [0, 4, 0, 0],
        total: count,
        granule: 4,
        nanoseconds: BLOCK_NANOSECONDS,
      });
      return found < 0 ? -1 : start + found;
    },

    xofWords(dst, numWords, key, firstBlock) {
      if (firstBlock + numWords / 16 > 2 ** 32) {
        throw new RangeError(
          `xofWords: expected blocks below 2^32, got ${numWords} words from ${firstBlock}`,
        );
      }
      jobs.run({
        name: "xofWords",
        args: [dst, key, firstBlock],
        steps: [256, 0, 4],
        total: numWords,
        granule: 64,
        nanoseconds: BLOCK_NANOSECONDS / 16,
      });
    },

    maskToField(ptr, numWords) {
      return jobs.lowest({
        name: "maskToField",
        args: [ptr],
        steps: [16],
        total: numWords,
        granule: 4,
        nanoseconds: 0.3,
      });
    },
  };
}
