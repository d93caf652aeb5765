/** Matrix products, convolutions and Einsum of computed tensors, as products of matrices. */

import { attribute, floatAttribute, intAttribute } from "../../../graph/attributes.ts";
import { requiredFacts } from "../../../graph/operator.ts";
import { einsumPlan } from "../../../graph/operators/einsum.ts";
import type { Body, Expand } from "../../../graph/operators/expansion.ts";
import { windowAxes, windowSettings } from "../../../graph/operators/windows.ts";
import { elementCount } from "../../../tensor/shape.ts";
import { intTensor } from "../../../tensor/tensor.ts";
import { NotLowerable } from "../context.ts";

export const gemm: Expand = (body, node) => {
  const [a, b, c = ""] = node.inputs;
  const turned = (name: string, flag: string): string =>
    intAttribute(node, flag, 0) === 1 ? body.transpose(name, [1, 0]) : name;
  const scaled = (name: string, factor: number): string =>
    factor === 1 ? name : body.add("Mul", [name, body.real(factor)]);
  const left = scaled(turned(a, "transA"), floatAttribute(node, "alpha", 1));
  const product = body.add("MatMul", [left, turned(b, "transB")]);
  return [c === "" ? product : body.add("Add", [product, scaled(c, floatAttribute(node, "beta", 1))])];
};

/**
 * Operands with their axes in the order [shared and kept, own and kept, summed], the axes of either kind in one; repeated
 * labels of one operand are its diagonal. More than two operands are multiplied from the left.
 */
export const einsum: Expand = (body, node, inputs) => {
  const shapes = node.inputs.map((_, i) => requiredFacts(node, inputs, i).shape);
  const { operands, output, lengths } = einsumPlan(node, shapes);
  const lengthOf = (label: string): number => lengths.get(label) as number;
  const single = operands.map((labels, i) => diagonal(body, node.inputs[i], labels, shapes[i]));
  let current = single[0];
  for (let i = 1; i < single.length; i++) {
    const later = new Set([...output, ...single.slice(i + 1).flatMap(({ labels }) => labels)]);
    current = contracted(body, current, single[i], later, lengthOf);
  }
  const gone = current.labels.filter((label) => !output.includes(label));
  if (gone.length > 0) {
    const axes = body.integers(...gone.map((label) => current.labels.indexOf(label)));
    const name = body.add("ReduceSum", [current.name, axes], { keepdims: 0 });
    current = { name, labels: current.labels.filter((label) => output.includes(label)) };
  }
  return [
    body.transpose(
      current.name,
      output.map((label) => current.labels.indexOf(label)),
    ),
  ];
};

interface Labelled {
  readonly name: string;
  readonly labels: readonly string[];
}

/** The operand with every label once. */
function diagonal(body: Body, name: string, labels: readonly string[], shape: readonly number[]): Labelled {
  const own = [...new Set(labels)];
  if (own.length === labels.length) return { name, labels };
  const size = own.map((label) => shape[labels.indexOf(label)]);
  const positions = Array.from({ length: elementCount(size) }, (_, at) => {
    let rest = at;
    const index = new Map<string, number>();
    for (let i = own.length - 1; i >= 0; i--) {
      index.set(own[i], rest % size[i]);
      rest = Math.floor(rest / size[i]);
    }
    return labels.reduce((sum, label, axis) => sum * shape[axis] + (index.get(label) as number), 0);
  });
  const flat = body.reshape(name, [elementCount(shape)]);
  const taken = body.add("Gather", [flat, body.constant(intTensor([positions.length], positions))], {
    axis: 0,
  });
  return { name: body.reshape(taken, size), labels: own };
}

/** Sums over what no later operand and no output has. */
function contracted(
  body: Body,
  left: Labelled,
  right: Labelled,
  later: ReadonlySet<string>,
  lengthOf: (label: string) => number,
): Labelled {
  const both = left.labels.filter((label) => right.labels.includes(label));
  const shared = both.filter((label) => later.has(label));
  const summed = both.filter((label) => !later.has(label));
  const rest = (operand: Labelled): string[] => operand.labels.filter((label) => !both.includes(label));
  const size = (labels: readonly string[]): number => elementCount(labels.map(lengthOf));
  const ordered = (operand: Labelled, labels: readonly string[], shape: readonly number[]): string =>
    body.reshape(
      body.transpose(
        operand.name,
        labels.map((label) => operand.labels.indexOf(label)),
      ),
      shape,
    );
  const [rows, columns] = [rest(left), rest(right)];
  const lead = shared.map(lengthOf);
  const a = ordered(left, [...shared, ...rows, ...summed], [...lead, size(rows), size(summed)]);
  const b = ordered(right, [...shared, ...summed, ...columns], [...lead, size(summed), size(columns)]);
  const labels = [...shared, ...rows, ...columns];
  return { name: body.reshape(body.add("MatMul", [a, b]), labels.map(lengthOf)), labels };
}

/** With a computed weight: the windows of the input as rows of a matrix, times the weights of each group. */
export const conv: Expand = (body, node, inputs) => {
  const [samples, channels, ...spatial] = requiredFacts(node, inputs, 0).shape;
  const [numOutputs, perGroup, ...kernel] = requiredFacts(node, inputs, 1).shape;
  const groups = intAttribute(node, "group", 1);
  const windows = windowAxes(
    node,
    spatial,
    windowSettings(node, attribute(node, "kernel_shape", "ints") ?? kernel),
  );
  const positions = windows.map((axis) => axis.windows);
  const [places, taps] = [elementCount(positions), elementCount(kernel)];
  const area = elementCount(spatial);
  const outside = channels * area;
  const indices: number[] = [];
  for (let place = 0; place < places; place++) {
    for (let channel = 0; channel < channels; channel++) {
      for (let tap = 0; tap < taps; tap++) {
        const at = sourceOf(place, tap, windows, spatial);
        indices.push(at === null ? outside : channel * area + at);
      }
    }
  }
  const [x, weight, bias = ""] = node.inputs;
  // One element more, which is 0, stands for what lies outside.
  const padded = body.add("Pad", [body.reshape(x, [samples, outside]), body.integers(0, 0, 0, 1)]);
  const taken = body.add("Gather", [padded, body.constant(intTensor([indices.length], indices))], {
    axis: 1,
  });
  const rows = body.transpose(body.reshape(taken, [samples, places, groups, perGroup * taps]), [0, 2, 1, 3]);
  const matrix = body.transpose(
    body.reshape(weight, [1, groups, numOutputs / groups, perGroup * taps]),
    [0, 1, 3, 2],
  );
  const product = body.transpose(body.add("MatMul", [rows, matrix]), [0, 1, 3, 2]);
  const output = body.reshape(product, [samples, numOutputs, ...positions]);
  if (bias === "") return [output];
  return [body.add("Add", [output, body.reshape(bias, [1, numOutputs, ...positions.map(() => 1)])])];
};

type Windows = ReturnType<typeof windowAxes>;

/** The position in the plane that a tap of a window covers; null outside. */
function sourceOf(place: number, tap: number, windows: Windows, spatial: readonly number[]): number | null {
  let [restOfPlace, restOfTap] = [place, tap];
  const indices = new Array<number>(spatial.length);
  for (let axis = spatial.length - 1; axis >= 0; axis--) {
    const { windows: count, kernel, stride, dilation, padBegin } = windows[axis];
    const at = (restOfPlace % count) * stride + (restOfTap % kernel) * dilation - padBegin;
    restOfPlace = Math.floor(restOfPlace / count);
    restOfTap = Math.floor(restOfTap / kernel);
    if (at < 0 || at >= spatial[axis]) return null;
    indices[axis] = at;
  }
  return indices.reduce((sum, index, axis) => sum * spatial[axis] + index, 0);
}

/** Integers less their zero points, multiplied as integers. */
export const matMulInteger: Expand = (body, node, inputs) => {
  const centred = (operand: number, zero: number, isLeft: boolean): string => {
    const wide = body.add("Cast", [node.inputs[operand]], { to: 6 });
    const name = node.inputs[zero] ?? "";
    if (name === "") return wide;
    const point = body.add("Cast", [name], { to: 6 });
    const { shape } = requiredFacts(node, inputs, zero);
    const perRow = isLeft && shape.length === 1 && shape[0] > 1;
    return body.add("Sub", [wide, perRow ? body.reshape(point, [shape[0], 1]) : point]);
  };
  return [body.add("MatMul", [centred(0, 2, true), centred(1, 3, false)])];
};

const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  uint8: [0, 255],
  int8: [-128, 127],
  uint16: [0, 65535],
  int16: [-32768, 32767],
};
const ONNX_TYPES: Readonly<Record<string, number>> = { uint8: 2, int8: 3, uint16: 4, int16: 5 };

function alongAxis(body: Body, name: string, count: number, axis: number, rank: number): string {
  if (name === "" || count === 1) return name;
  return body.reshape(name, new Array<number>(rank).fill(1).with(axis < 0 ? axis + rank : axis, count));
}

/** clamp(round(x / scale) + zero point), scales per tensor or along an axis. */
export const quantizeLinear: Expand = (body, node, inputs) => {
  const rank = requiredFacts(node, inputs, 0).shape.length;
  const scales = requiredFacts(node, inputs, 1).shape;
  const type = inputs[2]?.type ?? "uint8";
  const range = RANGES[type];
  if (range === undefined || scales.length > 1) throw new NotLowerable(`quantises to ${type}`);
  const axis = intAttribute(node, "axis", 1);
  const count = scales[0] ?? 1;
  const [x, scaleName, zeroName = ""] = node.inputs;
  const scale = alongAxis(body, scaleName, count, axis, rank);
  const rounded = body.add("Round", [body.add("Div", [x, scale])]);
  const zero =
    zeroName === "" ? "" : body.add("Cast", [alongAxis(body, zeroName, count, axis, rank)], { to: 1 });
  const shifted = zero === "" ? rounded : body.add("Add", [rounded, zero]);
  const clipped = body.add("Clip", [shifted, body.real(range[0]), body.real(range[1])]);
  return [body.add("Cast", [clipped], { to: ONNX_TYPES[type] })];
};

/** (q − zero point) · scale. */
export const dequantizeLinear: Expand = (body, node, inputs) => {
  const rank = requiredFacts(node, inputs, 0).shape.length;
  const scales = requiredFacts(node, inputs, 1).shape;
  if (scales.length > 1 || intAttribute(node, "block_size", 0) !== 0)
    throw new NotLowerable("has blocks of scales");
  const axis = intAttribute(node, "axis", 1);
  const count = scales[0] ?? 1;
  const [q, scaleName, zeroName = ""] = node.inputs;
  const real = body.add("Cast", [q], { to: 1 });
  const zero =
    zeroName === "" ? "" : body.add("Cast", [alongAxis(body, zeroName, count, axis, rank)], { to: 1 });
  const centred = zero === "" ? real : body.add("Sub", [real, zero]);
  return [body.add("Mul", [centred, alongAxis(body, scaleName, count, axis, rank)])];
};
