import type { KernelSet } from "../kernelSet.ts";
import type { HalfAligner } from "./halves.ts";
import type { JobRunner } from "./jobRunner.ts";

type LookupKernels = Pick<KernelSet, "lookupLeaves" | "fractionSum" | "gkrRound">;

export function lookupKernels(halves: HalfAligner, jobs: JobRunner): LookupKernels {
  return {
    lookupLeaves(p, q, start, count, table) {
      if (start % 4 !== 0) throw new RangeError(`lookupLeaves: expected a multiple of 4, got ${start}`);
      jobs.run({
        name: "lookupLeaves",
        args: [p, q, table, start],
        steps: [16, 64, 0, 4],
        total: count,
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
