/** DequantizeLinear and QuantizeLinear of one number, in single precision as ONNX defines them. */

import { roundHalfEven } from "../../graph/operators/quantize.ts";
import { type ByteQuant, byteRange, clampTo, tableOf } from "./byteQuant.ts";

const { fround } = Math;

export function dequantiseReal(q: number, { scale, zeroPoint }: ByteQuant): number {
  return fround((q - zeroPoint) * scale);
}

export function quantiseReal(real: number, { type, scale, zeroPoint }: ByteQuant): number {
  return clampTo(byteRange(type), roundHalfEven(fround(real / scale)) + zeroPoint);
}

/** `apply` is the operator between the two, from float32 to float32. */
export function onnxTable(input: ByteQuant, output: ByteQuant, apply: (x: number) => number): Int32Array {
  return tableOf(input.type, (q) => quantiseReal(fround(apply(dequantiseReal(q, input))), output));
}
