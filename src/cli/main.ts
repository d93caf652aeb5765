#!/usr/bin/env node
/** The command line. Each command lives in a file of its own, loaded only when it is called. */
import { Command, CommanderError } from "commander";
import { addCommonOptions, addModelOptions } from "./options.ts";
import { packageVersion } from "./packageVersion.ts";
import { EXIT_DONE, reportFailure, usageError } from "./reporter.ts";

interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  /** Takes options about compiling a model file. */
  readonly takesModel: boolean;
  /** Adds arguments, options and the action, which returns the exit code. */
  readonly load: () => Promise<{ configure: (command: Command) => void }>;
}

const COMMANDS: readonly CommandEntry[] = [
  {
    name: "inspect",
    summary: "what is in a model, what each node becomes, what proving will cost",
    takesModel: true,
    load: () => import("./commands/inspect.ts"),
  },
  {
    name: "compile",
    summary: "model file → integer program (.tp)",
    takesModel: true,
    load: () => import("./commands/compile.ts"),
  },
  {
    name: "run",
    summary: "inference, in integers (as proofs speak of it) or floats",
    takesModel: true,
    load: () => import("./commands/run.ts"),
  },
  {
    name: "evaluate",
    summary: "quality on labelled data, float against integer",
    takesModel: true,
    load: () => import("./commands/evaluate.ts"),
  },
  {
    name: "setup",
    summary: "commits to the weights: proving.key (secret) and verification.key",
    takesModel: true,
    load: () => import("./commands/setup.ts"),
  },
  {
    name: "commit",
    summary: "commits to inputs once, for several proofs that read them",
    takesModel: false,
    load: () => import("./commands/commit.ts"),
  },
  {
    name: "prove",
    summary: "proves in zero knowledge what a model says about an input",
    takesModel: true,
    load: () => import("./commands/prove.ts"),
  },
  {
    name: "renew",
    summary: "opens a new epoch of a proving key: further proofs, under the same verification key",
    takesModel: false,
    load: () => import("./commands/renew.ts"),
  },
  {
    name: "verify",
    summary: "checks a proof",
    takesModel: false,
    load: () => import("./commands/verify.ts"),
  },
  {
    name: "statement",
    summary: "what a proof says and does not say, in plain words",
    takesModel: false,
    load: () => import("./commands/statement.ts"),
  },
  {
    name: "export",
    summary: "a program as a project of another tool: a Circom circuit with keys and scripts",
    takesModel: true,
    load: () => import("./commands/export.ts"),
  },
  {
    name: "train",
    summary: "trains a model as a recipe says: networks, regressions, trees, k-means",
    takesModel: false,
    load: () => import("./commands/train.ts"),
  },
  {
    name: "prune",
    summary: "takes weights, neurons or channels out of a network; quality and cost before and after",
    takesModel: true,
    load: () => import("./commands/prune.ts"),
  },
  {
    name: "prune-study",
    summary: "prunes a network more and more, by several methods: accuracy and cost as a page",
    takesModel: true,
    load: () => import("./commands/pruneStudy.ts"),
  },
  {
    name: "bench",
    summary: "measures proof systems on the same programs, as a suite file says",
    takesModel: false,
    load: () => import("./commands/bench.ts"),
  },
  {
    name: "bench-job",
    summary: "one process of a measurement; `bench` starts it",
    takesModel: false,
    load: () => import("./commands/benchJob.ts"),
  },
  {
    name: "sweep",
    summary: "quality against cost over bits, scales, modes and widths; the cheapest within a budget",
    takesModel: false,
    load: () => import("./commands/sweep.ts"),
  },
  {
    name: "scale",
    summary: "how cost grows with a network, by measured laws, and the largest that fits",
    takesModel: false,
    load: () => import("./commands/scale.ts"),
  },
  {
    name: "report",
    summary: "report.html and pictures from the results of `bench`",
    takesModel: false,
    load: () => import("./commands/report.ts"),
  },
];

async function buildProgram(args: readonly string[]): Promise<Command> {
  const program = new Command("tensorproof");
  program
    .description("Zero-knowledge proofs that a committed machine-learning model gave this output")
    .version(packageVersion())
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  const called = args.find((arg) => !arg.startsWith("-"));
  for (const { name, summary, takesModel, load } of COMMANDS) {
    const command = program.command(name).description(summary);
    command.exitOverride().configureOutput({ writeErr: () => {} });
    if (name !== called) continue;
    (await load()).configure(command);
    if (takesModel) addModelOptions(command);
    addCommonOptions(command);
  }
  return program;
}

function failure(error: unknown, args: readonly string[]): number {
  const json = args.includes("--json");
  if (!(error instanceof CommanderError)) return reportFailure(error, json);
  if (error.exitCode === EXIT_DONE) return EXIT_DONE;
  const message = error.code === "commander.help" ? "name a command; --help lists them" : error.message;
  return reportFailure(usageError(message.replace(/^error: /, "")), json);
}

async function main(args: readonly string[]): Promise<void> {
  try {
    await (await buildProgram(args)).parseAsync(args, { from: "user" });
  } catch (error) {
    process.exitCode = failure(error, args);
  }
}

await main(process.argv.slice(2));
