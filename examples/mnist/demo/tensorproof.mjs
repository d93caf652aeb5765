/** Runs the built command line as a child process, as a user would. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../../dist/bin/main.js", import.meta.url));
/** Exit codes of the command line: done or valid, and invalid proof. */
const DONE = 0;
const INVALID = 1;

function run(args, cwd) {
  if (!existsSync(MAIN)) {
    throw new Error(
      "the command line is not built: run `npm ci` (or `npm run build`) in the root of the repository",
    );
  }
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, ...args], { cwd, stdio: ["ignore", "pipe", "pipe"] });
    const stdout = [];
    const stderr = [];
    child.stdout.on("data", (chunk) => stdout.push(chunk));
    child.stderr.on("data", (chunk) => stderr.push(chunk));
    child.on("error", reject);
    child.on("close", (exitCode) =>
      resolve({
        exitCode,
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
      }),
    );
  });
}

function failed(args, { exitCode, stdout, stderr }) {
  return new Error(
    `tensorproof ${args.join(" ")} ended with exit code ${exitCode}\n${stderr}${stdout}`.trimEnd(),
  );
}

/** The plain text a command prints. */
export async function tensorproofText(args, cwd) {
  const result = await run(args, cwd);
  if (result.exitCode !== DONE) throw failed(args, result);
  return result.stdout.trimEnd();
}

/** The object a command prints with --json; `exitCode` is DONE, since anything else throws. */
export async function tensorproof(args, cwd) {
  const result = await run([...args, "--json"], cwd);
  if (result.exitCode !== DONE) throw failed(args, result);
  return JSON.parse(result.stdout);
}

/** Runs `verify` where a refusal is an expected answer: `{ ok, error?: { code, where }, … }`. */
export async function tensorproofVerdict(args, cwd) {
  const full = ["verify", ...args];
  const result = await run([...full, "--json"], cwd);
  if (result.exitCode !== DONE && result.exitCode !== INVALID) throw failed(full, result);
  const answer = JSON.parse(result.stdout);
  const ok = answer.ok === true;
  if (ok !== (result.exitCode === DONE)) throw failed(full, result);
  return answer;
}
