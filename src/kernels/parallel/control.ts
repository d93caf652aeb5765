/**
 * The control block: the first page of the linear memory, through which the main thread and the workers agree on one
 * job at a time. Indices are 32-bit words.
 *
 * A job is one range kernel over [0, total), cut into chunks that whoever is free takes next. The main thread takes
 * chunks too, so a worker that wakes up late costs nothing. The memory of a job may be rewritten once no worker is
 * inside: a worker first counts itself in and then looks whether the job is still open, the main thread first closes
 * the job and then waits for the count to fall to zero.
 */
export const SEQUENCE = 0;
export const OPEN = 1;
export const ENTERED = 2;
export const STOP = 3;
/** Set by a worker whose kernel threw. */
export const FAILED = 4;
/** Chunks finished by workers, ever: tells a slow worker from a dead one. */
export const PROGRESS = 5;
export const NEXT = 6;
/** Lowest index found so far by a search, `NOT_FOUND` before. */
export const FOUND = 7;
export const KERNEL = 8;
export const KIND = 9;
export const TOTAL = 10;
export const CHUNK = 11;
export const GRANULE = 12;
export const NUM_ARGUMENTS = 13;
export const ARGUMENTS = 16;
export const STEPS = 32;
export const MAX_ARGUMENTS = 16;
export const CONTROL_WORDS = 48;

export const NOT_FOUND = 0x7fffffff;

/** Each thread's partial sums: one line. */
const PARTIAL_SUMS = 1024;
export const SUM_WORDS = 8;
export const MAX_THREADS = 64;

/** Byte offset of the partial sums of a thread. */
export function partialSumPtr(thread: number): number {
  return PARTIAL_SUMS + 64 * thread;
}

/** Byte offset of a thread's working memory: behind the control page. */
export function scratchPtr(thread: number, scratchBytes: number): number {
  return 65536 + thread * scratchBytes;
}
