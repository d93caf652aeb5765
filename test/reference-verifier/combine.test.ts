/** Equations combined, weights of rows: chapter 6.4 to 6.6 of docs/spec against its vectors. */
import { describe, expect, it } from "vitest";
import { combinedTotal, proximityWeights, rowClaims } from "./combine.ts";
import { add, BASIS, type K, multiply, power, ZERO } from "./field.ts";
import { addHidden, known, pad, scaleHidden } from "./masking.ts";
import { bits, eqIndex, eqTable } from "./multilinear.ts";
import { makeStack, storedRows } from "./stack.ts";
import { element, vectors } from "./vectors.ts";

const opening = vectors("opening");
const axes: number[][] = opening.tensors.map((tensor: { axes: number[] }) => tensor.axes);
const stack = makeStack(opening.tensors, opening.numPads, opening.parameters);
// biome-ignore lint/suspicious/noExplicitAny: JSON
const relations = opening.equations.map((equation: any, tensor: number) => ({
  terms: [{ tensor, point: equation.point.map(element), factor: element(equation.factor) }],
  form: addHidden(
    known(element(equation.constant)),
    scaleHidden(pad(equation.pad), element(equation.coefficient)),
  ),
}));
const lambda = element(opening.lambda);
const rho: K[] = opening.rho.map(element);

describe("the combined claim", () => {
  it("has the stack of the vectors", () => {
    expect(stack.tensors.map(({ firstRow }) => firstRow)).toEqual(opening.firstRows);
    expect(stack.firstPadRow).toBe(opening.firstPadRow);
    expect(stack.firstMaskRow).toBe(opening.firstMaskRow);
    expect(stack.numRows).toBe(opening.numRows);
  });

  it("has the total and the weights of the vectors", () => {
    expect(combinedTotal(relations, lambda, element(opening.maskSum))).toEqual(element(opening.total));
    expect(rowClaims(stack, axes, relations, lambda, rho)).toEqual(opening.s.map(element));
    expect(proximityWeights(stack, opening.gammaScalars.map(element))).toEqual(opening.gamma.map(element));
  });

  it("agrees with a matrix of weights written out cell by cell", () => {
    const d = rho.length;
    const weight = Array.from({ length: stack.numRows }, () => Array<K>(2 ** d).fill(ZERO));
    const claim = (row: number, column: number, value: K): void => {
      weight[row]![column] = add(weight[row]![column]!, value);
    };
    for (const [i, { terms, form }] of relations.entries()) {
      const { tensor, point, factor } = terms[0]!;
      const rows = storedRows(stack.tensors[tensor]!.shape).map(({ key }) => key);
      eachRealCell(axes[tensor]!, (virtualIndex) => {
        const row = stack.tensors[tensor]!.firstRow + rows.indexOf(Math.floor(virtualIndex / 2 ** d));
        const scalar = multiply(power(lambda, i), multiply(factor, eqIndex(point, virtualIndex)));
        claim(row, stack.tensors[tensor]!.firstColumn + (virtualIndex % 2 ** d), scalar);
      });
      for (const [index, coefficient] of form.pads) {
        const scalar = multiply(power(lambda, i), coefficient);
        const row = stack.firstPadRow + 4 * Math.floor(index / 2 ** d);
        BASIS.forEach((unit, c) => {
          claim(row + c, index % 2 ** d, multiply(scalar, unit));
        });
      }
    }
    const mask = power(lambda, relations.length);
    BASIS.forEach((unit, c) => {
      claim(stack.firstMaskRow + c, 0, multiply(mask, unit));
      claim(stack.firstMaskRow + 4 + c, 2 ** d - 1, multiply(mask, unit));
    });
    const columns = eqTable(rho);
    const s = weight.map((row) =>
      row.reduce((total, value, column) => add(total, multiply(value, columns[column]!)), ZERO),
    );
    expect(s).toEqual(rowClaims(stack, axes, relations, lambda, rho));
  });
});

/** Calls back with the virtual index of each real cell. */
function eachRealCell(lengths: readonly number[], visit: (virtualIndex: number) => void, above = 0): void {
  const [length, ...inner] = lengths;
  if (length === undefined) {
    visit(above);
    return;
  }
  for (let index = 0; index < length; index++) eachRealCell(inner, visit, above * 2 ** bits(length) + index);
}
