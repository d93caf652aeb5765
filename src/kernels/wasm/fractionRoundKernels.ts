import { mul } from "../../field/ext.ts";
import { readScalar, writeScalar } from "../extLayout.ts";
import type { KernelSet } from "../kernelSet.ts";
import type { HalfAligner } from "./halves.ts";
import type { JobRunner, RangeCall } from "./jobRunner.ts";
import { lookupKernels } from "./lookupKernels.ts";
import { multilinearKernels } from "./multilinearKernels.ts";

type FractionRoundKernels = Pick<
  KernelSet,
  "leafFractionSum" | "extFromBase" | "fractionRound" | "fractionFoldRound"
>;

/** How a range over x moves through eq[x] = high[x div lowLength]·low[x mod lowLength]: in whole blocks, or in the only one. */
function eqSteps(lowLength: number, half: number): { granule: number; high: number; low: number } {
  if (half <= lowLength) return { granule: 4, high: 0, low: 64 };
  if (lowLength % 4 !== 0 || half % lowLength !== 0) {
    throw new RangeError(`eq in blocks of ${lowLength}: expected a multiple of 4 that divides ${half}`);
  }
  return { granule: lowLength, high: 16, low: 0 };
}

export function fractionRoundKernels(halves: HalfAligner, jobs: JobRunner): FractionRoundKernels {
  const { extFold } = multilinearKernels(halves, jobs);
  const { gkrRound } = lookupKernels(halves, jobs);

  /** One of the two rounds below; `scalars` follow the tables and the distance of their halves. */
  function round(
    name: "fractionRound" | "fractionFoldRound",
    nanoseconds: number,
    [out, high, low, lowLength, ...tables]: readonly number[],
    half: number,
    scalars: readonly number[],
  ): void {
    const steps = eqSteps(lowLength, half);
    const call: RangeCall = {
      name,
      args: [out, high, low, lowLength, ...tables, 16 * half, ...scalars],
      steps: [
        0,
        steps.high,
        steps.low,
        0,
        ...tables.map(() => 16 * steps.granule),
        0,
        ...scalars.map(() => 0),
      ],
      total: half,
      granule: steps.granule,
      nanoseconds,
    };
    jobs.sum(call, 8);
  }

  /** Halves that do not end with a line: one block, so that `high` is a single factor of all. */
  function shortRound([out, high, low, , a, b, c, d]: readonly number[], half: number): void {
    gkrRound(out, low, a, b, c, d, half);
    const words = jobs.words;
    const weight = readScalar(words, high);
    for (const at of [out, out + 16]) writeScalar(words, at, mul(weight, readScalar(words, at)));
  }

  return {
    leafFractionSum(dstP, dstQ, p, q, half) {
      halves.read([q], half, ([{ low, high }]) => {
        jobs.run({
          name: "leafFractionSum",
          args: [dstP, dstQ, p, p + 4 * half, low, high],
          steps: [64, 64, 16, 16, 64, 64],
          total: half,
          granule: 4,
          nanoseconds: 7,
        });
      });
    },

    extFromBase(dst, src, length) {
      jobs.run({
        name: "extFromBase",
        args: [dst, src],
        steps: [64, 16],
        total: length,
        granule: 4,
        nanoseconds: 1,
      });
    },

    fractionRound(out, high, low, lowLength, a, b, c, d, half) {
      const args = [out, high, low, lowLength, a, b, c, d];
      if (half % 4 === 0) round("fractionRound", 22, args, half, []);
      else shortRound(args, half);
    },

    fractionFoldRound(out, high, low, lowLength, a, b, c, d, half, r) {
      const args = [out, high, low, lowLength, a, b, c, d];
      if (half % 4 === 0) {
        round("fractionFoldRound", 54, args, half, [r]);
        return;
      }
      for (const table of [a, b, c, d]) extFold(table, table, 2 * half, r);
      shortRound(args, half);
    },
  };
}
