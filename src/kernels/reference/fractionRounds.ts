import * as k from "../../field/ext.ts";
import { extWords, readExt4, readScalar, writeExt4 } from "../extLayout.ts";
import type { KernelSet } from "../kernelSet.ts";
import { lookupKernels } from "./lookup.ts";
import { multilinearKernels } from "./multilinear.ts";
import type { WordMemory } from "./wordMemory.ts";

type FractionRoundKernels = Pick<
  KernelSet,
  "leafFractionSum" | "extFromBase" | "fractionRound" | "fractionFoldRound"
>;

export function fractionRoundKernels(
  memory: WordMemory & Pick<KernelSet, "alloc" | "mark" | "release">,
): FractionRoundKernels {
  const { fractionSum, gkrRound } = lookupKernels(memory);
  const { extFold } = multilinearKernels(memory);
  const extFromBase: KernelSet["extFromBase"] = (dstPtr, srcPtr, length) => {
    for (let x = 0; x < length; x++) {
      writeExt4(memory.words, dstPtr, x, k.fromBase(memory.words[srcPtr / 4 + x]));
    }
  };
  const fractionRound: KernelSet["fractionRound"] = (out, high, low, lowLength, a, b, c, d, half) => {
    const mark = memory.mark();
    const eq = memory.alloc(extWords(half));
    for (let x = 0; x < half; x++) {
      const weight = readScalar(memory.words, high + 16 * Math.floor(x / lowLength));
      writeExt4(memory.words, eq, x, k.mul(weight, readExt4(memory.words, low, x % lowLength)));
    }
    gkrRound(out, eq, a, b, c, d, half);
    memory.release(mark);
  };
  return {
    extFromBase,
    fractionRound,
    leafFractionSum(dstPPtr, dstQPtr, pPtr, qPtr, half) {
      const mark = memory.mark();
      const p = memory.alloc(extWords(2 * half));
      extFromBase(p, pPtr, 2 * half);
      fractionSum(dstPPtr, dstQPtr, p, qPtr, half);
      memory.release(mark);
    },
    fractionFoldRound(out, high, low, lowLength, a, b, c, d, half, r) {
      for (const table of [a, b, c, d]) extFold(table, table, 2 * half, r);
      fractionRound(out, high, low, lowLength, a, b, c, d, half);
    },
  };
}
