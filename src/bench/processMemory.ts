/** Resident memory of a process and all that it started. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

interface ProcessEntry {
  readonly id: number;
  readonly parent: number;
  readonly bytes: number;
}

const KIBIBYTE = 1024;

function entryOf(id: number): ProcessEntry | null {
  try {
    const status = readFileSync(`/proc/${id}/status`, "utf8");
    const field = (name: string): number =>
      Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);
    return { id, parent: field("PPid"), bytes: field("VmRSS") * KIBIBYTE };
  } catch {
    // It ended meanwhile.
    return null;
  }
}

function linuxProcesses(): ProcessEntry[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => entryOf(Number(name)) ?? []);
}

function unixProcesses(): ProcessEntry[] {
  const listing = execFileSync("ps", ["-A", "-o", "pid=,ppid=,rss="], { encoding: "utf8" });
  return listing
    .trim()
    .split("\n")
    .map((line) => {
      const [id, parent, kibibytes] = line.trim().split(/\s+/).map(Number);
      return { id, parent, bytes: kibibytes * KIBIBYTE };
    });
}

/** Whether `treeBytes` can tell on this system. */
export const CAN_MEASURE: boolean = process.platform !== "win32";

/** Bytes of the process `root` and its descendants; 0 when it has ended. */
export function treeBytes(root: number): number {
  const processes = process.platform === "linux" ? linuxProcesses() : unixProcesses();
  const members = new Set([root]);
  // Children have larger numbers than their parents, except after a wrap-around: repeat until nothing is added.
  for (let before = 0; before !== members.size; ) {
    before = members.size;
    for (const { id, parent } of processes) if (members.has(parent)) members.add(id);
  }
  return processes.reduce((sum, { id, bytes }) => sum + (members.has(id) ? bytes : 0), 0);
}
