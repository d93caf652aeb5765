import type { KernelSet } from "../kernelSet.ts";
import type { JobRunner } from "./jobRunner.ts";

type CodeKernels = Pick<KernelSet, "circleEncodeRows">;

export function codeKernels(jobs: JobRunner): CodeKernels {
  return {
    circleEncodeRows(dst, dstStride, src, srcStride, rows, numCoefficients, logN, twiddles) {
      jobs.run({
        name: "circleEncodeRows",
        args: [dst, dstStride, src, srcStride, numCoefficients, logN, twiddles],
        steps: [4 * dstStride, 0, 4 * srcStride, 0, 0, 0, 0],
        total: rows,
        granule: 1,
        nanoseconds: 10 + 0.25 * logN * 2 ** logN,
      });
    },
  };
}
