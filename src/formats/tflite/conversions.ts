/** Every TFLite operator that can be expressed in ONNX terms. */

import {
  argmax,
  arithmetic,
  clipped,
  dequantize,
  fullyConnected,
  leakyRelu,
  softmax,
  unary,
} from "./arithmetic.ts";
import type { Conversion } from "./conversion.ts";
import {
  concatenation,
  expandDims,
  pack,
  reshape,
  shape,
  squeeze,
  stridedSlice,
  transpose,
} from "./layout.ts";

const CONVERSIONS: ReadonlyMap<string, Conversion> = new Map<string, Conversion>([
  ["FULLY_CONNECTED", fullyConnected],
  ["ADD", arithmetic("Add")],
  ["SUB", arithmetic("Sub")],
  ["MUL", arithmetic("Mul")],
  ["DIV", arithmetic("Div")],
  ["RELU", unary("Relu")],
  ["RELU6", clipped(0, 6)],
  ["RELU_N1_TO_1", clipped(-1, 1)],
  ["LEAKY_RELU", leakyRelu],
  ["LOGISTIC", unary("Sigmoid")],
  ["TANH", unary("Tanh")],
  ["SOFTMAX", softmax],
  ["LOG_SOFTMAX", unary("LogSoftmax")],
  ["ARG_MAX", argmax],
  ["DEQUANTIZE", dequantize],
  ["RESHAPE", reshape],
  ["EXPAND_DIMS", expandDims],
  ["SQUEEZE", squeeze],
  ["TRANSPOSE", transpose],
  ["SHAPE", shape],
  ["PACK", pack],
  ["CONCATENATION", concatenation],
  ["STRIDED_SLICE", stridedSlice],
]);

/** `undefined` for operators without a counterpart. */
export function conversionOf(operator: string): Conversion | undefined {
  return CONVERSIONS.get(operator);
}
