import type { KernelSet } from "../kernelSet.ts";
import type { HalfAligner } from "./halves.ts";
import type { JobRunner } from "./jobRunner.ts";

type LookupKernels = Pick<KernelSet, "lookupDenominators" | "fractionSum" | "gkrRound">;

export function lookupKernels(halves: HalfAligner, jobs: JobRunner): LookupKernels {
  return {
    lookupDenominators(dst, constant, column0, factor0, column1, factor1, column2, factor2, length) {
      const step = (column: number): number => (column === 0 ? 0 : 16);
      jobs.run({
        name: "lookupDenominators",
        args: [dst, constant, column0, factor0, column1, factor1, column2, factor2],
        steps: [64, 0, step(column0), 0, step(column1), 0, step(column2), 0],
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
