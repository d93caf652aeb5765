import { execFileSync } from "node:child_process";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { loadModule } from "../wasm/loadModule.ts";
import { instantiate, RANGE_KERNELS, SCRATCH_BYTES } from "../wasm/rangeKernels.ts";
import { ENTERED, FAILED, OPEN, SEQUENCE, scratchPtr } from "./control.ts";
import { type Job, NO_RESULT } from "./job.ts";
import { WorkerPool } from "./workerPool.ts";

const START = `const { workerData } = require("node:worker_threads");
const control = new Int32Array(workerData.memory.buffer, 0, 48);`;

function createPool(script: string): { pool: WorkerPool; control: Int32Array } {
  const memory = new WebAssembly.Memory({ initial: 8, maximum: 65536, shared: true });
  const module = loadModule(true);
  const { kernels } = instantiate(module, memory, scratchPtr(0, SCRATCH_BYTES));
  const pool = new WorkerPool({ module, memory, kernels, threads: 2, patienceMs: 200, script });
  return { pool, control: new Int32Array(memory.buffer) };
}

const JOB: Job = {
  kernel: RANGE_KERNELS.indexOf("maskToField"),
  kind: NO_RESULT,
  args: [7 * 65536],
  steps: [0],
  total: 64,
  granule: 4,
  chunk: 16,
};

/** Waits, without blocking the event loop, until the worker has changed the word. */
async function changed(control: Int32Array, index: number): Promise<void> {
  while (Atomics.load(control, index) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe("WorkerPool", () => {
  it("reports a worker that never finishes its part", async () => {
    const { pool, control } = createPool(`${START} Atomics.add(control, ${ENTERED}, 1);`);
    await changed(control, ENTERED);
    expect(() => pool.run(JOB)).toThrow(expect.objectContaining({ code: "resources.worker" }));
    expect(() => pool.run(JOB)).toThrow(/ended unexpectedly/);
    pool.dispose();
  });

  it("reports a worker whose kernel fails", async () => {
    const { pool, control } = createPool(`${START} Atomics.store(control, ${FAILED}, 1);`);
    await changed(control, FAILED);
    expect(() => pool.run(JOB)).toThrow(expect.objectContaining({ code: "resources.worker" }));
    pool.dispose();
  });

  it("reports a worker that died between jobs", async () => {
    const { pool } = createPool(`throw new Error("at once");`);
    await expect
      .poll(() => {
        try {
          return pool.run(JOB);
        } catch (error) {
          return (error as { code: string }).code;
        }
      })
      .toBe("resources.worker");
    pool.dispose();
  });

  it("works while no worker has started yet, and refuses after dispose", () => {
    const { pool, control } = createPool(START);
    expect(pool.run(JOB)).toBe(-1);
    expect([control[SEQUENCE], control[OPEN]]).toEqual([1, 0]);
    pool.dispose();
    pool.dispose();
    expect(() => pool.run(JOB)).toThrow();
  });

  it("does not keep the process alive, disposed or not", async () => {
    const { outputFiles } = await build({
      stdin: {
        contents: `import { createKernels } from "./createKernels.ts";
          const kernels = createKernels({ threads: 3 });
          const ptr = kernels.alloc(4e6);
          for (let k = 0; k < 5; k++) kernels.maskToField(ptr, 4e6);
          if (process.argv[1] === "dispose") kernels.dispose();
          console.log("done");`,
        resolveDir: `${import.meta.dirname}/..`,
      },
      bundle: true,
      write: false,
      format: "esm",
      platform: "neutral",
      mainFields: ["module", "main"],
    });
    for (const how of ["dispose", "leave"]) {
      const options = { input: outputFiles[0].text, timeout: 10_000, encoding: "utf8" } as const;
      expect(execFileSync(process.execPath, ["--input-type=module", "-", how], options)).toBe("done\n");
    }
  });
});
