/** What becomes of the results of a job's parts. */
export const NO_RESULT = 0;
/** Each part adds 4 or 8 words over F, one or two scalars, to where argument 0 points. */
export const SUM = 1;
/** Each part returns an index within itself or −1; the job's result is the lowest index. */
export const LOWEST = 2;
/** The same for a mere search: parts above an index already found need not run. */
export const FIRST = 3;
export type ResultKind = typeof NO_RESULT | typeof SUM | typeof LOWEST | typeof FIRST;

/** One range kernel over the indices [0, total). */
export interface Job {
  /** Index into `RANGE_KERNELS`. */
  readonly kernel: number;
  readonly kind: ResultKind;
  /** The arguments for index 0, without the count. */
  readonly args: readonly number[];
  /** What each argument grows by per granule. */
  readonly steps: readonly number[];
  readonly total: number;
  /** Parts begin at multiples of it. */
  readonly granule: number;
  /** Indices per call, a multiple of the granule: short enough for the engine to switch to optimised code between calls. */
  readonly chunk: number;
}
