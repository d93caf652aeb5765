/**
 * The command line from a cold start: load, compile WASM, read the key, prove one image with the shipped MNIST network, write.
 *
 *   npm run bench -- --suite cold [--runs N] [--threads N]     (after npm run build)
 *
 * Clock and processor time of `tensorproof prove` as a whole process, medians and least.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { describeMachine } from "./machine.mjs";
import { median } from "./models/library.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const MAIN = join(ROOT, "dist/bin/main.js");
const MODEL = join(ROOT, "examples/mnist/model.onnx");
/** What the issue of speed asks for. */
const TARGET_MS = 400;

const { values: options } = parseArgs({
  options: {
    suite: { type: "string" },
    runs: { type: "string", default: "9" },
    threads: { type: "string", default: "1" },
  },
});

/** Children's processor time is only known once they are gone: user and system time of `times`, in ms. */
function processorMs(args, folder) {
  const script = 'exec 3>&1; { time "$@" >/dev/null 2>/dev/null; } 2>&3';
  const { stdout, status } = spawnSync("bash", ["-c", `TIMEFORMAT="%R %U %S"; ${script}`, "bash", ...args], {
    cwd: folder,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${args.join(" ")} failed`);
  const [clock, user, system] = stdout
    .trim()
    .split(/\s+/)
    .map((text) => 1000 * Number(text));
  return { clock, cpu: user + system };
}

const folder = mkdtempSync(join(tmpdir(), "tensorproof-cold-"));
try {
  const tensorproof = (...args) =>
    execFileSync(process.execPath, [MAIN, ...args], { cwd: folder, stdio: "ignore" });
  tensorproof("compile", MODEL, "-o", "model.tp");
  tensorproof("setup", "model.tp", "-o", "keys", "--proofs", "100");
  const pixels = Array.from({ length: 784 }, (_, i) => ((i * 7919) % 256) / 255);
  writeFileSync(join(folder, "image.json"), JSON.stringify([pixels]));
  const machine = describeMachine();
  const prove = [
    "prove",
    "keys/proving.key",
    "--input",
    "image.json",
    "--threads",
    options.threads,
    "-o",
    "out.proof",
  ];
  const samples = [];
  for (let run = -1; run < Number(options.runs); run++) {
    rmSync(join(folder, "out.proof"), { force: true });
    const sample = processorMs([process.execPath, MAIN, ...prove], folder);
    if (run >= 0) samples.push(sample);
  }
  for (const kind of ["clock", "cpu"]) {
    const list = samples.map((sample) => sample[kind]);
    console.log(
      `${kind.padEnd(6)} median ${median(list).toFixed(0)} ms, least ${Math.min(...list).toFixed(0)} ms`,
    );
  }
  console.log(
    `target ${TARGET_MS} ms on an idle machine; ${machine.cpu}, Node ${machine.node}, load ${machine.load}`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
