import * as k from "../../field/ext.ts";
import { readExt4, readScalar, writeExt4, writeScalar } from "../extLayout.ts";
import type { KernelSet } from "../kernelSet.ts";
import type { WordMemory } from "./wordMemory.ts";

type LookupKernels = Pick<KernelSet, "lookupDenominators" | "fractionSum" | "gkrRound">;

export function lookupKernels(memory: WordMemory): LookupKernels {
  return {
    lookupDenominators(
      dstPtr,
      constantPtr,
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
      const words = memory.words;
      const constant = readScalar(words, constantPtr);
      const columns = [
        { ptr: column0, factorPtr: factor0 },
        { ptr: column1, factorPtr: factor1 },
        { ptr: column2, factorPtr: factor2 },
        { ptr: column3, factorPtr: factor3 },
      ].filter((column) => column.ptr !== 0);
      for (let x = 0; x < length; x++) {
        let value = constant;
        for (const { ptr, factorPtr } of columns) {
          value = k.sub(value, k.scale(readScalar(words, factorPtr), words[ptr / 4 + x]));
        }
        writeExt4(words, dstPtr, x, value);
      }
    },

    fractionSum(dstPPtr, dstQPtr, pPtr, qPtr, half) {
      const words = memory.words;
      for (let x = 0; x < half; x++) {
        const p0 = readExt4(words, pPtr, x);
        const p1 = readExt4(words, pPtr, half + x);
        const q0 = readExt4(words, qPtr, x);
        const q1 = readExt4(words, qPtr, half + x);
        writeExt4(words, dstPPtr, x, k.add(k.mul(p0, q1), k.mul(p1, q0)));
        writeExt4(words, dstQPtr, x, k.mul(q0, q1));
      }
    },

    gkrRound(outPtr, eqPtr, aPtr, bPtr, cPtr, dPtr, half) {
      const words = memory.words;
      let atZero = k.ZERO;
      let atInfinity = k.ZERO;
      for (let x = 0; x < half; x++) {
        const low = (ptr: number): k.Ext => readExt4(words, ptr, x);
        const slope = (ptr: number): k.Ext => k.sub(readExt4(words, ptr, half + x), low(ptr));
        const value = (at: (ptr: number) => k.Ext): k.Ext =>
          k.mul(low(eqPtr), k.add(k.mul(at(aPtr), at(bPtr)), k.mul(at(cPtr), at(dPtr))));
        atZero = k.add(atZero, value(low));
        atInfinity = k.add(atInfinity, value(slope));
      }
      writeScalar(words, outPtr, atZero);
      writeScalar(words, outPtr + 16, atInfinity);
    },
  };
}
