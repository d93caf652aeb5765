/** The script of a worker thread, bundled to text by scripts/buildKernels.mjs; the same in Node and in browsers. */
import { instantiate, SCRATCH_BYTES } from "../wasm/rangeKernels.ts";
import { CONTROL_WORDS, ENTERED, FAILED, OPEN, SEQUENCE, STOP, scratchPtr } from "./control.ts";
import type { WorkerStart } from "./spawnWorker.ts";
import { takeChunks } from "./takeChunks.ts";

/** How often a worker looks for the next job before it goes to sleep: jobs come in trains. */
const PATIENCE = 10_000;

function serve({ module, memory, thread }: WorkerStart): void {
  const control = new Int32Array(memory.buffer, 0, CONTROL_WORDS);
  const { kernels } = instantiate(module, memory, scratchPtr(thread, SCRATCH_BYTES));
  let sequence = 0;
  for (;;) {
    for (let k = 0; k < PATIENCE && Atomics.load(control, SEQUENCE) === sequence; k++);
    Atomics.wait(control, SEQUENCE, sequence);
    sequence = Atomics.load(control, SEQUENCE);
    if (Atomics.load(control, STOP) === 1) return;
    Atomics.add(control, ENTERED, 1);
    if (Atomics.load(control, OPEN) === 1) {
      try {
        takeChunks(control, kernels, thread);
      } catch {
        Atomics.store(control, FAILED, 1);
      }
    }
    Atomics.sub(control, ENTERED, 1);
    Atomics.notify(control, ENTERED);
  }
}

const nodeThreads = globalThis.process?.getBuiltinModule?.("node:worker_threads");
if (nodeThreads) serve(nodeThreads.workerData);
else globalThis.onmessage = (event: MessageEvent<WorkerStart>) => serve(event.data);
