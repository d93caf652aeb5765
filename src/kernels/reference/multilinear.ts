import * as k from "../../field/ext.ts";
import { readExt4, readScalar, writeExt4, writeScalar } from "../extLayout.ts";
import type { KernelSet } from "../kernelSet.ts";
import type { WordMemory } from "./wordMemory.ts";

type MultilinearKernels = Pick<KernelSet, "eqExpand" | "extFold" | "productRound">;

export function multilinearKernels(memory: WordMemory): MultilinearKernels {
  return {
    eqExpand(dstPtr, srcPtr, length, rPtr) {
      const r = readScalar(memory.words, rPtr);
      const source = Array.from({ length }, (_, x) => readExt4(memory.words, srcPtr, x));
      source.forEach((value, x) => {
        const high = k.mul(r, value);
        writeExt4(memory.words, dstPtr, x, k.sub(value, high));
        writeExt4(memory.words, dstPtr, length + x, high);
      });
    },

    extFold(dstPtr, srcPtr, half, rPtr) {
      const r = readScalar(memory.words, rPtr);
      for (let x = 0; x < half; x++) {
        const low = readExt4(memory.words, srcPtr, x);
        const slope = k.sub(readExt4(memory.words, srcPtr, half + x), low);
        writeExt4(memory.words, dstPtr, x, k.add(low, k.mul(r, slope)));
      }
    },

    productRound(outPtr, fPtr, gPtr, half) {
      let atZero = k.ZERO;
      let atInfinity = k.ZERO;
      for (let x = 0; x < half; x++) {
        const f0 = readExt4(memory.words, fPtr, x);
        const g0 = readExt4(memory.words, gPtr, x);
        const fSlope = k.sub(readExt4(memory.words, fPtr, half + x), f0);
        const gSlope = k.sub(readExt4(memory.words, gPtr, half + x), g0);
        atZero = k.add(atZero, k.mul(f0, g0));
        atInfinity = k.add(atInfinity, k.mul(fSlope, gSlope));
      }
      writeScalar(memory.words, outPtr, atZero);
      writeScalar(memory.words, outPtr + 16, atInfinity);
    },
  };
}
