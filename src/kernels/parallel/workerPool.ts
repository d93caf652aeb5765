import { TensorproofError } from "../../errors/tensorproofError.ts";
import { workerScript } from "../generated/workerScript.ts";
import type { RangeKernel } from "../wasm/rangeKernels.ts";
import {
  ARGUMENTS,
  CHUNK,
  CONTROL_WORDS,
  ENTERED,
  FAILED,
  FOUND,
  GRANULE,
  KERNEL,
  KIND,
  MAX_ARGUMENTS,
  NEXT,
  NOT_FOUND,
  NUM_ARGUMENTS,
  OPEN,
  PROGRESS,
  SEQUENCE,
  STEPS,
  STOP,
  TOTAL,
} from "./control.ts";
import type { Job } from "./job.ts";
import { type SpawnedWorker, spawnWorker } from "./spawnWorker.ts";
import { takeChunks } from "./takeChunks.ts";

/** Chunks take well under a millisecond; a worker without progress for this long is gone. */
const DEFAULT_PATIENCE_MS = 10_000;
/** Polls before the main thread blocks: the last chunks usually end at about the same time. */
const SPINS = 1000;
const LOOK_AGAIN_MS = 20;

export interface WorkerPoolOptions {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly kernels: readonly RangeKernel[];
  /** With the main thread. */
  readonly threads: number;
  readonly patienceMs?: number;
  /** What the workers run; tests put misbehaving ones here. */
  readonly script?: string;
}

/** Worker threads that help the main thread with one job at a time. */
export class WorkerPool {
  readonly threads: number;
  readonly #control: Int32Array;
  readonly #kernels: readonly RangeKernel[];
  readonly #patienceMs: number;
  readonly #workers: readonly SpawnedWorker[];
  #broken = false;
  #disposed = false;

  constructor(options: WorkerPoolOptions) {
    const { module, memory, kernels, threads } = options;
    const { patienceMs = DEFAULT_PATIENCE_MS, script = workerScript } = options;
    this.threads = threads;
    this.#kernels = kernels;
    this.#patienceMs = patienceMs;
    this.#control = new Int32Array(memory.buffer, 0, CONTROL_WORDS);
    const onDeath = (): void => {
      if (!this.#disposed) this.#broken = true;
    };
    this.#workers = Array.from({ length: threads - 1 }, (_, k) =>
      spawnWorker(script, { module, memory, thread: k + 1 }, onDeath),
    );
  }

  /** Runs the job on all threads; the lowest index found, or −1. */
  run(job: Job): number {
    if (this.#broken) throw workerDied();
    const control = this.#control;
    if (job.args.length > MAX_ARGUMENTS) throw new RangeError(`a job has at most ${MAX_ARGUMENTS} arguments`);
    control[KERNEL] = job.kernel;
    control[KIND] = job.kind;
    control[TOTAL] = job.total;
    control[CHUNK] = job.chunk;
    control[GRANULE] = job.granule;
    control[NUM_ARGUMENTS] = job.args.length;
    control.set(job.args, ARGUMENTS);
    control.set(job.steps, STEPS);
    control[NEXT] = 0;
    control[FOUND] = NOT_FOUND;
    Atomics.store(control, OPEN, 1);
    Atomics.add(control, SEQUENCE, 1);
    Atomics.notify(control, SEQUENCE);
    try {
      takeChunks(control, this.#kernels, 0);
    } finally {
      Atomics.store(control, OPEN, 0);
      this.#awaitWorkers();
    }
    if (Atomics.load(control, FAILED) === 1) {
      this.#broken = true;
      throw workerDied();
    }
    const found = control[FOUND];
    return found === NOT_FOUND ? -1 : found;
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#broken = true;
    Atomics.store(this.#control, STOP, 1);
    Atomics.add(this.#control, SEQUENCE, 1);
    Atomics.notify(this.#control, SEQUENCE);
    for (const worker of this.#workers) worker.terminate();
  }

  #awaitWorkers(): void {
    const control = this.#control;
    let progress = -1;
    let deadline = 0;
    for (let spins = 0; ; spins++) {
      const entered = Atomics.load(control, ENTERED);
      if (entered === 0) return;
      if (spins < SPINS) continue;
      const now = performance.now();
      const latest = Atomics.load(control, PROGRESS);
      if (latest !== progress) {
        progress = latest;
        deadline = now + this.#patienceMs;
      } else if (now > deadline) {
        this.#broken = true;
        throw workerDied();
      }
      blockOn(control, ENTERED, entered);
    }
  }
}

/** Sleeps until the word changes, for a short while at most; a browser's main thread may not sleep and polls on. */
function blockOn(control: Int32Array, index: number, value: number): void {
  try {
    Atomics.wait(control, index, value, LOOK_AGAIN_MS);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
}

function workerDied(): TensorproofError {
  return new TensorproofError("resources.worker", "a worker thread of the prover ended unexpectedly", {
    category: "resources",
  });
}
