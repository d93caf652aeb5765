import { cpus, release, totalmem, type } from "node:os";
import type { Machine } from "./results.ts";

/** What a result is measured with. @param version of this package */
export function describeMachine(version: string): Machine {
  const all = cpus();
  return {
    cpu: all[0]?.model ?? "unknown",
    cores: all.length,
    memoryBytes: totalmem(),
    system: `${type()} ${release()} ${process.arch}`,
    node: process.version,
    version,
  };
}
