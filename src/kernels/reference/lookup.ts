import * as k from "../../field/ext.ts";
import * as f from "../../field/m31.ts";
import { readExt4, writeExt4, writeScalar } from "../extLayout.ts";
import type { KernelSet } from "../kernelSet.ts";
import { type LeafTable, readLeafTable } from "../leafTable.ts";
import type { WordMemory } from "./wordMemory.ts";

type LookupKernels = Pick<KernelSet, "lookupLeaves" | "fractionSum" | "gkrRound">;

export function lookupKernels(memory: WordMemory): LookupKernels {
  return {
    lookupLeaves(pPtr, qPtr, start, count, tablePtr) {
      const { words } = memory;
      const table = readLeafTable(words, tablePtr);
      for (let x = 0; x < count; x++) {
        const { numerator, denominator } = leafAt(words, table, start + x);
        words[pPtr / 4 + x] = numerator;
        writeExt4(words, qPtr, x, denominator);
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

interface Leaf {
  readonly numerator: number;
  readonly denominator: k.Ext;
}

function leafAt(words: Uint32Array, { sections, dummy, delta, factors }: LeafTable, leaf: number): Leaf {
  const padding: Leaf = { numerator: 0, denominator: k.ONE };
  if (leaf === dummy) return { numerator: 0, denominator: delta };
  const section = sections.find(({ offset, size }) => leaf >= offset && leaf < offset + size);
  if (section === undefined) return padding;
  const { offset, size, constant, columns, multiplicities, levels } = section;
  const cell = leaf - offset;
  let whole = size;
  for (const { stride, length } of levels) {
    if (cell % whole >= stride * length) return padding;
    whole = stride;
  }
  return {
    numerator: multiplicities === 0 ? 1 : f.neg(words[multiplicities / 4 + cell]),
    denominator: columns.reduce(
      (value, column, c) => k.sub(value, k.scale(factors[c], words[column / 4 + cell])),
      constant,
    ),
  };
}
