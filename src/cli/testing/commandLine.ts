/** The command line as a child process, bundled from the sources so that tests never see an old build. */
import { type ChildProcessByStdio, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { build } from "esbuild";

export interface Outcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class CommandLine {
  /** A folder for the tests' files, which is the child's working directory. */
  readonly folder: string;
  private readonly main: string;

  private constructor(folder: string, main: string) {
    this.folder = folder;
    this.main = main;
  }

  static async create(): Promise<CommandLine> {
    // Two levels below package.json, as dist/cli is, and where packages are found.
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

  /**
   * Runs with a signal that comes while the command waits for `bytes`, which it reads from the pipe `name` among its
   * arguments: before any work, and so that all of the work is still to be done.
   */
  async interrupted(
    signal: NodeJS.Signals,
    { name, bytes }: { readonly name: string; readonly bytes: Uint8Array },
    ...args: string[]
  ): Promise<Outcome> {
    execFileSync("mkfifo", [this.path(name)]);
    const child = this.spawn(args);
    const outcome = outcomeOf(child);
    // Opens once the child has opened the other end.
    const pipe = await open(this.path(name), "w");
    child.kill(signal);
    await pipe.writeFile(bytes);
    await pipe.close();
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
    child.on("close", (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
}
