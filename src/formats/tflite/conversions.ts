/** Every TFLite operator that can be expressed in ONNX terms. */

import {
  argmax,
  arithmetic,
  clipped,
  converted,
  fullyConnected,
  leakyRelu,
  prelu,
  softmax,
  unary,
} from "./arithmetic.ts";
import type { Conversion } from "./conversion.ts";
import { conv2d, depthwiseConv2d, transposeConv } from "./convolution.ts";
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
import { averagePool, maxPool } from "./pool.ts";
import { mirrorPad, pad, reduction, resize, slice, split, splitV, unpack } from "./regions.ts";

const CONVERSIONS: ReadonlyMap<string, Conversion> = new Map<string, Conversion>([
  ["FULLY_CONNECTED", fullyConnected],
  ["ADD", arithmetic("Add")],
  ["SUB", arithmetic("Sub")],
  ["MUL", arithmetic("Mul")],
  ["DIV", arithmetic("Div")],
  ["MAXIMUM", arithmetic("Max")],
  ["MINIMUM", arithmetic("Min")],
  ["RELU", unary("Relu")],
  ["RELU6", clipped(0, 6)],
  ["RELU_N1_TO_1", clipped(-1, 1)],
  ["LEAKY_RELU", leakyRelu],
  ["LOGISTIC", unary("Sigmoid")],
  ["TANH", unary("Tanh")],
  ["SOFTMAX", softmax],
  ["LOG_SOFTMAX", unary("LogSoftmax")],
  ["ARG_MAX", argmax],
  ["HARD_SWISH", unary("HardSwish")],
  ["ELU", unary("Elu")],
  ["PRELU", prelu],
  ["DEQUANTIZE", converted],
  ["QUANTIZE", converted],
  ["CONV_2D", conv2d],
  ["DEPTHWISE_CONV_2D", depthwiseConv2d],
  ["TRANSPOSE_CONV", transposeConv],
  ["MAX_POOL_2D", maxPool],
  ["AVERAGE_POOL_2D", averagePool],
  ["MEAN", reduction("ReduceMean")],
  ["SUM", reduction("ReduceSum")],
  ["REDUCE_MAX", reduction("ReduceMax")],
  ["REDUCE_MIN", reduction("ReduceMin")],
  ["PAD", pad],
  ["PADV2", pad],
  ["MIRROR_PAD", mirrorPad],
  ["SLICE", slice],
  ["SPLIT", split],
  ["SPLIT_V", splitV],
  ["UNPACK", unpack],
  ["RESIZE_BILINEAR", resize("linear")],
  ["RESIZE_NEAREST_NEIGHBOR", resize("nearest")],
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

/** All other conversions have one output. */
export function hasSeveralOutputs(operator: string): boolean {
  return operator === "SPLIT" || operator === "SPLIT_V" || operator === "UNPACK";
}
