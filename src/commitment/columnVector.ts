/**
 * Public vectors over the D columns, the column parts of claims. Tensor claims weight real cells only: padding cells
 * inside a stored row are chosen by the prover and must never count.
 */
import { add, EXT_WORDS, type Ext, mul, ONE, sub, ZERO } from "../field/ext.ts";
import { type ExtVector, getExt, makeExtVector, setExt } from "../field/extVector.ts";
import { eqPairPrefixSum, eqTable, type Point } from "../poly/eq.ts";

export interface ColumnVector {
  /** All D entries. */
  dense(): ExtVector;
  /** Its multilinear extension at rho, logColumns coordinates. */
  evaluate(rho: Point): Ext;
}

/** eq of consecutive coordinates restricted to the indices below `limit`. */
export interface EqFactor {
  readonly point: Point;
  readonly limit: number;
}

/** Tensor product of restricted eq vectors, in the low columns; zero wherever a leading column bit is 1. */
export class TensorColumns implements ColumnVector {
  private readonly factors: readonly EqFactor[];
  private readonly logColumns: number;

  constructor(factors: readonly EqFactor[], logColumns: number) {
    this.factors = factors;
    this.logColumns = logColumns;
  }

  dense(): ExtVector {
    let table = makeExtVector(1);
    setExt(table, 0, ONE);
    for (const { point, limit } of this.factors) {
      const right = eqTable(point, limit);
      const size = 2 ** point.length;
      const length = table.length / EXT_WORDS;
      const next = makeExtVector(length * size);
      for (let i = 0; i < length; i++) {
        const left = getExt(table, i);
        for (let j = 0; j < limit; j++) setExt(next, i * size + j, mul(left, getExt(right, j)));
      }
      table = next;
    }
    const full = makeExtVector(2 ** this.logColumns);
    full.set(table);
    return full;
  }

  evaluate(rho: Point): Ext {
    const used = this.factors.reduce((sum, { point }) => sum + point.length, 0);
    let at = this.logColumns - used;
    let product = rho.slice(0, at).reduce((value, r) => mul(value, sub(ONE, r)), ONE);
    for (const { point, limit } of this.factors) {
      const part = rho.slice(at, at + point.length);
      at += point.length;
      product = mul(product, eqPairPrefixSum(point, part, limit));
    }
    return product;
  }
}

/** Sparse public vector: the coefficients of pads. */
export class SparseColumns implements ColumnVector {
  private readonly entries: ReadonlyMap<number, Ext>;
  private readonly logColumns: number;

  constructor(entries: ReadonlyMap<number, Ext>, logColumns: number) {
    this.entries = entries;
    this.logColumns = logColumns;
  }

  dense(): ExtVector {
    const full = makeExtVector(2 ** this.logColumns);
    for (const [column, value] of this.entries) setExt(full, column, value);
    return full;
  }

  evaluate(rho: Point): Ext {
    // The table of all columns as the product of two short ones.
    const numHighBits = rho.length >> 1;
    const high = eqTable(rho.slice(0, numHighBits));
    const low = eqTable(rho.slice(numHighBits));
    const size = 2 ** (rho.length - numHighBits);
    let sum = ZERO;
    for (const [column, value] of this.entries) {
      const weight = mul(getExt(high, Math.floor(column / size)), getExt(low, column % size));
      sum = add(sum, mul(value, weight));
    }
    return sum;
  }
}
