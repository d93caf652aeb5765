/** Starting a thread, in Node and in browsers. Node's module is asked for at run time: a bundle must not name it. */

export interface WorkerStart {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** 1, 2, …; the main thread is 0. */
  readonly thread: number;
}

export interface SpawnedWorker {
  terminate(): void;
}

/** `onDeath` is called when the thread ends or fails for any reason. */
export function spawnWorker(script: string, start: WorkerStart, onDeath: () => void): SpawnedWorker {
  const nodeThreads = globalThis.process?.getBuiltinModule?.("node:worker_threads");
  if (nodeThreads) {
    const worker = new nodeThreads.Worker(script, { eval: true, workerData: start });
    worker.on("error", onDeath);
    worker.on("exit", onDeath);
    // An idle pool must not keep the process alive.
    worker.unref();
    return { terminate: () => void worker.terminate() };
  }
  const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  const worker = new Worker(url);
  worker.onerror = onDeath;
  worker.postMessage(start);
  return {
    terminate: () => {
      worker.terminate();
      URL.revokeObjectURL(url);
    },
  };
}

/** Whether memory can be shared with threads here; in browsers only on cross-origin isolated pages. */
export function canSpawnWorkers(): boolean {
  if (typeof SharedArrayBuffer === "undefined") return false;
  if (globalThis.process?.versions?.node) return true;
  return typeof Worker !== "undefined" && globalThis.crossOriginIsolated === true;
}
