import type { KernelSet } from "../kernelSet.ts";
import type { HalfAligner } from "./halves.ts";
import type { JobRunner } from "./jobRunner.ts";

type LookupKernels = Pick<KernelSet, "lookupDenominators" | "fractionSum" | "gkrRound">;

export function lookupKernels(halves: HalfAligner, jobs: JobRunner): LookupKernels {
  return {
    lookupDenominators(
      dst,
      constant,
      column0,
      factor0,
      column1,
      factor1,
      column2,
      factor2,
      column3,
      factor3,
      length,
    ) {
      // The sum does not care about the order; absent columns go last.
      const columns = [
        { column: column0, factor: factor0 },
        { column: column1, factor: factor1 },
        { column: column2, factor: factor2 },
        { column: column3, factor: factor3 },
      ].sort((a, b) => Number(a.column === 0) - Number(b.column === 0));
      jobs.run({
        name: "lookupDenominators",
        args: [dst, constant, ...columns.flatMap(({ column, factor }) => [column, factor])],
        steps: [64, 0, ...columns.flatMap(({ column }) => [column === 0 ? 0 : 16, 0])],
        total: length,
        granule: 4,
        nanoseconds: 4,
      });
    },

    fractionSum(dstP, dstQ, p, q, half) {
      halves.read([p, q], half, ([pHalves, qHalves]) => {
        jobs.run({
          name: "fractionSum",
          args: [dstP, dstQ, pHalves.low, pHalves.high, qHalves.low, qHalves.high],
          steps: [64, 64, 64, 64, 64, 64],
          total: half,
          granule: 4,
          nanoseconds: 13,
        });
      });
    },

    gkrRound(out, eq, a, b, c, d, half) {
      halves.read([a, b, c, d], half, (tables) => {
        const pointers = tables.flatMap(({ low, high }) => [low, high]);
        jobs.sum(
          {
            name: "gkrRound",
            args: [out, eq, ...pointers],
            steps: [0, 64, 64, 64, 64, 64, 64, 64, 64, 64],
            total: half,
            granule: 4,
            nanoseconds: 28,
          },
          8,
        );
      });
    },
  };
}
