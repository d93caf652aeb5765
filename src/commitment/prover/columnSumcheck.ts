/**
 * The opening's sumcheck Σ_g ⟨a_g·M, b_g⟩ over the columns. Column vectors are (sums of) products of a short vector A over
 * the leading half of the column bits and another, B, over the rest. So the first half of the rounds needs of the matrix
 * only its products with every B, and the second half only its rows with the leading bits bound: two passes over entries
 * in F, and no vector of a claim is ever as long as a row.
 */

import { add, EXT_WORDS, type Ext, mul, neg, ONE, sub, ZERO } from "../../field/ext.ts";
import { extWords, readExt4, readScalar, writeScalar } from "../../kernels/extLayout.ts";
import type { KernelSet } from "../../kernels/kernelSet.ts";
import { eqTable } from "../../poly/eq.ts";
import type { Transcript } from "../../transcript/transcript.ts";
import type { ClaimGroup } from "../claims.ts";
import type { TensorColumns } from "../columnVector.ts";
import * as opening from "../opening.ts";
import type { StackLayout } from "../stackLayout.ts";
import { columnTable } from "./columnTable.ts";
import type { CommittedTree } from "./committedTree.ts";
import { type SplitTerm, splitColumns } from "./splitColumns.ts";

/** Two ext4 tables whose inner product is part of the claim. */
interface Pair {
  readonly u: number;
  readonly b: number;
}

/** Group with its column vector as one or two products; tables of `low` over the trailing bits. */
interface SplitGroup {
  readonly rows: ReadonlyMap<number, Ext>;
  readonly terms: readonly { readonly pair: Pair; readonly low: number }[];
}

export interface ColumnRounds {
  readonly rounds: { readonly c0: Ext; readonly c2: Ext }[];
  readonly rho: Ext[];
}

export function proveColumnSumcheck(
  kernels: KernelSet,
  transcript: Transcript,
  layout: StackLayout,
  trees: readonly CommittedTree[],
  groups: readonly ClaimGroup[],
  total: Ext,
): ColumnRounds {
  return new ColumnSumcheck(kernels, transcript, layout, trees, groups).prove(total);
}

class ColumnSumcheck {
  private readonly kernels: KernelSet;
  private readonly transcript: Transcript;
  private readonly trees: readonly CommittedTree[];
  private readonly logColumns: number;
  private readonly highBits: number;
  /** A few are not products: vectors as long as a row from the start. */
  private readonly dense: readonly Pair[];
  private readonly split: readonly SplitGroup[];
  private readonly out: number;
  private readonly scalar: number;

  constructor(
    kernels: KernelSet,
    transcript: Transcript,
    layout: StackLayout,
    trees: readonly CommittedTree[],
    groups: readonly ClaimGroup[],
  ) {
    this.kernels = kernels;
    this.transcript = transcript;
    this.trees = trees;
    this.logColumns = layout.parameters.logColumns;
    this.highBits = chooseHighBits(this.logColumns, groups);
    this.out = kernels.alloc(2 * EXT_WORDS);
    this.scalar = kernels.alloc(EXT_WORDS);
    this.dense = groups.flatMap((group) => (group.columns.kind === "tensor" ? [] : [this.densePair(group)]));
    this.split = groups.flatMap(({ columns, rows }) =>
      columns.kind === "tensor" ? [this.splitGroup(columns, rows)] : [],
    );
  }

  prove(total: Ext): ColumnRounds {
    const rounds: { c0: Ext; c2: Ext }[] = [];
    const rho: Ext[] = [];
    let claim = total;
    let short = this.split.flatMap(({ terms }) => terms.map(({ pair }) => pair));
    for (let round = 0; round < this.logColumns; round++) {
      if (round === this.highBits) short = this.trailingPairs(rho);
      const end = round < this.highBits ? this.highBits : this.logColumns;
      const parts = [
        { pairs: this.dense, half: 2 ** (this.logColumns - 1 - round) },
        { pairs: short, half: 2 ** (end - 1 - round) },
      ];
      let c0 = ZERO;
      let c2 = ZERO;
      for (const { pairs, half } of parts) {
        for (const { u, b } of pairs) {
          this.kernels.productRound(this.out, u, b, half);
          c0 = add(c0, readScalar(this.kernels.words, this.out));
          c2 = add(c2, readScalar(this.kernels.words, this.out + 4 * EXT_WORDS));
        }
      }
      this.transcript.absorbExts(opening.LABEL_ROUND, [c0, c2]);
      const r = this.transcript.challengeExt(opening.LABEL_RHO);
      const c1 = sub(sub(claim, add(c0, c0)), c2);
      claim = add(c0, mul(r, add(c1, mul(r, c2))));
      this.setScalar(r);
      for (const { pairs, half } of parts) {
        for (const { u, b } of pairs) {
          this.kernels.extFold(u, u, half, this.scalar);
          this.kernels.extFold(b, b, half, this.scalar);
        }
      }
      rounds.push({ c0, c2 });
      rho.push(r);
    }
    return { rounds, rho };
  }

  private densePair({ columns, rows }: ClaimGroup): Pair {
    const { kernels } = this;
    const length = 2 ** this.logColumns;
    const u = kernels.alloc(extWords(length));
    const mark = kernels.mark();
    const part = kernels.alloc(extWords(length));
    for (const [row, weight] of rows) {
      kernels.extFromBase(part, this.rowAt(row), length);
      this.addMultiple(u, part, weight, length);
    }
    kernels.release(mark);
    return { u, b: columnTable(kernels, columns, this.logColumns) };
  }

  private splitGroup(columns: TensorColumns, rows: ReadonlyMap<number, Ext>): SplitGroup {
    const terms = splitColumns(columns, this.highBits).map((term) => {
      const low = columnTable(this.kernels, term.low, this.logColumns - this.highBits);
      return { pair: { u: this.productsWith(low, rows), b: this.leadingTable(term) }, low };
    });
    return { rows, terms };
  }

  private leadingTable({ high, minus }: SplitTerm): number {
    const table = columnTable(this.kernels, high, this.highBits);
    if (minus !== null) {
      const mark = this.kernels.mark();
      const subtracted = columnTable(this.kernels, minus, this.highBits);
      this.addMultiple(table, subtracted, neg(ONE), 2 ** this.highBits);
      this.kernels.release(mark);
    }
    return table;
  }

  /** Σ weight · row, summed over the trailing bits with the weights `low`. */
  private productsWith(low: number, rows: ReadonlyMap<number, Ext>): number {
    const { kernels } = this;
    const count = 2 ** this.highBits;
    const length = 2 ** (this.logColumns - this.highBits);
    const sums = kernels.alloc(extWords(count));
    const mark = kernels.mark();
    const part = kernels.alloc(extWords(count));
    for (const [row, weight] of rows) {
      kernels.rowDots(part, this.rowAt(row), length, count, low, length);
      this.addMultiple(sums, part, weight, count);
    }
    kernels.release(mark);
    return sums;
  }

  /** What is left of every group once the leading coordinates are bound. */
  private trailingPairs(rho: readonly Ext[]): Pair[] {
    const { kernels } = this;
    const count = 2 ** this.highBits;
    const length = 2 ** (this.logColumns - this.highBits);
    const weights = eqTable(rho);
    const coefficients = kernels.alloc(weights.length);
    kernels.words.set(weights, coefficients / 4);
    const bound = new Map<number, number>();
    const boundRow = (row: number): number => {
      let at = bound.get(row);
      if (at === undefined) {
        at = kernels.allocUnset(extWords(length));
        kernels.combineRows(at, this.rowAt(row), length, count, coefficients, length);
        bound.set(row, at);
      }
      return at;
    };
    return this.split.map(({ rows, terms }) => {
      const u = kernels.alloc(extWords(length));
      for (const [row, weight] of rows) this.addMultiple(u, boundRow(row), weight, length);
      const b = kernels.alloc(extWords(length));
      for (const { pair, low } of terms) {
        this.addMultiple(b, low, readExt4(kernels.words, pair.b, 0), length);
      }
      return { u, b };
    });
  }

  private rowAt(row: number): number {
    for (const { tree, rows, rowStride } of this.trees) {
      if (row >= tree.firstRow && row < tree.firstRow + tree.numRows) {
        return rows + 4 * rowStride * (row - tree.firstRow);
      }
    }
    throw new RangeError(`row ${row} is in no tree`);
  }

  /** sum += factor·vector. */
  private addMultiple(sum: number, vector: number, factor: Ext, length: number): void {
    this.setScalar(factor);
    this.kernels.extMulAdd(sum, sum, vector, this.scalar, length);
  }

  private setScalar(value: Ext): void {
    writeScalar(this.kernels.words, this.scalar, value);
  }
}

/** About half of the bits, where the fewest products of rows are needed. */
export function chooseHighBits(logColumns: number, groups: readonly ClaimGroup[]): number {
  const middle = logColumns >> 1;
  let best = { highBits: middle, products: Number.POSITIVE_INFINITY };
  for (const highBits of [middle, middle - 1, middle + 1, middle - 2, middle + 2]) {
    if (highBits < 1 || highBits > logColumns - 2) continue;
    let products = 0;
    for (const { columns, rows } of groups) {
      if (columns.kind === "tensor") products += rows.size * splitColumns(columns, highBits).length;
    }
    if (products < best.products) best = { highBits, products };
  }
  return best.highBits;
}
