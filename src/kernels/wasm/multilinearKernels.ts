import type { KernelSet } from "../kernelSet.ts";
import type { HalfAligner } from "./halves.ts";
import type { JobRunner, RangeCall } from "./jobRunner.ts";

type MultilinearKernels = Pick<KernelSet, "eqExpand" | "extFold" | "productRound">;

export function multilinearKernels(halves: HalfAligner, jobs: JobRunner): MultilinearKernels {
  return {
    eqExpand(dst, src, length, r) {
      halves.write(dst, length, ({ low, high }) => {
        jobs.run({
          name: "eqExpand",
          args: [low, high, src, r],
          steps: [64, 64, 64, 0],
          total: length,
          granule: 4,
          nanoseconds: 5,
        });
      });
    },

    extFold(dst, src, half, r) {
      halves.read([src], half, ([{ low, high }]) => {
        jobs.run({
          name: "extFold",
          args: [dst, low, high, r],
          steps: [64, 64, 64, 0],
          total: half,
          granule: 4,
          nanoseconds: 5,
        });
      });
    },

    productRound(out, f, g, half) {
      halves.read([f, g], half, ([fHalves, gHalves]) => {
        const call: RangeCall = {
          name: "productRound",
          args: [out, fHalves.low, fHalves.high, gHalves.low, gHalves.high],
          steps: [0, 64, 64, 64, 64],
          total: half,
          granule: 4,
          nanoseconds: 8,
        };
        jobs.sum(call, 8);
      });
    },
  };
}
