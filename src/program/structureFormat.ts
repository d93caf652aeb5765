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
 *   operator      kind u8, name, input u32, then
 *     matmul        weight u32, has bias u8, bias u32 if it has one
 *     requantise    shift u8, rounding u8, domain i32 i32, map u8, then clamp: lo i32, hi i32; values: one i32 per
 *                   integer of the domain
 *     argmax, reshape: nothing
 *   name          length in bytes u16, UTF-8
 *
 * Inputs are the first tensors and operator j computes tensor (inputs + j), so neither is written.
 */
export const STRUCTURE_MAGIC: Uint8Array = Uint8Array.of(0x54, 0x50, 0x50, 0x53);
export const STRUCTURE_VERSION = 1;

export const MODE_POW2 = 0;
export const ROUNDING_HALF_UP = 0;
export const OPERATOR_CODES = { matmul: 0, requantise: 1, argmax: 2, reshape: 3 } as const;
export const MAP_CODES = { clamp: 0, values: 1 } as const;

/** Fewest bytes that a declaration and an operator can take: they bound counts before anything is allocated. */
export const MIN_DECLARATION_BYTES = 23;
export const MIN_OPERATOR_BYTES = 7;
