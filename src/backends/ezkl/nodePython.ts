/** Steps of EZKL in child processes, each in a folder of its own that is gone afterwards. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { TensorproofError } from "../../errors/tensorproofError.ts";
import type { BackendOptions } from "../proofBackend.ts";
import { DRIVER } from "./driver.ts";

const MESSAGE_LENGTH = 600;

/** The interpreter of the environment that `npm run peers` makes, or the one on the path. */
export function pythonPath(): string {
  const own = resolve(process.env.TENSORPROOF_PEERS ?? ".peers", "ezkl/bin/python");
  return existsSync(own) ? own : "python3";
}

export interface StepRequest {
  readonly step: "compile" | "srs" | "setup" | "witness" | "infer" | "prove" | "verify" | "version";
  readonly [argument: string]: unknown;
}

/** By file name. */
export type StepFiles = Readonly<Record<string, Uint8Array | string>>;

/**
 * Runs a step on these files and returns those that it is asked for.
 * @throws TensorproofError `backend.missingPeer`, `backend.failed`
 */
export async function runStep<Name extends string>(
  request: StepRequest,
  files: StepFiles,
  wanted: readonly Name[],
  { threads }: Pick<BackendOptions, "threads"> = {},
): Promise<Record<Name, Uint8Array>> {
  const folder = await mkdtemp(join(tmpdir(), "tensorproof-ezkl-"));
  try {
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
    await python(request, folder, threads);
    const results = wanted.map(async (name) => [name, new Uint8Array(await readFile(join(folder, name)))]);
    return Object.fromEntries(await Promise.all(results));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function python(request: StepRequest, folder: string, threads: number | undefined): Promise<void> {
  // EZKL computes on threads of Rayon, by default as many as there are cores.
  const limit = threads === undefined ? {} : { RAYON_NUM_THREADS: `${threads}` };
  return new Promise((done, fail) => {
    const child = spawn(pythonPath(), ["-c", DRIVER, JSON.stringify(request)], {
      cwd: folder,
      env: { ...process.env, ...limit },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let errors = "";
    child.stderr.on("data", (chunk) => {
      errors += chunk;
    });
    child.on("error", (cause) => fail(missingPython(cause)));
    child.on("close", (code, signal) => {
      if (code === 0) return done();
      if (/No module named '?ezkl/.test(errors)) return fail(missingPython(errors));
      const reason = signal === null ? errors.trim().slice(-MESSAGE_LENGTH) : `ended by ${signal}`;
      fail(
        new TensorproofError("backend.failed", `EZKL failed at ${request.step}: ${reason}`, {
          where: request.step,
        }),
      );
    });
  });
}

function missingPython(cause: unknown): TensorproofError {
  return new TensorproofError(
    "backend.missingPeer",
    'the backend "ezkl" needs Python with the package ezkl 23 (npm run peers -- ezkl, or pip install ezkl==23.0.5)',
    { where: "ezkl", cause },
  );
}
