/** One process of a measurement, from the side that waits for it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ProcessEnd, runLimited } from "./limitedProcess.ts";
import type { Answer, Job, Known, Message } from "./measure/job.ts";
import type { FailureKind, RowFailure } from "./results.ts";

export interface RoleRun {
  /** Starts `runJob`; the path of the job's file is added. */
  readonly command: readonly string[];
  readonly onStep?: (step: string) => void;
  readonly signal?: AbortSignal | undefined;
}

export type RoleOutcome =
  | { readonly kind: "answer"; readonly answer: Answer; readonly sampledPeakBytes: number }
  | { readonly kind: "failure"; readonly failure: RowFailure; readonly known: Known }
  | { readonly kind: "aborted" };

const UNSUPPORTED: ReadonlySet<string> = new Set([
  "backend.unsupported",
  "backend.unknown",
  "model.unsupportedOperator",
]);
const MISSING: ReadonlySet<string> = new Set(["backend.missingPeer", "file.missing"]);

function kindOf(code: string, resources: boolean): FailureKind {
  if (code.startsWith("guard.")) return "guard";
  if (UNSUPPORTED.has(code)) return "unsupported";
  if (MISSING.has(code)) return "missing";
  if (code === "ENOSPC" || code === "EDQUOT" || code === "output.unwritable") return "disk";
  return resources ? "memory" : "error";
}

/** What became of a process that gave neither answer nor failure. */
function crash(end: ProcessEnd, job: Job): Pick<RowFailure, "kind" | "code" | "message"> {
  const { timeLimitSeconds, memoryLimitMegabytes } = job.settings;
  if (end.reason === "timeout")
    return { kind: "timeout", code: "limit.time", message: `ended after ${timeLimitSeconds} s` };
  if (end.reason === "memory")
    return { kind: "memory", code: "limit.memory", message: `ended above ${memoryLimitMegabytes} MiB` };
  const text = end.errorText.trim();
  const how = end.signal === null ? `exit code ${end.exitCode}` : `signal ${end.signal}`;
  const isMemory = /heap out of memory|allocation failed/i.test(text) || end.signal === "SIGKILL";
  const lastLines = text === "" ? "" : `: ${text.slice(-500)}`;
  return {
    kind: isMemory ? "memory" : "crash",
    code: isMemory ? "process.memory" : "process.died",
    message: `the process died (${how})${lastLines}`,
  };
}

function parse(line: string): Message | null {
  try {
    const value = JSON.parse(line);
    return typeof value === "object" ? value : null;
  } catch {
    // Packages print what they like.
    return null;
  }
}

export async function runRole(job: Job, { command, onStep, signal }: RoleRun): Promise<RoleOutcome> {
  const path = join(job.folder, `${job.role}.json`);
  writeFileSync(path, JSON.stringify(job));
  const { timeLimitSeconds: seconds, memoryLimitMegabytes: megabytes } = job.settings;
  let step = "start";
  let answer: Answer | null = null;
  let known: Known = {};
  let told: Extract<Message, { failure: unknown }>["failure"] | null = null;
  const end = await runLimited([...command, path], { seconds, megabytes, signal }, (line) => {
    const message = parse(line);
    if (message === null) return;
    if ("step" in message) {
      step = message.step;
      onStep?.(step);
    } else if ("known" in message) known = { ...known, ...message.known };
    else if ("answer" in message) answer = message.answer;
    else if ("failure" in message) told = message.failure;
  });
  if (end.reason === "aborted") return { kind: "aborted" };
  // An answer stands even where the process was ended after it.
  if (answer !== null) return { kind: "answer", answer, sampledPeakBytes: end.sampledPeakBytes };
  const failure = told as { code: string; message: string; resources: boolean } | null;
  const where = `${job.role}: ${step}`;
  if (failure === null) return { kind: "failure", known, failure: { step: where, ...crash(end, job) } };
  const { code, message, resources } = failure;
  return { kind: "failure", known, failure: { kind: kindOf(code, resources), step: where, code, message } };
}
