/** Processor time of this process and of children that have ended: what load on the machine changes little. */
import { readFileSync } from "node:fs";

/** Ticks of /proc are hundredths of a second on every Linux that Node runs on. */
const MS_PER_TICK = 10;
/** cutime and cstime, counted after the name, which may hold blanks and is closed by the last parenthesis. */
const CHILD_FIELDS = [13, 14] as const;

/** Of ended children; 0 where the system does not tell. */
function childrenMs(): number {
  if (process.platform !== "linux") return 0;
  const text = readFileSync("/proc/self/stat", "utf8");
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return CHILD_FIELDS.reduce((sum, at) => sum + Number(fields[at]) * MS_PER_TICK, 0);
}

/** Milliseconds so far, all threads together. */
export function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000 + childrenMs();
}
