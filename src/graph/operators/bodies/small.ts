/** Short bodies: SwiGLU, CenterCropPad, the integer products, dynamic quantisation. */

import { attribute, floatAttribute, intAttribute } from "../../attributes.ts";
import type { Node } from "../../node.ts";
import { requiredFacts, requiredIntegers, type ValueFacts } from "../../operator.ts";
import { requiredAxis } from "../axes.ts";
import type { Body, Expand } from "../expansion.ts";

export const swiGlu: Expand = (body, node) => {
  const [a, b] = node.inputs;
  const swished = body.add("Swish", [a], { alpha: { real: floatAttribute(node, "alpha", 1) } });
  return [body.add("Mul", [swished, b])];
};

/** (Σ |x|^p)^(1/p) over each window. */
export const lpPool: Expand = (body, node, inputs) => {
  requiredFacts(node, inputs, 0);
  const p = intAttribute(node, "p", 2);
  const kernel = attribute(node, "kernel_shape", "ints") ?? [];
  const powers = body.add("Pow", [body.add("Abs", [node.inputs[0]]), body.real(p)]);
  const lists = ["dilations", "kernel_shape", "pads", "strides"].flatMap((name) => {
    const value = attribute(node, name, "ints");
    return value === undefined ? [] : [[name, value] as const];
  });
  const autoPad = attribute(node, "auto_pad", "string");
  const mean = body.add("AveragePool", [powers], {
    ...Object.fromEntries(lists),
    ...(autoPad === undefined ? {} : { auto_pad: autoPad }),
    ceil_mode: intAttribute(node, "ceil_mode", 0),
    count_include_pad: 1,
  });
  const sum = body.add("Mul", [mean, body.real(kernel.reduce((product, length) => product * length, 1))]);
  return [body.add("Pow", [sum, body.real(1 / p)])];
};

/** Cuts or pads each axis around its middle. */
export const centerCropPad: Expand = (body, node, inputs) => {
  const { shape } = requiredFacts(node, inputs, 0);
  const wanted = requiredIntegers(node, inputs, 1);
  const axes = (attribute(node, "axes", "ints") ?? shape.map((_, axis) => axis)).map((axis) =>
    requiredAxis(node, axis, shape),
  );
  let [x] = node.inputs;
  axes.forEach((axis, i) => {
    const [length, target] = [shape[axis], wanted[i]];
    if (target < length) {
      const start = Math.floor((length - target) / 2);
      x = body.slice(x, axis, start, start + target);
    } else if (target > length) {
      const before = Math.floor((target - length) / 2);
      const pads = [
        ...shape.map((_, at) => (at === axis ? before : 0)),
        ...shape.map((_, at) => (at === axis ? target - length - before : 0)),
      ];
      x = body.add("Pad", [x, body.integers(...pads)]);
    }
  });
  return [body.add("Identity", [x])];
};

type Facts = readonly (ValueFacts | undefined)[];

/** The operand minus its zero point, as reals: sums of products of 8-bit integers are exact in them. */
function centred(
  body: Body,
  node: Node,
  inputs: Facts,
  operand: number,
  zero: number,
  along: number | null,
): string {
  const real = body.add("Cast", [node.inputs[operand]], { to: 1 });
  const name = node.inputs[zero] ?? "";
  if (name === "") return real;
  let point = body.add("Cast", [name], { to: 1 });
  const count = inputs[zero]?.shape[0] ?? 1;
  const rank = requiredFacts(node, inputs, operand).shape.length;
  // A zero point per row of the left or per output of the right operand stands along that axis.
  if (count > 1 && along !== null && inputs[zero]?.shape.length === 1) {
    const shape = new Array<number>(rank).fill(1);
    shape[along < 0 ? along + rank : along] = count;
    point = body.reshape(point, shape);
  }
  return body.add("Sub", [real, point]);
}

const INT32 = 6;

export const convInteger: Expand = (body, node, inputs) => {
  const x = centred(body, node, inputs, 0, 2, null);
  const w = centred(body, node, inputs, 1, 3, 0);
  const ints = ["dilations", "kernel_shape", "pads", "strides"].flatMap((name) => {
    const value = attribute(node, name, "ints");
    return value === undefined ? [] : [[name, value] as const];
  });
  const group = attribute(node, "group", "int") ?? 1;
  const autoPad = attribute(node, "auto_pad", "string");
  const attributes = {
    ...Object.fromEntries(ints),
    group,
    ...(autoPad === undefined ? {} : { auto_pad: autoPad }),
  };
  return [body.add("Cast", [body.add("Conv", [x, w], attributes)], { to: INT32 })];
};

export const matMulInteger: Expand = (body, node, inputs) => {
  const a = centred(body, node, inputs, 0, 2, -2);
  const b = centred(body, node, inputs, 1, 3, -1);
  return [body.add("Cast", [body.add("MatMul", [a, b])], { to: INT32 })];
};

const LEVELS = 255;
const UINT8 = 2;

/** The range of the input, 0 included, on 256 integers. */
export const dynamicQuantizeLinear: Expand = (body, node) => {
  const [x] = node.inputs;
  const zero = body.real(0);
  const most = body.add("Max", [body.add("ReduceMax", [x], { keepdims: 0 }), zero]);
  const least = body.add("Min", [body.add("ReduceMin", [x], { keepdims: 0 }), zero]);
  const scale = body.add("Div", [body.add("Sub", [most, least]), body.real(LEVELS)]);
  const point = body.add("Round", [body.add("Neg", [body.add("Div", [least, scale])])]);
  const zeroPoint = body.add("Cast", [body.add("Clip", [point, zero, body.real(LEVELS)])], { to: UINT8 });
  return [body.add("QuantizeLinear", [x, scale, zeroPoint]), scale, zeroPoint];
};
