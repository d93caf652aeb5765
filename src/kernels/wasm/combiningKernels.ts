import type { KernelSet } from "../kernelSet.ts";
import type { JobRunner } from "./jobRunner.ts";

type CombiningKernels = Pick<
  KernelSet,
  "combineRows" | "combineExtRows" | "rowDots" | "dotBaseExt" | "dotExt" | "extMulAdd"
>;

/** Elements of F from which rows are cut into pages. */
const LONG_ROW = 8192;

export function combiningKernels(jobs: JobRunner): CombiningKernels {
  return {
    combineRows(dst, matrix, stride, rows, coefficients, length) {
      // Whole pages of long rows: a short piece of each row would cost a miss of the address cache for each.
      const lines = length < LONG_ROW ? 32 : 256;
      jobs.run({
        name: "combineRows",
        args: [dst, matrix, stride, rows, coefficients],
        steps: [64 * lines, 16 * lines, 0, 0, 0],
        total: length,
        granule: 4 * lines,
        nanoseconds: 4 + 1.5 * rows,
      });
    },

    combineExtRows(dst, matrix, stride, rows, coefficients, length) {
      if (stride % 4 !== 0)
        throw new RangeError(`combineExtRows: expected rows of whole lines, got ${stride}`);
      jobs.run({
        name: "combineExtRows",
        args: [dst, matrix, stride, rows, coefficients],
        steps: [64, 64, 0, 0, 0],
        total: length,
        granule: 4,
        nanoseconds: 4 + 5 * rows,
      });
    },

    rowDots(dst, matrix, stride, rows, ext, length) {
      jobs.run({
        name: "rowDots",
        args: [dst, matrix, stride, ext, length],
        steps: [64, 16 * stride, 0, 0, 0],
        total: rows,
        granule: 4,
        nanoseconds: 10 + 0.7 * length,
      });
    },

    dotBaseExt(out, base, ext, length) {
      jobs.sum(
        {
          name: "dotBaseExt",
          args: [out, base, ext],
          steps: [0, 16, 64],
          total: length,
          granule: 4,
          nanoseconds: 2.5,
        },
        4,
      );
    },

    dotExt(out, f, g, length) {
      jobs.sum(
        { name: "dotExt", args: [out, f, g], steps: [0, 64, 64], total: length, granule: 4, nanoseconds: 4 },
        4,
      );
    },

    extMulAdd(dst, f, g, scalar, length) {
      jobs.run({
        name: "extMulAdd",
        args: [dst, f, g, scalar],
        steps: [64, 64, 64, 0],
        total: length,
        granule: 4,
        nanoseconds: 5,
      });
    },
  };
}
