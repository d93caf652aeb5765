import { Arena, PAGE_BYTES } from "./arena.ts";
import type { KernelSet } from "./kernelSet.ts";
import { MAX_THREADS, scratchPtr } from "./parallel/control.ts";
import { canSpawnWorkers } from "./parallel/spawnWorker.ts";
import { WorkerPool } from "./parallel/workerPool.ts";
import { warmUp } from "./warmUp.ts";
import { codeKernels } from "./wasm/codeKernels.ts";
import { combiningKernels } from "./wasm/combiningKernels.ts";
import { fractionRoundKernels } from "./wasm/fractionRoundKernels.ts";
import { HalfAligner } from "./wasm/halves.ts";
import { hashKernels } from "./wasm/hashKernels.ts";
import { JobRunner } from "./wasm/jobRunner.ts";
import { loadModule } from "./wasm/loadModule.ts";
import { lookupKernels } from "./wasm/lookupKernels.ts";
import { multilinearKernels } from "./wasm/multilinearKernels.ts";
import { instantiate, SCRATCH_BYTES } from "./wasm/rangeKernels.ts";

export interface KernelOptions {
  /** Threads that compute, this one included; 1 without an answer. Where memory cannot be shared it is 1 in any case. */
  readonly threads?: number;
  /** At most and by default 4 GiB. */
  readonly maxMemoryBytes?: number;
}

export interface Kernels extends KernelSet {
  readonly threads: number;
  /** Makes the engine optimise every kernel: a few milliseconds now for faster first calls later. */
  warmUp(): void;
  /** Ends the worker threads. The memory stays readable; kernels must no longer be called. */
  dispose(): void;
}

const MAX_PAGES = 65536;

/** The kernels in WASM SIMD, on a linear memory of their own. */
export function createKernels(options: KernelOptions = {}): Kernels {
  const { threads: wanted = 1, maxMemoryBytes = MAX_PAGES * PAGE_BYTES } = options;
  if (!Number.isInteger(wanted) || wanted < 1)
    throw new RangeError(`threads: expected 1 or more, got ${wanted}`);
  const threads = canSpawnWorkers() ? Math.min(wanted, MAX_THREADS) : 1;
  const shared = threads > 1;
  const reserved = scratchPtr(threads, SCRATCH_BYTES);
  const memory = new WebAssembly.Memory({
    initial: reserved / PAGE_BYTES + 1,
    maximum: MAX_PAGES,
    ...(shared ? { shared } : {}),
  });
  const arena = new Arena(memory, reserved, Math.min(maxMemoryBytes, MAX_PAGES * PAGE_BYTES));
  const module = loadModule(shared);
  const instance = instantiate(module, memory, scratchPtr(0, SCRATCH_BYTES));
  const pool = shared ? new WorkerPool({ module, memory, kernels: instance.kernels, threads }) : undefined;
  const jobs = new JobRunner(instance, () => arena.words, pool);
  const halves = new HalfAligner(arena, jobs);
  const kernels: Kernels = {
    threads,
    get words() {
      return arena.words;
    },
    alloc: (numWords) => arena.alloc(numWords),
    allocUnset: (numWords) => arena.allocUnset(numWords),
    mark: () => arena.mark(),
    release: (mark) => arena.release(mark),
    warmUp: () => warmUp(kernels),
    dispose: () => pool?.dispose(),
    ...codeKernels(jobs),
    ...hashKernels(jobs),
    ...combiningKernels(jobs),
    ...multilinearKernels(halves, jobs),
    ...lookupKernels(halves, jobs),
    ...fractionRoundKernels(halves, jobs),
  };
  return kernels;
}
