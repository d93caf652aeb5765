/**
 * The tables of eq(point, x) that the rounds of a layer need, as products of two short tables (Dao–Thaler, eprint
 * 2024/1210): the last coordinates in one that stays in the first-level cache, the others in one entry per block.
 */
import { EXT_WORDS, type Ext, ONE } from "../field/ext.ts";
import { extWords, writeExt4, writeScalar } from "../kernels/extLayout.ts";
import type { KernelSet } from "../kernels/kernelSet.ts";
import { eqTable } from "../poly/eq.ts";

const LOW_VARIABLES = 9;

export interface LayerEq {
  readonly high: number;
  readonly low: number;
  readonly lowLength: number;
}

/** Calls to the result, once for each round and in their order, give the tables of the coordinates after the round's. */
export function layerEq(kernels: KernelSet, point: readonly Ext[]): (round: number) => LayerEq {
  const numHigh = Math.max(0, point.length - 1 - LOW_VARIABLES);
  const lows = suffixTables(kernels, point.slice(1 + numHigh));
  const high = kernels.alloc(EXT_WORDS * 2 ** numHigh);
  return (round) => {
    const left = point.length - 1 - round;
    const numLow = Math.min(left, LOW_VARIABLES);
    kernels.words.set(eqTable(point.slice(1 + round, 1 + round + left - numLow)), high / 4);
    return { high, low: lows[numLow], lowLength: 2 ** numLow };
  };
}

/** Entry k: the eq table of the last k coordinates. */
function suffixTables(kernels: KernelSet, point: readonly Ext[]): number[] {
  const first = kernels.alloc(extWords(1));
  writeExt4(kernels.words, first, 0, ONE);
  const tables = [first];
  const scalar = kernels.alloc(EXT_WORDS);
  for (let k = 1; k <= point.length; k++) {
    const table = kernels.alloc(extWords(2 ** k));
    writeScalar(kernels.words, scalar, point[point.length - k]);
    kernels.eqExpand(table, tables[k - 1], 2 ** (k - 1), scalar);
    tables[k] = table;
  }
  return tables;
}
