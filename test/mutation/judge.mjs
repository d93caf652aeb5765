/** A worker that may hang, run out of memory or crash: then the mutant that it judged is as good as found. */
import { Worker } from "node:worker_threads";

export class Judge {
  #workerData;
  #worker = null;
  #progress = new Int32Array(new SharedArrayBuffer(4));

  constructor(workerData) {
    this.#workerData = workerData;
  }

  /**
   * `by`: what tells the mutant from the original, null if nothing does; `tried`: number of cases. `stepMs`: longest time
   * without any progress.
   */
  async ask(request, stepMs) {
    this.#worker ??= await this.#start();
    const worker = this.#worker;
    return new Promise((resolve) => {
      const finish = (answer, isBroken) => {
        clearInterval(timer);
        worker.off("message", onMessage);
        worker.off("error", onError);
        if (isBroken) {
          this.#worker = null;
          worker.on("error", () => {});
          worker.terminate();
        }
        resolve(answer);
      };
      const onMessage = (answer) => finish(answer, false);
      const onError = (error) => finish({ by: `crash: ${error.message}`, tried: 1 }, true);
      let seen = Atomics.load(this.#progress, 0);
      let since = performance.now();
      const timer = setInterval(() => {
        const now = Atomics.load(this.#progress, 0);
        if (now !== seen) {
          seen = now;
          since = performance.now();
        } else if (performance.now() - since > stepMs) {
          finish({ by: `no progress for ${stepMs} ms`, tried: 1 }, true);
        }
      }, 250);
      worker.on("message", onMessage);
      worker.on("error", onError);
      worker.postMessage(request);
    });
  }

  async stop() {
    await this.#worker?.terminate();
    this.#worker = null;
  }

  #start() {
    return new Promise((resolve, reject) => {
      const worker = new Worker(new URL("./worker.mjs", import.meta.url), {
        workerData: { ...this.#workerData, progress: this.#progress },
        resourceLimits: { maxOldGenerationSizeMb: 2048 },
      });
      worker.once("error", reject);
      worker.once("message", () => {
        worker.off("error", reject);
        resolve(worker);
      });
    });
  }
}
