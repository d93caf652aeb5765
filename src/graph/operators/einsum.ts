/** Einsum: sums of products over named axes, with ellipses, repeated labels and any number of operands. */

import { elementCount, type Shape, stridesOf } from "../../tensor/shape.ts";
import { type ElementType, elementTypeOf, zeros } from "../../tensor/tensor.ts";
import { attribute } from "../attributes.ts";
import type { Node } from "../node.ts";
import { type OperatorDefinition, requiredFacts, requiredTensor, shapeMismatch } from "../operator.ts";

export interface EinsumPlan {
  /** Labels of each operand's axes; those of ellipses are numbered from the right ("…0" is the last). */
  readonly operands: readonly (readonly string[])[];
  readonly output: readonly string[];
  readonly lengths: ReadonlyMap<string, number>;
}

function labelsOf(term: string, rank: number): string[] {
  const [before, after] = term.split("...");
  if (after === undefined) return [...before];
  const hidden = rank - before.length - after.length;
  const dots = Array.from({ length: hidden }, (_, i) => `…${hidden - 1 - i}`);
  return [...before, ...dots, ...after];
}

/** What the equation means for these shapes. Throws `model.shapeMismatch` where they contradict it. */
export function einsumPlan(node: Node, shapes: readonly Shape[]): EinsumPlan {
  const equation = (attribute(node, "equation", "string") ?? "").replaceAll(" ", "");
  const [left, right] = equation.split("->");
  const terms = left.split(",");
  if (terms.length !== shapes.length)
    throw shapeMismatch(node, `the equation "${equation}" has ${terms.length} terms`);
  const operands = terms.map((term, i) => labelsOf(term, shapes[i].length));
  const lengths = new Map<string, number>();
  operands.forEach((labels, i) => {
    labels.forEach((label, axis) => {
      const known = lengths.get(label) ?? 1;
      const length = shapes[i][axis];
      if (labels.length !== shapes[i].length || (known !== 1 && length !== 1 && known !== length))
        throw shapeMismatch(node, `the equation "${equation}" does not fit its operands`);
      lengths.set(label, Math.max(known, length));
    });
  });
  const dots = [...lengths.keys()]
    .filter((label) => label.startsWith("…"))
    .sort()
    .reverse();
  const count = (label: string): number => operands.flat().filter((other) => other === label).length;
  const implicit = [
    ...dots,
    ...[...lengths.keys()].filter((l) => !l.startsWith("…") && count(l) === 1).sort(),
  ];
  const output =
    right === undefined ? implicit : labelsOf(right, right.replace("...", "").length + dots.length);
  return { operands, output: right?.includes("...") === false ? [...right] : output, lengths };
}

export const einsum: OperatorDefinition = {
  operator: "Einsum",
  infer(node, inputs) {
    const facts = node.inputs.map((_, i) => requiredFacts(node, inputs, i));
    const plan = einsumPlan(
      node,
      facts.map(({ shape }) => shape),
    );
    const type: ElementType = facts[0].type;
    return [{ shape: plan.output.map((label) => plan.lengths.get(label) as number), type }];
  },
  evaluate(node, inputs, [outputShape]) {
    const tensors = node.inputs.map((_, i) => requiredTensor(node, inputs, i));
    const { operands, output, lengths } = einsumPlan(
      node,
      tensors.map(({ shape }) => shape),
    );
    const summed = [...lengths.keys()].filter((label) => !output.includes(label));
    const labels = [...output, ...summed];
    const whole = labels.map((label) => lengths.get(label) as number);
    const steps = operands.map((own, i) => {
      const strides = stridesOf(tensors[i].shape);
      return labels.map((label) =>
        own.reduce(
          (sum, other, axis) => (other === label && tensors[i].shape[axis] > 1 ? sum + strides[axis] : sum),
          0,
        ),
      );
    });
    const result = zeros(elementTypeOf(tensors[0]), outputShape);
    const inner = elementCount(whole.slice(output.length));
    const index = new Int32Array(whole.length);
    const offsets = new Int32Array(tensors.length);
    for (let position = 0; position < result.data.length; position++) {
      let sum = 0;
      for (let k = 0; k < inner; k++) {
        let product = 1;
        for (let i = 0; i < tensors.length; i++) product *= tensors[i].data[offsets[i]];
        sum += product;
        for (let axis = whole.length - 1; axis >= 0; axis--) {
          index[axis]++;
          for (let i = 0; i < tensors.length; i++) offsets[i] += steps[i][axis];
          if (index[axis] < whole[axis]) break;
          for (let i = 0; i < tensors.length; i++) offsets[i] -= steps[i][axis] * whole[axis];
          index[axis] = 0;
        }
      }
      result.data[position] = sum;
    }
    return [result];
  },
  multiplyAccumulates: (inputs, output) => {
    const largest = Math.max(...inputs.map((shape) => elementCount(shape ?? [])));
    return Math.max(largest, elementCount(output)) * (inputs.length - 1);
  },
};

/** The determinant of the last two axes, by elimination with pivots. */
export const det: OperatorDefinition = {
  operator: "Det",
  infer(node, inputs) {
    const { shape, type } = requiredFacts(node, inputs, 0);
    const [rows, columns] = shape.slice(-2);
    if (shape.length < 2 || rows !== columns) throw shapeMismatch(node, "needs square matrices");
    return [{ shape: shape.slice(0, -2), type }];
  },
  evaluate(node, inputs, [shape]) {
    const input = requiredTensor(node, inputs, 0);
    const size = input.shape[input.shape.length - 1];
    const output = zeros(elementTypeOf(input), shape);
    for (let matrix = 0; matrix < output.data.length; matrix++) {
      const start = matrix * size * size;
      output.data[matrix] = determinant(
        Float64Array.from(input.data.subarray(start, start + size * size)),
        size,
      );
    }
    return [output];
  },
};

function determinant(a: Float64Array, size: number): number {
  let product = 1;
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column + 1; row < size; row++) {
      if (Math.abs(a[row * size + column]) > Math.abs(a[pivot * size + column])) pivot = row;
    }
    if (a[pivot * size + column] === 0) return 0;
    if (pivot !== column) {
      product = -product;
      for (let j = 0; j < size; j++) {
        const [x, y] = [a[column * size + j], a[pivot * size + j]];
        [a[column * size + j], a[pivot * size + j]] = [y, x];
      }
    }
    product *= a[column * size + column];
    for (let row = column + 1; row < size; row++) {
      const factor = a[row * size + column] / a[column * size + column];
      for (let j = column; j < size; j++) a[row * size + j] -= factor * a[column * size + j];
    }
  }
  return product;
}
