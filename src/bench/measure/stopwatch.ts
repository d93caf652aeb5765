import { processorMs } from "./processorTime.ts";

export interface Lap {
  readonly ms: number;
  /** Of all threads and ended children. */
  readonly cpuMs: number;
}

/** Time since the call before. */
export function stopwatch(): () => Lap {
  let since = performance.now();
  let cpuSince = processorMs();
  return () => {
    const now = performance.now();
    const cpuNow = processorMs();
    const lap = { ms: now - since, cpuMs: cpuNow - cpuSince };
    since = now;
    cpuSince = cpuNow;
    return lap;
  };
}
