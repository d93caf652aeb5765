/** The command line as a child process, bundled from the sources so that tests never see an old build. */
import { type ChildProcessByStdio, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { constants } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { setTimeout } from "node:timers/promises";
import { build } from "esbuild";

export interface Outcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class CommandLine {
  /** A folder for the tests' files, which is the child's working directory. */
  readonly folder: string;
  /** The bundled program. */
  readonly main: string;

  private constructor(folder: string, main: string) {
    this.folder = folder;
    this.main = main;
  }

  static async create(): Promise<CommandLine> {
    // Two levels below package.json, as dist/bin is, and where packages are found.
    const folder = mkdtempSync(join("node_modules", ".command-line-test-"));
    const main = join(process.cwd(), folder, "main.mjs");
    await build({
      entryPoints: ["src/cli/main.ts"],
      bundle: true,
      packages: "external",
      platform: "node",
      format: "esm",
      outfile: main,
    });
    return new CommandLine(join(process.cwd(), folder), main);
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  run(...args: string[]): Promise<Outcome> {
    return outcomeOf(this.spawn(args));
  }

  /** Runs with a signal that comes once the command has printed `step` as its progress. */
  interruptedAfter(step: string, signal: NodeJS.Signals, ...args: string[]): Promise<Outcome> {
    const child = this.spawn(args);
    let progress = "";
    child.stderr.on("data", (chunk) => {
      progress += chunk;
      if (progress.includes(step)) child.kill(signal);
    });
    return outcomeOf(child);
  }

  /**
   * Runs with a signal that comes while the command writes: it waits for a reader of the pipe `name`, the last file that it
   * writes, when those before it stand beside their targets under temporary names.
   */
  async interruptedWriting(name: string, signal: NodeJS.Signals, ...args: string[]): Promise<Outcome> {
    execFileSync("mkfifo", [this.path(name)]);
    const child = this.spawn(args);
    const outcome = outcomeOf(child);
    const isWriting = (): boolean =>
      readdirSync(this.folder).some((file) => file.endsWith(".tmp") && statSync(this.path(file)).size > 0);
    while (!isWriting()) await setTimeout(5);
    child.kill(signal);
    const pipe = await open(this.path(name), "r");
    await pipe.readFile();
    await pipe.close();
    rmSync(this.path(name));
    return outcome;
  }

  private spawn(args: readonly string[]): ChildProcessByStdio<null, Readable, Readable> {
    return spawn(process.execPath, [this.main, ...args], {
      cwd: this.folder,
      env: { ...process.env, TENSORPROOF_CACHE: this.path("cache") },
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  /** Runs with --json and parses the answer. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read whatever the command printed
  async json(...args: string[]): Promise<{ exitCode: number | null; answer: any }> {
    const { exitCode, stdout, stderr } = await this.run(...args, "--json");
    if (stdout === "") throw new Error(`no answer: ${stderr}`);
    return { exitCode, answer: JSON.parse(stdout) };
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function outcomeOf(child: ChildProcessByStdio<null, Readable, Readable>): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
    });
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    child.on("error", reject);
    child.on("close", (code, signal) => {
      // As a shell reports it.
      const exitCode = signal === null ? code : 128 + constants.signals[signal];
      resolve({ exitCode, stdout, stderr });
    });
  });
}
