import { describe, expect, it } from "vitest";
import { forEachRealCell, totalBits } from "../claims/axes.ts";
import { type Ext, isZero, mul, ONE } from "../field/ext.ts";
import { dotExt, type ExtVector, getExt, toExtVector } from "../field/extVector.ts";
import { seededExts } from "../field/testing/seededExt.ts";
import { createKernels } from "../kernels/createKernels.ts";
import { readExt4 } from "../kernels/extLayout.ts";
import { eqAtIndex, eqTable } from "../poly/eq.ts";
import { type ColumnVector, type EqFactor, SparseColumns, TensorColumns } from "./columnVector.ts";
import { columnTable } from "./prover/columnTable.ts";
import { countTensorRows, cutAxes, tensorRows } from "./stackLayout.ts";

const LOG_COLUMNS = 5;
const kernels = createKernels({ threads: 1 });

/** All entries, as the prover computes them. */
function tableOf(vector: ColumnVector): ExtVector {
  const ptr = columnTable(kernels, vector, LOG_COLUMNS);
  return toExtVector(Array.from({ length: 2 ** LOG_COLUMNS }, (_, i) => readExt4(kernels.words, ptr, i)));
}

describe("column vectors", () => {
  const factors = (...shape: [bits: number, limit: number][]): EqFactor[] =>
    shape.map(([bits, limit], i) => ({ point: seededExts(i + 3, bits), limit }));
  const vectors = {
    "one full factor": new TensorColumns(factors([5, 32]), LOG_COLUMNS),
    "one short factor": new TensorColumns(factors([5, 19]), LOG_COLUMNS),
    "fewer bits than columns": new TensorColumns(factors([3, 5]), LOG_COLUMNS),
    "a cut axis and inner axes": new TensorColumns(factors([1, 1], [2, 3], [2, 4]), LOG_COLUMNS),
    "no factor": new TensorColumns([], LOG_COLUMNS),
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

  it("give weight to cells below every limit and to no others", () => {
    const parts = factors([2, 3], [3, 5]);
    const dense = tableOf(new TensorColumns(parts, LOG_COLUMNS));
    for (let column = 0; column < 32; column++) {
      const [high, low] = [column >> 3, column & 7];
      const value = getExt(dense, column);
      if (high >= 3 || low >= 5) expect(isZero(value), `column ${column}`).toBe(true);
      else expect(value).toEqual(mul(eqAtIndex(parts[0].point, high), eqAtIndex(parts[1].point, low)));
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
