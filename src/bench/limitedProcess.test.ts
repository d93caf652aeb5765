import { describe, expect, it } from "vitest";
import { runLimited } from "./limitedProcess.ts";
import { treeBytes } from "./processMemory.ts";

const LIMITS = { seconds: 30, megabytes: 4096, sampleMs: 20 };

function run(
  script: string,
  limits: Partial<typeof LIMITS> & { signal?: AbortSignal } = {},
  lines: string[] = [],
) {
  return runLimited([process.execPath, "-e", script], { ...LIMITS, ...limits }, (line) => lines.push(line));
}

describe("runLimited", () => {
  it("hands on lines and how the process ended", async () => {
    const lines: string[] = [];
    const end = await run("console.log('a\\nb'); console.error('why'); process.exitCode = 3", {}, lines);
    expect(end).toMatchObject({ reason: "exited", exitCode: 3, errorText: "why\n" });
    expect(lines).toEqual(["a", "b"]);
  });

  it("ends what hangs, with what it started", async () => {
    const script = `const child = require("child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1e3)"]);
      console.log(child.pid); for (;;);`;
    const lines: string[] = [];
    expect(await run(script, { seconds: 2 }, lines)).toMatchObject({ reason: "timeout", signal: "SIGKILL" });
    expect(lines[0]).toMatch(/^\d+$/);
    // A process that nobody has waited for yet still has a number, but no memory.
    await expect.poll(() => treeBytes(Number(lines[0]))).toBe(0);
  });

  it.skipIf(process.platform === "win32")("ends what takes too much memory", async () => {
    const script = "const all = []; setInterval(() => all.push(Buffer.alloc(2e7, 1)), 5)";
    const end = await run(script, { megabytes: 300 });
    expect(end.reason).toBe("memory");
    expect(end.sampledPeakBytes).toBeGreaterThan(300 * 2 ** 20);
  });

  it("ends on request", async () => {
    const signal = AbortSignal.timeout(200);
    expect((await run("setInterval(() => {}, 1e3)", { signal })).reason).toBe("aborted");
  });
});
