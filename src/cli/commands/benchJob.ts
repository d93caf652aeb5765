/** `bench-job`: one process of a measurement. `bench` starts it; nobody else needs it. */
import type { Command } from "commander";
import { runJob } from "../../bench/measure/runJob.ts";

export function configure(command: Command): void {
  command.argument("<job>", "file of the job").action(runJob);
}
