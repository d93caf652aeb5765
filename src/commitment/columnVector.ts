/**
 * Public vectors over the D columns, the column parts of claims. Tensor claims weight real cells only: padding cells
 * inside a stored row are chosen by the prover and must never count.
 */
import { add, type Ext, mul, ZERO } from "../field/ext.ts";
import { getExt } from "../field/extVector.ts";
import { eqAtIndex, eqPairPrefixSum, eqTable, type Point } from "../poly/eq.ts";

/** Data for the prover, which needs all D entries (prover/columnTable.ts), and an evaluation for both. */
export type ColumnVector = TensorColumns | SparseColumns;

/** eq of consecutive coordinates restricted to the indices below `limit`. */
export interface EqFactor {
  readonly point: Point;
  readonly limit: number;
}

/** Tensor product of restricted eq vectors, in one block of as many columns as it has entries; zero everywhere else. */
export class TensorColumns {
  readonly kind = "tensor";
  /** Most significant first. */
  readonly factors: readonly EqFactor[];
  /** Number of the block, the value of the leading column bits. */
  readonly block: number;
  readonly logColumns: number;

  constructor(factors: readonly EqFactor[], logColumns: number, block: number) {
    this.factors = factors;
    this.logColumns = logColumns;
    this.block = block;
  }

  /** Its multilinear extension at rho, logColumns coordinates. */
  evaluate(rho: Point): Ext {
    const used = this.factors.reduce((sum, { point }) => sum + point.length, 0);
    let at = this.logColumns - used;
    let product = eqAtIndex(rho.slice(0, at), this.block);
    for (const { point, limit } of this.factors) {
      const part = rho.slice(at, at + point.length);
      at += point.length;
      product = mul(product, eqPairPrefixSum(point, part, limit));
    }
    return product;
  }
}

/** Sparse public vector: the coefficients of pads. */
export class SparseColumns {
  readonly kind = "sparse";
  readonly entries: ReadonlyMap<number, Ext>;

  constructor(entries: ReadonlyMap<number, Ext>) {
    this.entries = entries;
  }

  /** Its multilinear extension at rho, logColumns coordinates. */
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
