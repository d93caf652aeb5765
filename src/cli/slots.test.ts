/** No slot serves two proofs, whatever happens to the processes that take them. */
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CommandLine } from "./testing/commandLine.ts";

const BUDGET = 40;
let cli: CommandLine;

beforeAll(async () => {
  cli = await CommandLine.create();
  const { digits } = JSON.parse(readFileSync("examples/mnist/digits.json", "utf8"));
  const pixels: number[] = digits[0].pixels;
  writeFileSync(cli.path("image.json"), JSON.stringify({ input_data: [pixels.map((x) => x / 255)] }));
  expect((await cli.run("compile", resolve("examples/mnist/model.onnx"), "-o", "model.tp")).exitCode).toBe(0);
  expect((await cli.run("setup", "model.tp", "--proofs", String(BUDGET), "-o", "keys")).exitCode).toBe(0);
});

afterAll(() => cli.dispose());

function proveArgs(proof: string): string[] {
  return ["prove", "keys/proving.key", "--input", "image.json", "-o", proof];
}

/** Lines of the counter that stand for proofs. */
function taken(): number {
  return readFileSync(cli.path("keys/proving.key.slots"), "latin1").split("\nproof ").length - 1;
}

async function slotOfNext(proof: string): Promise<number> {
  const { answer } = await cli.json(...proveArgs(proof));
  return answer.statement.weightSlot.slot;
}

describe("a prover that is killed", () => {
  // "committing" is said when the slot is taken and nothing of the proof is drawn.
  const phases = [
    ["loading the committed weights", 0],
    ["running the model", 0],
    ["committing", 1],
    ["arguing", 1],
    ["opening", 1],
  ] as const;

  it.each(phases)("while it says %s leaves its slot to nobody", async (phase, atLeast) => {
    const before = taken();
    const killed = await cli.interruptedAfter(phase, "SIGKILL", ...proveArgs("killed.proof"));
    // It may have ended before the signal came; it has not written a proof with a slot that is not on the disk.
    expect([0, 137]).toContain(killed.exitCode);
    const after = taken();
    expect(after - before).toBeGreaterThanOrEqual(atLeast);
    expect(after - before).toBeLessThanOrEqual(1);
    // Slots are counted from 0, so the next one is the number of those that are gone.
    expect(await slotOfNext("next.proof")).toBe(after);
  });
});

describe("a renewal that is killed", () => {
  it("leaves its number to nobody", async () => {
    const renewals = (): number =>
      readFileSync(cli.path("keys/proving.key.slots"), "latin1").split("\nrenewal ").length - 1;
    const renew = (folder: string): string[] => ["renew", "keys/proving.key", "-o", folder];
    const killed = await cli.interruptedAfter(
      "committing to the weights anew",
      "SIGKILL",
      ...renew("killed"),
    );
    expect([0, 137]).toContain(killed.exitCode);
    const gone = renewals();
    expect(gone).toBeLessThanOrEqual(1);
    const { answer } = await cli.json(...renew("renewed"));
    expect(answer.renewal).toBe(gone);
    // Its key counts for itself, and from the beginning.
    const first = await cli.json(
      "prove",
      "renewed/proving.key",
      "--input",
      "image.json",
      "-o",
      "renewed.proof",
    );
    expect(first.answer.statement.weightSlot.slot).toBe(0);
  });
});

describe("provers at the same time", () => {
  it("have slots of their own", async () => {
    const first = taken();
    const slots = await Promise.all(["p", "q", "r"].map((name) => slotOfNext(`${name}.proof`)));
    expect(slots.sort((a, b) => a - b)).toEqual([first, first + 1, first + 2]);
  });
});

describe("a counter that cannot be written", () => {
  it.skipIf(process.platform === "win32")("makes no proof", () => {
    const before = taken();
    // Files of this process may not grow: the system refuses the write as it does on a full disk.
    const command = `trap '' XFSZ; ulimit -f 0; exec "$0" "$@"`;
    const args = [...proveArgs("full.proof"), "--json", "-q"];
    const { status, stdout } = spawnSync("bash", ["-c", command, process.execPath, cli.main, ...args], {
      cwd: cli.folder,
      encoding: "utf8",
    });
    expect(status).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: "budget.unwritable" } });
    expect(JSON.parse(stdout).error.message).toContain("Nothing was proven");
    expect(existsSync(cli.path("full.proof"))).toBe(false);
    expect(taken()).toBe(before);
  });

  // Nothing is read-only to root.
  it.skipIf(process.getuid?.() === 0)("makes no proof where it is read-only", async () => {
    chmodSync(cli.path("keys/proving.key.slots"), 0o400);
    const refused = await cli.json(...proveArgs("readonly.proof"));
    chmodSync(cli.path("keys/proving.key.slots"), 0o600);
    expect(refused).toMatchObject({ exitCode: 3, answer: { error: { code: "budget.unwritable" } } });
    expect(existsSync(cli.path("readonly.proof"))).toBe(false);
  });
});
