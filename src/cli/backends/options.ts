/** Options of commands that can use another proof system than the engine of this package. */
import { type Command, Option } from "commander";
import { BACKEND_NAMES, type BackendName } from "../../backends/proofBackend.ts";

export interface BackendOption {
  readonly backend: BackendName;
}

export function addBackendOption(command: Command): Command {
  const text = "proof system; all but native need an optional package (docs/guide/backends.md)";
  return command.addOption(
    new Option("--backend <name>", text).choices([...BACKEND_NAMES]).default("native" satisfies BackendName),
  );
}

export interface TrustedSetupOptions {
  readonly ptau?: string;
  readonly srs?: string;
  readonly insecureSetup?: boolean;
}

export function addTrustedSetupOptions(command: Command): Command {
  return command
    .option("--ptau <file>", "other backends: prepared powers of tau of a ceremony")
    .option("--srs <file>", "other backends: a structured reference string in the backend's own format")
    .option(
      "--insecure-setup",
      "other backends: make the secret here. Whoever runs it can forge: for benchmarks and tests",
    );
}
