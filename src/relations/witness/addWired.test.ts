import { describe, expect, it } from "vitest";
import { forEachRealCell, totalBits } from "../../claims/axes.ts";
import { naiveColumn } from "../../claims/testing/naiveExpression.ts";
import { randomView } from "../../claims/testing/randomView.ts";
import { add, fromInteger } from "../../field/m31.ts";
import { createKernels } from "../../kernels/createKernels.ts";
import { addWired } from "./addWired.ts";
import { storeTensor } from "./paddedTensors.ts";

const kernels = createKernels({ threads: 1 });

describe("a wired tensor in a column", () => {
  it.each([1, fromInteger(-5)])("is added where its wires say, times %i", (factor) => {
    for (let seed = 0; seed < 200; seed++) {
      const { axes, tensorAxes, values, source } = randomView(seed);
      const mark = kernels.mark();
      const stored = source.tensor === null ? null : storeTensor(kernels, tensorAxes, values);
      const column = new Uint32Array(2 ** totalBits(axes)).fill(9);
      addWired(kernels, axes, stored, source.wires, factor, column);
      kernels.release(mark);
      const sources = {
        tensor: () => ({ axes: tensorAxes, values }),
        layer: () => {
          throw new Error("no layer");
        },
      };
      const expected = naiveColumn(sources, axes, { constant: 0, terms: [{ source, factor }] });
      const real = new Set<number>();
      forEachRealCell(axes, (cell, virtual) => {
        real.add(virtual);
        expect(column[virtual], `view ${seed}, cell ${cell}`).toBe(add(9, expected[cell]));
      });
      // Padding cells keep what they had: nothing is looked up there.
      expect(column.filter((_, virtual) => !real.has(virtual)).every((word) => word === 9)).toBe(true);
    }
  });
});
