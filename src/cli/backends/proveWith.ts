/** `prove --backend`: a proof of another proof system, with keys that `setup --backend` made. */
import { join } from "node:path";
import { loadBackend } from "../../backends/registry.ts";
import { requireWritable, writeTogether } from "../../files/atomicFile.ts";
import { PROVING_KEY_FILE, VERIFICATION_KEY_FILE } from "../../files/keyFiles.ts";
import { readBytes } from "../../files/readBytes.ts";
import type { Visibilities } from "../../relations/visibility.ts";
import { readModelFile, readProgramAndInputs } from "../models.ts";
import { type InputOptions, type ModelOptions, parseVisibility } from "../options.ts";
import { type CommonOptions, Reporter, usageError } from "../reporter.ts";
import { outputsJson, statementJson, tensorsText } from "../results.ts";
import { compileFor } from "./circuit.ts";
import { announce, keyWarnings, ownTensor, withWarnings } from "./describe.ts";
import type { BackendOption } from "./options.ts";

export interface ProveWithOptions extends CommonOptions, ModelOptions, Partial<InputOptions>, BackendOption {
  readonly output: string;
  readonly keys?: string;
  readonly visibility?: string;
  readonly context?: string;
}

export async function proveWith(model: string, options: ProveWithOptions): Promise<void> {
  const reporter = new Reporter(options);
  const { output, keys: folder, input, context, threads = 1 } = options;
  if (folder === undefined)
    throw usageError(`${options.backend} proves with keys of its own: --keys <folder>`, "--keys");
  if (input === undefined) throw usageError("say where the inputs are: --input", "--input");
  const file = await readModelFile(model, options);
  if (file.kind === "key")
    throw usageError(`"${model}" is a key of the native backend; give the model, and --keys`, model);
  const visibilities: Visibilities = parseVisibility(options.visibility).visibilities;
  const verificationKey = readBytes(join(folder, VERIFICATION_KEY_FILE));
  const keys = { provingKey: readBytes(join(folder, PROVING_KEY_FILE)), verificationKey };
  requireWritable(output);
  const onStep = (step: string): void => reporter.progress(step);
  const backend = await loadBackend(options.backend, { threads, onStep });
  try {
    announce(reporter, backend);
    const { program, inputs } = readProgramAndInputs(file, { ...options, input }, reporter);
    const { batch } = inputs;
    const circuit = await compileFor(backend, { file, program, visibilities, batch }, options);
    const bound = context === undefined ? {} : { context: new TextEncoder().encode(context) };
    const started = performance.now();
    const witness = await circuit.witness({ inputs: inputs.inputs, ...bound }, keys);
    const witnessMs = performance.now() - started;
    const { proof, payloadBytes } = await witness.prove();
    const proveMs = performance.now() - started - witnessMs;
    const verdict = await backend.verify(proof, verificationKey);
    if (!verdict.ok) {
      const { code, where } = verdict.error;
      throw new Error(`the proof just made is refused (${code}, ${where}); it was not written`);
    }
    await writeTogether([{ path: output, bytes: proof }]);
    const warnings = keyWarnings(backend, verificationKey);
    const outputs = witness.outputs === null ? null : outputsJson(program, witness.outputs, batch);
    const result = {
      ...{ proof: output, backend: backend.name, capabilities: backend.capabilities, warnings },
      ...{ witnessMs, proveMs, proofBytes: proof.length, payloadBytes, outputs },
      reals: witness.reals.map((values) => [...values]),
      statement: verdict.statement === null ? null : statementJson(verdict.statement),
    };
    const shown = outputs ?? witness.reals.map((values, i) => ownTensor(program.outputs.length, i, values));
    const text = `${output}: ${proof.length} bytes, proved in ${Math.round(proveMs)} ms by ${backend.name}`;
    reporter.result(result, withWarnings(`${text}\n${tensorsText(shown)}`, warnings));
  } finally {
    await backend.dispose();
  }
}
