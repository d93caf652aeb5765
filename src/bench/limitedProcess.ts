/** A process that is ended, with all that it started, at a limit of time or memory or on request. */
import { spawn } from "node:child_process";
import { CAN_MEASURE, treeBytes } from "./processMemory.ts";

export interface Limits {
  readonly seconds: number;
  readonly megabytes: number;
  /** Between two looks at the memory. */
  readonly sampleMs?: number;
  readonly signal?: AbortSignal | undefined;
}

export interface ProcessEnd {
  readonly reason: "exited" | "timeout" | "memory" | "aborted";
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** Largest memory of the whole tree that was seen; 0 where the system cannot tell. */
  readonly sampledPeakBytes: number;
  /** The end of what it wrote to its standard error. */
  readonly errorText: string;
}

const ERROR_TEXT_LENGTH = 2000;
const SAMPLE_MS = 100;
const MEGABYTE = 2 ** 20;

function endTree(id: number): void {
  try {
    // A process group of its own, so that what it started ends as well.
    process.kill(process.platform === "win32" ? id : -id, "SIGKILL");
  } catch {
    // Ended already.
  }
}

/** @param onLine called with every line of its standard output */
export function runLimited(
  command: readonly string[],
  { seconds, megabytes, sampleMs = SAMPLE_MS, signal: abort }: Limits,
  onLine: (line: string) => void,
): Promise<ProcessEnd> {
  const [program, ...args] = command;
  const child = spawn(program, args, {
    stdio: ["ignore", "pipe", "pipe"],
    detached: process.platform !== "win32",
  });
  let reason: ProcessEnd["reason"] = "exited";
  let sampledPeakBytes = 0;
  let errorText = "";
  let rest = "";
  const end = (why: ProcessEnd["reason"]): void => {
    if (reason === "exited") reason = why;
    if (child.pid !== undefined) endTree(child.pid);
  };
  const onAbort = (): void => end("aborted");
  const timer = setTimeout(() => end("timeout"), seconds * 1000);
  const sampler = setInterval(() => {
    if (!CAN_MEASURE || child.pid === undefined) return;
    const bytes = treeBytes(child.pid);
    sampledPeakBytes = Math.max(sampledPeakBytes, bytes);
    if (bytes > megabytes * MEGABYTE) end("memory");
  }, sampleMs);
  if (abort?.aborted === true) onAbort();
  abort?.addEventListener("abort", onAbort);
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() as string;
    for (const line of lines) onLine(line);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errorText = (errorText + text).slice(-ERROR_TEXT_LENGTH);
  });
  return new Promise((resolve, reject) => {
    const finish = (): void => {
      clearTimeout(timer);
      clearInterval(sampler);
      abort?.removeEventListener("abort", onAbort);
      // What it started may have outlived it.
      if (child.pid !== undefined) endTree(child.pid);
    };
    child.on("error", (error) => {
      finish();
      reject(error);
    });
    child.on("close", (exitCode, signal) => {
      finish();
      resolve({ reason, exitCode, signal, sampledPeakBytes, errorText });
    });
  });
}
