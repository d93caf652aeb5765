/** Cuts kernels into calls: short ones directly, long ones in chunks, very long ones on all threads. */

import { P } from "../../field/m31.ts";
import { partialSumPtr, SUM_WORDS } from "../parallel/control.ts";
import { FIRST, type Job, LOWEST, NO_RESULT, type ResultKind, SUM } from "../parallel/job.ts";
import type { WorkerPool } from "../parallel/workerPool.ts";
import { type KernelInstance, RANGE_KERNELS, type RangeKernelName } from "./rangeKernels.ts";

/** A call lasts about this long. */
const CHUNK_NANOSECONDS = 15_000;
/** Waking a worker takes about 20 µs, so that two chunks are just worth it. */
const CHUNKS_WORTH_SHARING = 2;

/** A kernel applied to indices [0, total). */
export interface RangeCall {
  readonly name: RangeKernelName;
  /** Arguments for index 0, without the count. */
  readonly args: readonly number[];
  /** What each argument grows by from one granule to the next. */
  readonly steps: readonly number[];
  readonly total: number;
  readonly granule: number;
  /** A rough price of one index. */
  readonly nanoseconds: number;
}

const KERNEL_NUMBER: ReadonlyMap<string, number> = new Map(RANGE_KERNELS.map((name, k) => [name, k]));

export class JobRunner {
  readonly #instance: KernelInstance;
  readonly #words: () => Uint32Array;
  readonly #pool: WorkerPool | undefined;

  constructor(instance: KernelInstance, words: () => Uint32Array, pool: WorkerPool | undefined) {
    this.#instance = instance;
    this.#words = words;
    this.#pool = pool;
  }

  get words(): Uint32Array {
    return this.#words();
  }

  /** Runs for the effect on memory. */
  run(call: RangeCall): void {
    this.#execute(call, NO_RESULT);
  }

  /** Runs all of it; the lowest index that a part returned, or −1. */
  lowest(call: RangeCall): number {
    return this.#execute(call, LOWEST);
  }

  /** The same for a mere search, which may stop at the first find. */
  first(call: RangeCall): number {
    return this.#execute(call, FIRST);
  }

  /** Runs a sum of `numWords` words over F; argument 0 is where the result goes. */
  sum(call: RangeCall, numWords: number): void {
    const words = this.#words();
    const out = call.args[0] / 4;
    words.fill(0, out, out + numWords);
    const threads = this.#pool?.threads ?? 1;
    for (let thread = 0; thread < threads; thread++) {
      const at = partialSumPtr(thread) / 4;
      words.fill(0, at, at + SUM_WORDS);
    }
    this.#execute(call, SUM);
    for (let thread = 0; thread < threads; thread++) {
      const at = partialSumPtr(thread) / 4;
      for (let k = 0; k < numWords; k++) words[out + k] = (words[out + k] + words[at + k]) % P;
    }
  }

  extMove(dst: number, dstFirst: number, src: number, srcFirst: number, count: number): void {
    this.#instance.extMove(dst, dstFirst, src, srcFirst, count);
  }

  #execute(call: RangeCall, kind: ResultKind): number {
    const { name, args, steps, total, granule, nanoseconds } = call;
    if (total === 0) return -1;
    const chunk = granule * Math.max(1, Math.floor(CHUNK_NANOSECONDS / (nanoseconds * granule)));
    const job: Job = { kernel: KERNEL_NUMBER.get(name)!, kind, args, steps, total, granule, chunk };
    if (this.#pool && total >= CHUNKS_WORTH_SHARING * chunk) return this.#pool.run(job);
    return runAlone(job, this.#instance);
  }
}

function runAlone(
  { kernel, kind, args, steps, total, granule, chunk }: Job,
  instance: KernelInstance,
): number {
  const called = instance.kernels[kernel];
  const current = [...args, 0];
  if (kind === SUM) current[0] = partialSumPtr(0);
  let found = -1;
  for (let begin = 0; begin < total; begin += chunk) {
    current[args.length] = Math.min(chunk, total - begin);
    const result = called(...current);
    if ((kind === LOWEST || kind === FIRST) && result >= 0 && found < 0) found = begin + result;
    if (kind === FIRST && found >= 0) return found;
    for (let k = 0; k < args.length; k++) current[k] += steps[k] * (chunk / granule);
  }
  return found;
}
