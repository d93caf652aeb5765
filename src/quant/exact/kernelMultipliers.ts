/**
 * The real multiplier between sums and stored integers, computed in the precision in which the kernels of TensorFlow
 * Lite 2.21 and ONNX Runtime compute it: a product rounded to float32 gives another integer than one in double.
 */

import type { ByteQuant } from "./byteQuant.ts";

const { fround } = Math;

/** CONV_2D and DEPTHWISE_CONV_2D (`PopulateConvolutionQuantizationParams`); uint8 goes a way of its own. */
export function convMultiplier(input: ByteQuant, weightScale: number, output: ByteQuant): number {
  if (input.type === "uint8") return fround(input.scale * weightScale) / output.scale;
  return (input.scale * weightScale) / output.scale;
}

/** FULLY_CONNECTED, which multiplies sums by this double (reference/fully_connected.h). */
export function denseScale(input: ByteQuant, weightScale: number, output: ByteQuant): number {
  return (input.scale * weightScale) / output.scale;
}

/** MUL. */
export function productMultiplier(left: ByteQuant, right: ByteQuant, output: ByteQuant): number {
  return fround(fround(left.scale * right.scale) / output.scale);
}

/** QUANTIZE from integers to integers, and MEAN before it takes in the number of elements. */
export function requantiseMultiplier(input: ByteQuant, output: ByteQuant): number {
  return input.scale / output.scale;
}

/** RELU and its kin as operators of their own, and the upper half of LEAKY_RELU. */
export function reluMultiplier(input: ByteQuant, output: ByteQuant): number {
  return fround(input.scale / output.scale);
}

/** The lower half of LEAKY_RELU. */
export function leakMultiplier(input: ByteQuant, alpha: number, output: ByteQuant): number {
  return fround(fround(input.scale * fround(alpha)) / output.scale);
}

/** QLinearConv, QLinearMatMul and QGemm of ONNX Runtime: float32 throughout, which is the multiplier itself. */
export function onnxMultiplier(input: ByteQuant, weightScale: number, output: ByteQuant): number {
  return fround(fround(input.scale * weightScale) / output.scale);
}
