/**
 * The encoding of a program's structure. Little-endian, no padding, every field in one form only:
 *
 *   magic "TPPS", version u16, mode u8, name
 *   number of inputs u32, number of operators u32
 *   declarations of all tensors (inputs + operators many)
 *   number of constants u32, declarations of all constants
 *   operators
 *   number of outputs u32, their ids u32
 *
 *   declaration   name, axes u8, lengths u32, range i32 i32, scale f64, zero point i32
 *   operator      kind u8, name, then
 *     matmul        input u32, weight u32, bias
 *     requantise    input u32, shift u8, rounding u8, domain i32 i32, map u8, then clamp: lo i32, hi i32; values: one i32
 *                   per integer of the domain
 *     argmax, reshape: input u32
 *     rescale       input u32, rounding u8, zero point i32, lo i32, hi i32, multipliers: number u32, then each, by rounding:
 *                   tflite-…: multiplier u32, shift i32; float-half-even: f64; divide-half-away: u32
 *     conv          input u32, weight u32, bias, spatial axes u8, for each: stride, dilation, padding before and after,
 *                   u32 each; groups u32
 *     combine       inputs, one factor i32 for each, offset i32
 *     multiply, max, batchMatMul: left u32, right u32
 *     divide        numerator u32, denominator u32
 *     gather        table u32, index u32, batch axes u8
 *     take          input u32, axis u8, number of indices u32, indices i32, fill i32
 *     windowSum     input u32, axis u8, size u32, stride u32, padding before u32 and after u32
 *     transpose     input u32, axes u8, permutation u8
 *     concat        inputs, axis u8
 *     constant      constant u32
 *   inputs        number u32, ids u32
 *   bias          has bias u8, bias u32 if it has one
 *   name          length in bytes u16, UTF-8
 *
 * Inputs are the first tensors and operator j computes tensor (inputs + j), so neither is written.
 */
export const STRUCTURE_MAGIC: Uint8Array = Uint8Array.of(0x54, 0x50, 0x50, 0x53);
export const STRUCTURE_VERSION = 1;

export const MODE_CODES = { pow2: 0, "exact-int8": 1 } as const;
export const ROUNDING_HALF_UP = 0;
export const OPERATOR_CODES = {
  matmul: 0,
  requantise: 1,
  argmax: 2,
  reshape: 3,
  rescale: 4,
  conv: 5,
  combine: 6,
  multiply: 7,
  max: 8,
  take: 9,
  windowSum: 10,
  transpose: 11,
  concat: 12,
  constant: 13,
  divide: 14,
  batchMatMul: 15,
  gather: 16,
} as const;
export const ROUNDING_CODES = {
  "tflite-single": 0,
  "tflite-double": 1,
  "float-half-even": 2,
  "divide-half-away": 3,
} as const;
export const MAP_CODES = { clamp: 0, values: 1 } as const;

/** Fewest bytes that a declaration and an operator can take: they bound counts before anything is allocated. */
export const MIN_DECLARATION_BYTES = 23;
export const MIN_OPERATOR_BYTES = 7;

/** The key that has this code. */
export function keyOfCode<K extends string>(codes: Readonly<Record<K, number>>, code: number): K | undefined {
  return (Object.keys(codes) as K[]).find((key) => codes[key] === code);
}
