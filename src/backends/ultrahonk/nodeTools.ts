/** Noir's compiler and Barretenberg in child processes, each with a folder of its own that is gone afterwards. */
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { TensorproofError } from "../../errors/tensorproofError.ts";
import type { Peer } from "../peers/loadPeer.ts";
import { DRIVER } from "./driver.ts";

export const NOIR_PEERS: readonly Peer[] = [
  { name: "@noir-lang/noir_wasm", version: "1.0.0-beta.26" },
  { name: "@noir-lang/noir_js", version: "1.0.0-beta.26" },
  { name: "@aztec/bb.js", version: "5.0.0" },
];

const MESSAGE_LENGTH = 600;
/** Characters of what a process says that are kept. */
const MAX_TEXT = 2 ** 20;

/** By path inside the folder. */
export type StepFiles = Readonly<Record<string, Uint8Array | string>>;

export interface Tools {
  /** A file beside which the packages are found. */
  readonly base: string;
  /** The program of Barretenberg. */
  readonly bb: string;
}

/** @throws TensorproofError `backend.missingPeer`, `backend.unsupported` where Barretenberg has no program for the platform */
export async function findTools(): Promise<Tools> {
  const folder = process.env.TENSORPROOF_PEERS;
  const base = folder === undefined ? new URL(import.meta.url).pathname : join(resolve(folder), "index.js");
  const packages = createRequire(base);
  for (const { name } of NOIR_PEERS) {
    try {
      packages.resolve(name);
    } catch (cause) {
      const install = NOIR_PEERS.map((peer) => `${peer.name}@${peer.version}`).join(" ");
      throw new TensorproofError(
        "backend.missingPeer",
        `the backend "ultrahonk" needs the optional package ${name} (npm run peers -- noir, or npm install ${install})`,
        { where: name, cause },
      );
    }
  }
  const platform = (await import(
    /* @vite-ignore */ pathToFileURL(packages.resolve("@aztec/bb.js/platform")).href
  )) as { findBbBinary(): string | null };
  const bb = platform.findBbBinary();
  if (bb === null) {
    throw new TensorproofError(
      "backend.unsupported",
      `@aztec/bb.js has no program for ${process.platform} on ${process.arch}; BB_BINARY_PATH names one of your own`,
      { where: "@aztec/bb.js" },
    );
  }
  return { base, bb };
}

/** How a step ended that ran to its end. */
export interface StepEnd {
  readonly code: number;
  /** What it wrote to both streams. */
  readonly text: string;
}

/** One process in this folder; ended when the limit has passed, or with this process. */
function runProcess(
  command: string,
  args: readonly string[],
  folder: string,
  step: RunLimits,
): Promise<StepEnd> {
  return new Promise((done, fail) => {
    const child = spawn(command, args, {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: step.limitMs,
      killSignal: "SIGKILL",
      env: {
        ...process.env,
        ...(step.threads === undefined ? {} : { HARDWARE_CONCURRENCY: String(step.threads) }),
      },
    });
    const end = (): void => {
      child.kill("SIGKILL");
    };
    process.once("exit", end);
    let text = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk) => {
        text = (text + chunk).slice(-MAX_TEXT);
      });
    child.on("error", (cause) => {
      process.removeListener("exit", end);
      fail(new TensorproofError("backend.failed", `${step.name} did not start: ${cause.message}`, { cause }));
    });
    child.on("close", (code, signal) => {
      process.removeListener("exit", end);
      if (code !== null) return done({ code, text });
      const reason = `ended by ${signal}; it may take ${Math.round(step.limitMs / 1000)} s`;
      fail(new TensorproofError("backend.failed", `${step.name}: ${reason}`, { where: step.name }));
    });
  });
}

export interface RunLimits {
  readonly name: string;
  readonly limitMs: number;
  readonly threads?: number;
}

export interface StepResult extends StepEnd {
  /** Files that were asked for and are there. */
  readonly files: Readonly<Record<string, Uint8Array>>;
}

/** Runs a process on these files and returns those that it is asked for. @throws TensorproofError `backend.failed` */
export async function runStep(
  command: string,
  args: readonly string[],
  given: StepFiles,
  wanted: readonly string[],
  limits: RunLimits,
): Promise<StepResult> {
  const folder = await mkdtemp(join(tmpdir(), "tensorproof-noir-"));
  try {
    for (const [path, content] of Object.entries(given)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
    const end = await runProcess(command, args, folder, limits);
    const files: Record<string, Uint8Array> = {};
    if (end.code === 0)
      for (const path of wanted) files[path] = new Uint8Array(await readFile(join(folder, path)));
    return { ...end, files };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The last of what a process said, for a message. */
export function lastWords(text: string): string {
  return text.trim().slice(-MESSAGE_LENGTH);
}

/** A step of Noir. @throws TensorproofError `backend.failed` */
export async function runNoir(
  { base }: Tools,
  step: "compile" | "execute",
  given: StepFiles,
  wanted: readonly string[],
  limitMs: number,
): Promise<Readonly<Record<string, Uint8Array>>> {
  const args = ["--input-type=module", "--max-old-space-size=8192", "-e", DRIVER, step, base];
  const limits = { name: `noir ${step}`, limitMs };
  const { code, text, files } = await runStep(process.execPath, args, given, wanted, limits);
  if (code === 0) return files;
  throw new TensorproofError("backend.failed", `Noir failed at ${step}: ${lastWords(text)}`, { where: step });
}
