/** What differs between the runtimes whose integers are reproduced. */

import type { IntRange } from "../../program/program.ts";

import { activationRange, type ClampBounds } from "./activationRange.ts";
import { type ByteQuant, byteRange } from "./byteQuant.ts";
import { quantiseReal } from "./onnxReals.ts";

/** `tflite`: reference kernels of TensorFlow Lite. `onnx`: the quantised operators of ONNX Runtime. */
export type Arithmetic =
  | { readonly kind: "tflite"; readonly rounding: "tflite-double" | "tflite-single" }
  | { readonly kind: "onnx" };

/** The stored integers that an activation leaves. */
export function resultRange(arithmetic: Arithmetic, output: ByteQuant, bounds: ClampBounds): IntRange {
  if (arithmetic.kind === "tflite") return activationRange(output, bounds);
  const { lo, hi } = byteRange(output.type);
  return {
    lo: bounds.lo === Number.NEGATIVE_INFINITY ? lo : quantiseReal(bounds.lo, output),
    hi: bounds.hi === Number.POSITIVE_INFINITY ? hi : quantiseReal(bounds.hi, output),
  };
}
