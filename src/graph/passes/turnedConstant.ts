/** Constants with their axes turned back, to stand beside a tensor whose Transpose has not been carried out. */

import { elementCount } from "../../tensor/shape.ts";
import { reshaped, type Tensor } from "../../tensor/tensor.ts";
import type { Node } from "../node.ts";
import { transposedTensor } from "../operators/transpose.ts";
import { inverse, type Order } from "./axisOrder.ts";
import type { FreshName } from "./freshNames.ts";

/** The name of the turned constant, which is added to `constants`; `undefined` where it has more axes than `order`. */
export function turnedConstant(
  constants: Map<string, Tensor>,
  fresh: FreshName,
  name: string,
  constant: Tensor,
  order: Order,
): string | undefined {
  const { shape } = constant;
  if (shape.length > order.length) return undefined;
  if (elementCount(shape) === 1) return name;
  const full = [...order.slice(shape.length).fill(1), ...shape];
  const back = inverse(order);
  const turned = fresh(`${name}/order ${back.join(" ")}`);
  if (!constants.has(turned)) {
    constants.set(turned, transposedTensor(reshaped(constant, full), back));
  }
  return turned;
}

/** The same for a weight stored as integers under one scale: the DequantizeLinear of the turned integers. */
export function turnedWeight(
  constants: Map<string, Tensor>,
  fresh: FreshName,
  weight: Node,
  order: Order,
): Node | undefined {
  const integers = constants.get(weight.inputs[0]);
  const scale = constants.get(weight.inputs[1]);
  if (integers === undefined || scale === undefined) return undefined;
  if (scale.data.length !== 1 && integers.data.length !== 1) return undefined;
  const turned = turnedConstant(constants, fresh, weight.inputs[0], integers, order);
  if (turned === undefined) return undefined;
  if (turned === weight.inputs[0]) return weight;
  const output = fresh(`${weight.outputs[0]}/order ${inverse(order).join(" ")}`);
  return { ...weight, name: output, inputs: weight.inputs.with(0, turned), outputs: [output] };
}
