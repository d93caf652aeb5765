/**
 * The exports of the WASM module (assembly/index.ts). Each works on one contiguous range: its last argument is the
 * number of indices, the pointers before it are those of the range's first index.
 */
export const RANGE_KERNELS = [
  "circleEncodeRows",
  "merkleLeaves",
  "merkleNodes",
  "grind",
  "xofWords",
  "maskToField",
  "combineRows",
  "combineExtRows",
  "rowDots",
  "dotBaseExt",
  "dotExt",
  "extMulAdd",
  "eqExpand",
  "extFold",
  "productRound",
  "lookupLeaves",
  "fractionSum",
  "gkrRound",
  "leafFractionSum",
  "extFromBase",
  "fractionRound",
  "fractionFoldRound",
] as const;

export type RangeKernelName = (typeof RANGE_KERNELS)[number];
export type RangeKernel = (...args: number[]) => number;

/** Bytes of working memory that each thread needs (assembly/scratch.ts). */
export const SCRATCH_BYTES = 65536;

export interface KernelInstance {
  /** In the order of `RANGE_KERNELS`. */
  readonly kernels: readonly RangeKernel[];
  /** Moves elements between ext4 arrays: (dst, first element there, src, first element there, count). */
  readonly extMove: (dst: number, dstFirst: number, src: number, srcFirst: number, count: number) => void;
}

/** `scratchPtr`: this thread's working memory. */
export function instantiate(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  scratchPtr: number,
): KernelInstance {
  const exports = new WebAssembly.Instance(module, { env: { memory } }).exports;
  const called = (name: string): RangeKernel => exports[name] as RangeKernel;
  called("setScratch")(scratchPtr);
  return { kernels: RANGE_KERNELS.map(called), extMove: called("extMove") };
}
