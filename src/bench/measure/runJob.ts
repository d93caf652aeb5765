/** What a process of a measurement does: one job, told step by step on its standard output. */
import { readFileSync, writeSync } from "node:fs";
import { TensorproofError } from "../../errors/tensorproofError.ts";
import { accuracyRole } from "./accuracyRole.ts";
import type { Answer, Job, Message, Role } from "./job.ts";
import { proveRole, type Telling } from "./proveRole.ts";
import { verifyRole } from "./verifyRole.ts";

const RUNS: Readonly<Record<Role, (job: Job, telling: Telling) => Promise<Answer>>> = {
  accuracy: (job, { onStep }) => accuracyRole(job, onStep),
  prove: proveRole,
  verify: (job, { onStep }) => verifyRole(job, onStep),
};

const STDOUT = 1;

function tell(message: Message): void {
  writeSync(STDOUT, `${JSON.stringify(message)}\n`);
}

function failureOf(error: unknown): Extract<Message, { failure: unknown }> {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof TensorproofError)
    return { failure: { code: error.code, message, resources: error.category === "resources" } };
  const { code } = error as NodeJS.ErrnoException;
  const isMemory =
    error instanceof RangeError && /allocation failed|could not allocate|array length/i.test(message);
  const resources = isMemory || code === "ENOSPC" || code === "EDQUOT";
  return { failure: { code: isMemory ? "resources.memory" : (code ?? "internal"), message, resources } };
}

/** Runs the job in a file and tells its answer or failure. */
export async function runJob(path: string): Promise<void> {
  try {
    const telling: Telling = {
      onStep: (step) => tell({ step }),
      onKnown: (known) => tell({ known }),
    };
    const job: Job = JSON.parse(readFileSync(path, "utf8"));
    tell({ answer: await RUNS[job.role](job, telling) });
  } catch (error) {
    tell(failureOf(error));
  }
}
