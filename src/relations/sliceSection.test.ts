import { describe, expect, it } from "vitest";
import { axisBits, splitPoint, totalBits } from "../claims/axes.ts";
import type { Expression } from "../claims/plan.ts";
import { Relation } from "../claims/relation.ts";
import { naiveColumn, naiveEvaluation } from "../claims/testing/naiveExpression.ts";
import { randomInteger, randomView } from "../claims/testing/randomView.ts";
import { evaluateWeighted } from "../claims/view.ts";
import { add, type Ext, mul, ONE } from "../field/ext.ts";
import { fromInteger } from "../field/m31.ts";
import { seededExts } from "../field/testing/seededExt.ts";
import { HiddenScalar } from "../masking/hiddenScalar.ts";
import { readingPoint } from "./leaves.ts";
import { sliceSection } from "./sliceSection.ts";

/** Cuts whatever saves anything. */
const ALWAYS = { minBits: 0, minSaving: 0.01 };

/** A section over a random view: the view itself, an index, and the results of a layer with the view's axes reversed. */
function randomSection(seed: number) {
  const { axes, tensorAxes, values, source } = randomView(seed);
  const random = randomInteger(seed + 500);
  const reversed = axes.map((_, axis) => axes.length - 1 - axis);
  const layerAxes = reversed.map((axis) => axes[axis]);
  const size = layerAxes.reduce((product, length) => product * length, 1);
  const results = Int32Array.from({ length: size }, () => random(1000) - 500);
  const columns: Expression[] = [
    { constant: 5, terms: [{ source, factor: 3 }] },
    { constant: 1, terms: [{ source: { kind: "index", axis: random(axes.length) }, factor: 7 }] },
    { constant: 0, terms: [{ source: { kind: "layer", layer: 0, axes: reversed }, factor: 1 }] },
  ];
  const sources = {
    tensor: () => ({ axes: tensorAxes, values }),
    layer: () => ({ axes: layerAxes, values: results }),
  };
  return { axes, columns, sources };
}

function rows(axes: readonly number[], values: readonly (readonly number[])[]): string[] {
  const size = axes.reduce((product, length) => product * length, 1);
  return Array.from({ length: size }, (_, cell) => values.map((column) => column[cell]).join());
}

const SECTIONS = Array.from({ length: 150 }, (_, seed) => randomSection(seed));

describe("the slices of a section", () => {
  it("have together the rows of the section, none twice", () => {
    let numCut = 0;
    for (const { axes, columns, sources } of SECTIONS) {
      const slices = sliceSection(axes, columns, ALWAYS);
      if (slices.length > 1) numCut++;
      const all = (list: typeof slices) =>
        list.flatMap((slice) =>
          rows(
            slice.axes,
            slice.columns.map((column) => naiveColumn(sources, slice.axes, column)),
          ),
        );
      expect(all(slices).sort()).toEqual(all([{ axes, columns }]).sort());
    }
    expect(numCut).toBeGreaterThan(50);
  });

  it("take less padding than the section", () => {
    const padded = (axes: readonly number[]): number => 2 ** totalBits(axes);
    for (const { axes, columns } of SECTIONS) {
      const slices = sliceSection(axes, columns, ALWAYS);
      const cells = slices.reduce((sum, slice) => sum + padded(slice.axes), 0);
      if (slices.length > 1) expect(cells).toBeLessThan(padded(axes));
    }
  });

  it("are evaluated by a relation as they are cell by cell", () => {
    SECTIONS.forEach(({ axes, columns, sources }, seed) => {
      const tensor = sources.tensor();
      const layer = sources.layer();
      for (const holder of ["public", "advice"] as const) {
        const tensors = [{ name: "t", axes: tensor.axes, holder }];
        for (const slice of sliceSection(axes, columns, ALWAYS)) {
          const point = seededExts(seed, totalBits(slice.axes));
          const context = {
            tensors,
            publicValues: () => tensor.values,
            layerValue: (reading: Parameters<typeof readingPoint>[0]) =>
              HiddenScalar.known(
                naiveEvaluation(layer.axes, residues(layer.values), readingPoint(reading, point)),
              ),
          };
          for (const column of slice.columns) {
            const relation = new Relation("test");
            relation.addExpression(context, slice.axes, column, point, ONE);
            let sum: Ext = relation.hidden.constant;
            for (const term of relation.views)
              sum = add(sum, mul(term.factor, evaluateWeighted(tensor.axes, tensor.values, term.weights)));
            for (const term of relation.terms) {
              const weights = splitPoint(tensor.axes, term.point).map(
                (own) => ({ kind: "point", point: own }) as const,
              );
              sum = add(sum, mul(term.factor, evaluateWeighted(tensor.axes, tensor.values, weights)));
            }
            const expected = naiveEvaluation(slice.axes, naiveColumn(sources, slice.axes, column), point);
            expect(sum, `section ${seed}`).toEqual(expected);
          }
        }
      }
    });
  });

  it("stand at multiples of their padded length, so that high coordinates tell them apart", () => {
    for (let length = 1; length <= 200; length++) {
      const column: Expression = {
        constant: 0,
        terms: [{ source: { kind: "layer", layer: 0, axes: [0] }, factor: 1 }],
      };
      let at = 0;
      for (const slice of sliceSection([length], [column], ALWAYS)) {
        const [{ source }] = slice.columns[0].terms;
        const start = (source.kind === "layer" ? source.slices?.[0]?.start : undefined) ?? 0;
        expect(start).toBe(at);
        expect(start % 2 ** axisBits(slice.axes[0])).toBe(0);
        at += slice.axes[0];
      }
      expect(at).toBe(length);
    }
  });
});

function residues(values: Int32Array): number[] {
  return Array.from(values, fromInteger);
}
