/** Operators whose outputs are as long as their inputs' elements say (NonZero, Compress, Range, …), and masks. */

import { elementCount, stridesOf } from "../../tensor/shape.ts";
import { elementTypeOf, intTensor, zeros } from "../../tensor/tensor.ts";
import { attribute, intAttribute } from "../attributes.ts";
import { type OperatorDefinition, requiredFacts, requiredIntegers, requiredTensor } from "../operator.ts";
import { axisView, requiredAxis } from "./axes.ts";
import { elementTypeOfOnnx } from "./cast.ts";

export const nonZero: OperatorDefinition = {
  operator: "NonZero",
  infer(node, inputs) {
    const { shape } = requiredFacts(node, inputs, 0);
    const count = requiredIntegers(node, inputs, 0).filter((x) => x !== 0).length;
    return [{ shape: [Math.max(shape.length, 1), count], type: "int64" }];
  },
  evaluate(node, inputs, [outputShape]) {
    const { shape, data } = requiredTensor(node, inputs, 0);
    const strides = stridesOf(shape.length === 0 ? [1] : shape);
    const found = Array.from(data.keys()).filter((i) => data[i] !== 0);
    const lengths = shape.length === 0 ? [1] : shape;
    const output = strides.flatMap((stride, axis) =>
      found.map((i) => Math.floor(i / stride) % lengths[axis]),
    );
    return [intTensor(outputShape, output)];
  },
};

export const compress: OperatorDefinition = {
  operator: "Compress",
  infer(node, inputs) {
    const { shape, type } = requiredFacts(node, inputs, 0);
    const count = requiredIntegers(node, inputs, 1).filter((x) => x !== 0).length;
    const axis = attribute(node, "axis", "int");
    return [
      { shape: axis === undefined ? [count] : shape.with(requiredAxis(node, axis, shape), count), type },
    ];
  },
  evaluate(node, inputs, [outputShape]) {
    const input = requiredTensor(node, inputs, 0);
    const condition = requiredTensor(node, inputs, 1).data;
    const chosen = Array.from(condition.keys()).filter((i) => condition[i] !== 0);
    const given = attribute(node, "axis", "int");
    const view =
      given === undefined
        ? { outer: 1, length: input.data.length, inner: 1 }
        : axisView(input.shape, requiredAxis(node, given, input.shape));
    const output = zeros(elementTypeOf(input), outputShape);
    let position = 0;
    for (let block = 0; block < view.outer; block++) {
      for (const j of chosen) {
        const from = (block * view.length + j) * view.inner;
        output.data.set(input.data.subarray(from, from + view.inner), position);
        position += view.inner;
      }
    }
    return [output];
  },
};

export const range: OperatorDefinition = {
  operator: "Range",
  infer(node, inputs) {
    const [start, limit, delta] = [0, 1, 2].map((i) => requiredIntegers(node, inputs, i)[0]);
    const { type } = requiredFacts(node, inputs, 0);
    return [{ shape: [Math.max(Math.ceil((limit - start) / delta), 0)], type }];
  },
  evaluate(node, inputs, [shape]) {
    const [start, , delta] = [0, 1, 2].map((i) => requiredTensor(node, inputs, i));
    const output = zeros(elementTypeOf(start), shape);
    for (let i = 0; i < output.data.length; i++) output.data[i] = start.data[0] + i * delta.data[0];
    return [output];
  },
};

/** Negative indices count from the end; an index outside gives a line of off-values. */
export const oneHot: OperatorDefinition = {
  operator: "OneHot",
  infer(node, inputs) {
    const { shape } = requiredFacts(node, inputs, 0);
    const depth = requiredIntegers(node, inputs, 1)[0];
    const given = intAttribute(node, "axis", -1);
    const axis = given < 0 ? given + shape.length + 1 : given;
    return [
      {
        shape: [...shape.slice(0, axis), depth, ...shape.slice(axis)],
        type: requiredFacts(node, inputs, 2).type,
      },
    ];
  },
  evaluate(node, inputs, [shape]) {
    const indices = requiredTensor(node, inputs, 0);
    const values = requiredTensor(node, inputs, 2);
    const { length, inner } = axisView(shape, requiredAxis(node, intAttribute(node, "axis", -1), shape));
    const output = zeros(elementTypeOf(values), shape);
    output.data.fill(values.data[0]);
    indices.data.forEach((index, i) => {
      const j = Math.trunc(index < 0 ? index + length : index);
      if (j < 0 || j >= length) return;
      output.data[(Math.floor(i / inner) * length + j) * inner + (i % inner)] = values.data[1];
    });
    return [output];
  },
};

/** Keeps the elements on one side of a diagonal of the last two axes. */
export const trilu: OperatorDefinition = {
  operator: "Trilu",
  infer(node, inputs) {
    const { shape, type } = requiredFacts(node, inputs, 0);
    if (inputs[1] !== undefined) requiredIntegers(node, inputs, 1);
    return [{ shape, type }];
  },
  evaluate(node, inputs, [shape]) {
    const input = requiredTensor(node, inputs, 0);
    const k = inputs[1]?.data[0] ?? 0;
    const isUpper = intAttribute(node, "upper", 1) === 1;
    const [rows, columns] = shape.slice(-2);
    const output = zeros(elementTypeOf(input), shape);
    for (let i = 0; i < input.data.length; i++) {
      const distance = (i % columns) - (Math.floor(i / columns) % rows);
      if (isUpper ? distance >= k : distance <= k) output.data[i] = input.data[i];
    }
    return [output];
  },
};

/** Ones along a diagonal of a matrix of the input's shape. */
export const eyeLike: OperatorDefinition = {
  operator: "EyeLike",
  infer(node, inputs) {
    const { shape, type } = requiredFacts(node, inputs, 0);
    const dtype = attribute(node, "dtype", "int");
    return [{ shape, type: dtype === undefined ? type : (elementTypeOfOnnx(dtype) ?? type) }];
  },
  evaluate(node, inputs, [shape]) {
    const input = requiredTensor(node, inputs, 0);
    const dtype = attribute(node, "dtype", "int");
    const type = dtype === undefined ? undefined : elementTypeOfOnnx(dtype);
    const output = zeros(type ?? elementTypeOf(input), shape);
    const k = intAttribute(node, "k", 0);
    for (let row = 0; row < shape[0]; row++) {
      if (row + k >= 0 && row + k < shape[1]) output.data[row * shape[1] + row + k] = 1;
    }
    return [output];
  },
};

/** Reverses the first elements of each sequence, as many as its length says. */
export const reverseSequence: OperatorDefinition = {
  operator: "ReverseSequence",
  infer(node, inputs) {
    const { shape, type } = requiredFacts(node, inputs, 0);
    return [{ shape, type }];
  },
  evaluate(node, inputs, [shape]) {
    const input = requiredTensor(node, inputs, 0);
    const lengths = requiredTensor(node, inputs, 1).data;
    const batchAxis = intAttribute(node, "batch_axis", 1);
    const timeAxis = intAttribute(node, "time_axis", 0);
    const strides = stridesOf(shape);
    const output = zeros(elementTypeOf(input), shape);
    for (let i = 0; i < elementCount(shape); i++) {
      const time = Math.floor(i / strides[timeAxis]) % shape[timeAxis];
      const length = lengths[Math.floor(i / strides[batchAxis]) % shape[batchAxis]];
      const from = time < length ? length - 1 - time : time;
      output.data[i] = input.data[i + (from - time) * strides[timeAxis]];
    }
    return [output];
  },
};

/** Sums or products of all elements up to each, along an axis. */
function cumulative(
  operator: string,
  start: number,
  combine: (sum: number, x: number) => number,
): OperatorDefinition {
  return {
    operator,
    infer(node, inputs) {
      const { shape, type } = requiredFacts(node, inputs, 0);
      requiredAxis(node, requiredIntegers(node, inputs, 1)[0], shape);
      return [{ shape, type }];
    },
    evaluate(node, inputs, [shape]) {
      const input = requiredTensor(node, inputs, 0);
      const { outer, length, inner } = axisView(
        shape,
        requiredAxis(node, requiredTensor(node, inputs, 1).data[0], shape),
      );
      const isExclusive = intAttribute(node, "exclusive", 0) === 1;
      const isReversed = intAttribute(node, "reverse", 0) === 1;
      const output = zeros(elementTypeOf(input), shape);
      for (let line = 0; line < outer * inner; line++) {
        const first = Math.floor(line / inner) * length * inner + (line % inner);
        let sum = start;
        for (let k = 0; k < length; k++) {
          const at = first + (isReversed ? length - 1 - k : k) * inner;
          const next = combine(sum, input.data[at]);
          output.data[at] = isExclusive ? sum : next;
          sum = next;
        }
      }
      return [output];
    },
  };
}

export const cumSum: OperatorDefinition = cumulative("CumSum", 0, (sum, x) => sum + x);
export const cumProd: OperatorDefinition = cumulative("CumProd", 1, (product, x) => product * x);
