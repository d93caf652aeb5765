/** `setup --backend`: keys of another proof system. */
import { join } from "node:path";
import type { ProofBackend, SetupRequest } from "../../backends/proofBackend.ts";
import { loadBackend } from "../../backends/registry.ts";
import { requireWritableFolder, writeTogether } from "../../files/atomicFile.ts";
import { PROVING_KEY_FILE, VERIFICATION_KEY_FILE } from "../../files/keyFiles.ts";
import { readBytes } from "../../files/readBytes.ts";
import { programHash } from "../../program/programHash.ts";
import { programOf, readModelFile } from "../models.ts";
import { type ModelOptions, parseVisibility } from "../options.ts";
import { type CommonOptions, Reporter, usageError } from "../reporter.ts";
import { hex } from "../results.ts";
import { compileFor } from "./circuit.ts";
import { announce, withWarnings } from "./describe.ts";
import type { BackendOption, TrustedSetupOptions } from "./options.ts";

export interface SetupWithOptions extends CommonOptions, ModelOptions, BackendOption, TrustedSetupOptions {
  readonly output: string;
  readonly weights: "hidden" | "public";
  readonly batch: number;
  readonly visibility?: string;
}

const SECRET_MODE = 0o600;

function setupRequest(
  { name, capabilities }: ProofBackend,
  { ptau, srs, insecureSetup }: TrustedSetupOptions,
): SetupRequest {
  const given = [ptau, srs, insecureSetup].filter((option) => option !== undefined);
  if (capabilities.trustedSetup === "none") {
    if (given.length > 0)
      throw usageError(`${name} has no trusted setup: leave --ptau, --srs and --insecure-setup out`);
    return {};
  }
  if (given.length > 1) throw usageError("--ptau, --srs and --insecure-setup exclude one another", "--ptau");
  if (ptau !== undefined) return { trustedSetup: { kind: "ptau", bytes: readBytes(ptau) } };
  if (srs !== undefined) return { trustedSetup: { kind: "srs", bytes: readBytes(srs) } };
  // Without any, the backend says what it needs.
  return insecureSetup === true ? { trustedSetup: { kind: "insecure" } } : {};
}

export async function setupWith(model: string, options: SetupWithOptions): Promise<void> {
  const reporter = new Reporter(options);
  const { output, weights, batch, threads = 1 } = options;
  const file = await readModelFile(model, options);
  if (file.kind === "key") throw usageError(`"${model}" is a proving key: it has been set up`, model);
  const { visibilities: asked, weightsGiven } = parseVisibility(options.visibility);
  const byWeights = weights === "public" ? "public" : "private";
  const visibilities = { ...asked, weights: weightsGiven ? asked.weights : byWeights } as const;
  const onStep = (step: string): void => reporter.progress(step);
  const backend = await loadBackend(options.backend, { threads, onStep });
  try {
    announce(reporter, backend);
    const request = setupRequest(backend, options);
    const program = programOf(file, options, reporter);
    requireWritableFolder(output);
    const circuit = await compileFor(backend, { file, program, visibilities, batch }, options);
    const started = performance.now();
    const { provingKey, verificationKey, times, warnings } = await circuit.setup(request);
    const setupMs = performance.now() - started;
    await writeTogether([
      { path: join(output, PROVING_KEY_FILE), bytes: provingKey, mode: SECRET_MODE },
      { path: join(output, VERIFICATION_KEY_FILE), bytes: verificationKey },
    ]);
    const result = {
      ...{ backend: backend.name, capabilities: backend.capabilities, visibilities, batch, warnings },
      ...{ setupMs, times, size: circuit.size, programHash: hex(programHash(program)) },
      provingKeyBytes: provingKey.length,
      verificationKeyBytes: verificationKey.length,
    };
    const size = Object.entries(circuit.size).map(([name, count]) => `${count} ${name}`);
    const text = `set up in ${Math.round(setupMs)} ms (${size.join(", ")}); keys in ${output}`;
    reporter.result(result, withWarnings(text, warnings));
  } finally {
    await backend.dispose();
  }
}
