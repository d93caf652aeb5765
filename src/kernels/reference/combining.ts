import * as k from "../../field/ext.ts";
import { readExt4, readScalar, writeExt4, writeScalar } from "../extLayout.ts";
import type { KernelSet } from "../kernelSet.ts";
import type { WordMemory } from "./wordMemory.ts";

type CombiningKernels = Pick<
  KernelSet,
  "combineRows" | "combineExtRows" | "rowDots" | "dotBaseExt" | "dotExt" | "extMulAdd"
>;

export function combiningKernels(memory: WordMemory): CombiningKernels {
  /** dst[x] = Σ_r coefficient_r · entry(r, x). */
  function combine(
    dstPtr: number,
    entry: (r: number, x: number) => number,
    rows: number,
    coefficientsPtr: number,
    length: number,
  ): void {
    for (let x = 0; x < length; x++) {
      let sum = k.ZERO;
      for (let r = 0; r < rows; r++) {
        sum = k.add(sum, k.scale(readScalar(memory.words, coefficientsPtr + 16 * r), entry(r, x)));
      }
      writeExt4(memory.words, dstPtr, x, sum);
    }
  }

  /** Σ_x words[at + x] · ext[x]. */
  function dotBase(at: number, extPtr: number, length: number): k.Ext {
    let sum = k.ZERO;
    for (let x = 0; x < length; x++) {
      sum = k.add(sum, k.scale(readExt4(memory.words, extPtr, x), memory.words[at + x]));
    }
    return sum;
  }

  return {
    combineRows(dstPtr, matrixPtr, stride, rows, coefficientsPtr, length) {
      const words = memory.words;
      combine(dstPtr, (r, x) => words[matrixPtr / 4 + r * stride + x], rows, coefficientsPtr, length);
    },

    combineExtRows(dstPtr, matrixPtr, stride, rows, coefficientsPtr, length) {
      const { words } = memory;
      for (let x = 0; x < length; x++) {
        let sum = k.ZERO;
        for (let r = 0; r < rows; r++) {
          const coefficient = readScalar(words, coefficientsPtr + 16 * r);
          sum = k.add(sum, k.mul(coefficient, readExt4(words, matrixPtr, r * stride + x)));
        }
        writeExt4(words, dstPtr, x, sum);
      }
    },

    rowDots(dstPtr, matrixPtr, stride, rows, extPtr, length) {
      for (let r = 0; r < rows; r++) {
        writeExt4(memory.words, dstPtr, r, dotBase(matrixPtr / 4 + r * stride, extPtr, length));
      }
    },

    dotBaseExt(outPtr, basePtr, extPtr, length) {
      writeScalar(memory.words, outPtr, dotBase(basePtr / 4, extPtr, length));
    },

    dotExt(outPtr, fPtr, gPtr, length) {
      let sum = k.ZERO;
      for (let x = 0; x < length; x++) {
        sum = k.add(sum, k.mul(readExt4(memory.words, fPtr, x), readExt4(memory.words, gPtr, x)));
      }
      writeScalar(memory.words, outPtr, sum);
    },

    extMulAdd(dstPtr, fPtr, gPtr, scalarPtr, length) {
      const scalar = readScalar(memory.words, scalarPtr);
      for (let x = 0; x < length; x++) {
        const product = k.mul(scalar, readExt4(memory.words, gPtr, x));
        writeExt4(memory.words, dstPtr, x, k.add(readExt4(memory.words, fPtr, x), product));
      }
    },
  };
}
