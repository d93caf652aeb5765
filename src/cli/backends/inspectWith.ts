/** `inspect --backend`: what a proof system is, and the size of the model's circuit in it. */
import { loadBackend } from "../../backends/registry.ts";
import { programOf, readModelFile } from "../models.ts";
import { type ModelOptions, parseVisibility } from "../options.ts";
import { type CommonOptions, Reporter, usageError } from "../reporter.ts";
import { compileFor } from "./circuit.ts";
import { capabilitiesText } from "./describe.ts";
import type { BackendOption } from "./options.ts";

export interface InspectWithOptions extends CommonOptions, ModelOptions, BackendOption {
  readonly visibility?: string;
}

export async function inspectWith(model: string, options: InspectWithOptions): Promise<void> {
  const reporter = new Reporter(options);
  const file = await readModelFile(model, options);
  if (file.kind === "key")
    throw usageError(`"${model}" is a key of the native backend; give the model`, model);
  const { visibilities } = parseVisibility(options.visibility);
  const onStep = (step: string): void => reporter.progress(step);
  const backend = await loadBackend(options.backend, { threads: options.threads ?? 1, onStep });
  try {
    const { name, capabilities } = backend;
    const program = programOf(file, options, reporter);
    const { size, times } = await compileFor(backend, { file, program, visibilities, batch: 1 }, options);
    const counts = Object.entries(size).map(([what, count]) => `${count} ${what}`);
    reporter.result(
      { backend: name, capabilities, visibilities, size, times },
      `${capabilitiesText(name, capabilities)}\ncircuit for one sample: ${counts.join(", ")}`,
    );
  } finally {
    await backend.dispose();
  }
}
