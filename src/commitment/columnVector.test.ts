import { describe, expect, it } from "vitest";
import { forEachRealCell, totalBits } from "../claims/axes.ts";
import { add, type Ext, isZero, mul, ONE, sub, ZERO } from "../field/ext.ts";
import { dotExt, type ExtVector, getExt, toExtVector } from "../field/extVector.ts";
import { seededExts } from "../field/testing/seededExt.ts";
import { createKernels } from "../kernels/createKernels.ts";
import { readExt4 } from "../kernels/extLayout.ts";
import { eqAtIndex, eqTable } from "../poly/eq.ts";
import { type ColumnVector, type EqFactor, SparseColumns, TensorColumns } from "./columnVector.ts";
import { columnTable } from "./prover/columnTable.ts";
import { splitColumns } from "./prover/splitColumns.ts";
import { countTensorRows, cutAxes, layoutStack, rowsOf, tensorRows } from "./stackLayout.ts";

const LOG_COLUMNS = 5;
const SHAPE = { logLength: 8, queries: 3, grindBits: 0, weightUses: 1, dataUses: 1, levels: [] };
const kernels = createKernels({ threads: 1 });

/** All entries, as the prover computes them. */
function tableOf(vector: ColumnVector, logColumns: number = LOG_COLUMNS): ExtVector {
  const ptr = columnTable(kernels, vector, logColumns);
  return toExtVector(Array.from({ length: 2 ** logColumns }, (_, i) => readExt4(kernels.words, ptr, i)));
}

describe("column vectors", () => {
  const factors = (...shape: [bits: number, limit: number][]): EqFactor[] =>
    shape.map(([bits, limit], i) => ({ point: seededExts(i + 3, bits), limit }));
  const vectors = {
    "one full factor": new TensorColumns(factors([5, 32]), LOG_COLUMNS, 0),
    "one short factor": new TensorColumns(factors([5, 19]), LOG_COLUMNS, 0),
    "fewer bits than columns": new TensorColumns(factors([3, 5]), LOG_COLUMNS, 0),
    "a cut axis and inner axes": new TensorColumns(factors([1, 1], [2, 3], [2, 4]), LOG_COLUMNS, 0),
    "no factor": new TensorColumns([], LOG_COLUMNS, 0),
    "a block of few columns": new TensorColumns(factors([1, 2]), LOG_COLUMNS, 11),
    "a block of many columns": new TensorColumns(factors([1, 1], [2, 3]), LOG_COLUMNS, 3),
    "a single column": new TensorColumns([], LOG_COLUMNS, 31),
    sparse: new SparseColumns(
      new Map<number, Ext>([
        [0, ONE],
        [17, [1, 2, 3, 4]],
        [31, [9, 8, 7, 6]],
      ]),
    ),
  };

  it.each(Object.entries(vectors))("%s: evaluates as its dense form does", (_, vector) => {
    const rho = seededExts(77, LOG_COLUMNS);
    expect(vector.evaluate(rho)).toEqual(dotExt(tableOf(vector), eqTable(rho)));
  });

  it.each(Object.entries(vectors))("%s: are sums of products of two shorter vectors", (_, vector) => {
    if (vector.kind !== "tensor") return;
    const whole = tableOf(vector);
    for (let highBits = 0; highBits <= LOG_COLUMNS; highBits++) {
      const lowBits = LOG_COLUMNS - highBits;
      const terms = splitColumns(vector, highBits).map(({ high, minus, low }) => ({
        high: tableOf(high, highBits),
        minus: minus === null ? null : tableOf(minus, highBits),
        low: tableOf(low, lowBits),
      }));
      expect(terms.length).toBeLessThanOrEqual(2);
      for (let column = 0; column < 2 ** LOG_COLUMNS; column++) {
        const [leading, trailing] = [Math.floor(column / 2 ** lowBits), column % 2 ** lowBits];
        const value = terms.reduce((sum, { high, minus, low }) => {
          const left = getExt(high, leading);
          const factor = minus === null ? left : sub(left, getExt(minus, leading));
          return add(sum, mul(factor, getExt(low, trailing)));
        }, ZERO);
        expect(value, `column ${column}, ${highBits} leading bits`).toEqual(getExt(whole, column));
      }
    }
  });

  it("give weight to cells below every limit and to no others", () => {
    const parts = factors([2, 3], [3, 5]);
    const dense = tableOf(new TensorColumns(parts, LOG_COLUMNS, 0));
    for (let column = 0; column < 32; column++) {
      const [high, low] = [column >> 3, column & 7];
      const value = getExt(dense, column);
      if (high >= 3 || low >= 5) expect(isZero(value), `column ${column}`).toBe(true);
      else expect(value).toEqual(mul(eqAtIndex(parts[0].point, high), eqAtIndex(parts[1].point, low)));
    }
  });
});

describe("tensors with fewer cells than a row has columns", () => {
  const tensors = [[2, 3], [9, 5], [1], [20], [4, 4], [3, 3], [], [17]].map((axes, i) => ({
    name: `tensor ${i}`,
    axes,
    holder: i % 4 === 3 ? ("advice" as const) : ("weights" as const),
  }));
  const plan = { tensors, sections: [], layers: [], equalities: [] };
  const parameters = { ...SHAPE, logColumns: LOG_COLUMNS };
  const layout = layoutStack(plan, 3, parameters);

  it("share rows of their tree, each at a multiple of its size and clear of all others", () => {
    const taken = new Set<number>();
    for (const [id, { axes, holder }] of tensors.entries()) {
      const tree = layout.trees.find(({ name }) => name === holder) as (typeof layout.trees)[number];
      const cells = Math.min(32, 2 ** totalBits(axes));
      const column = layout.tensorColumn.get(id) as number;
      expect(column % cells).toBe(0);
      const firstRow = layout.tensorRow.get(id) as number;
      for (let i = 0; i < countTensorRows(axes, LOG_COLUMNS); i++) {
        const row = firstRow + i;
        expect(row).toBeGreaterThanOrEqual(tree.firstRow);
        expect(row).toBeLessThan(tree.firstRow + tree.numRows);
        for (let c = column; c < column + cells; c++) {
          expect(taken.has(32 * row + c)).toBe(false);
          taken.add(32 * row + c);
        }
      }
    }
  });

  it("take no more rows than their cells need", () => {
    // [9, 5] takes nine rows of eight columns each in four of its keys; the others 8 + 1 + 16 + 16 + 1 cells, and 32 and 32.
    expect(layout.tensorRow.get(1)).toBe(0);
    expect(rowsOf(tensors, "weights", LOG_COLUMNS)).toBe(countTensorRows([9, 5], LOG_COLUMNS) + 2);
    for (const { name, firstRow, numRows } of layout.trees) {
      const rows =
        rowsOf(tensors, name, LOG_COLUMNS) + (name === "advice" ? layout.numRows - layout.firstPadRow : 0);
      expect(numRows, `${name} from ${firstRow}`).toBe(rows);
    }
  });
});

describe("stored rows", () => {
  const shapes: (readonly number[])[] = [
    [],
    [1],
    [20],
    [32],
    [33],
    [100],
    [3, 5],
    [7, 20],
    [3, 9, 5],
    [2, 70],
    [5, 1, 64],
  ];

  it.each(shapes.map((axes) => [axes]))("of axes %j hold every real cell and no empty row", (axes) => {
    const rows = tensorRows(axes, LOG_COLUMNS);
    const size = 2 ** Math.min(LOG_COLUMNS, totalBits(axes));
    const keys = new Set<number>();
    const { cut, inner } = cutAxes(axes, LOG_COLUMNS);
    const innerSize = 2 ** totalBits(inner);
    const largest = new Map<number, number>();
    forEachRealCell(axes, (_, virtual) => {
      const key = Math.floor(virtual / 2 ** LOG_COLUMNS);
      keys.add(key);
      const cutIndex = Math.floor((virtual % size) / innerSize);
      largest.set(key, Math.max(largest.get(key) ?? 0, cutIndex));
    });
    expect(rows.map(({ key }) => key)).toEqual([...keys].sort((a, b) => a - b));
    expect(rows).toHaveLength(countTensorRows(axes, LOG_COLUMNS));
    // The limit counts the real positions of the cut axis in that row.
    if (cut !== null) {
      expect(rows.map(({ limit }) => limit)).toEqual(rows.map(({ key }) => (largest.get(key) as number) + 1));
    }
  });
});
