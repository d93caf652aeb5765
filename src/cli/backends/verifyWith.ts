/** `verify --backend`: a proof of another proof system. */
import { loadBackend } from "../../backends/registry.ts";
import type { Statement, StatementValue } from "../../engine/statement.ts";
import { readBytes } from "../../files/readBytes.ts";
import type { Samples } from "../../quant/compileOptions.ts";
import { type Claims, differingClaim, refuse } from "../claims.ts";
import { readSamples } from "../inputs.ts";
import type { PixelOptions } from "../options.ts";
import { type CommonOptions, EXIT_DONE, Reporter, usageError } from "../reporter.ts";
import { publicValuesJson, statementJson, tensorsText } from "../results.ts";
import { announce, keyWarnings, ownTensor, withWarnings } from "./describe.ts";
import type { BackendOption } from "./options.ts";

export interface VerifyWithOptions extends CommonOptions, PixelOptions, BackendOption {
  readonly key: string;
  readonly output?: string;
  readonly input?: string;
  readonly integers?: boolean;
}

function claimsOf({ inputs, outputs }: Statement, options: VerifyWithOptions): Claims {
  const pixels = options.integers === true ? { ...options, rawBytes: true } : options;
  const read = (path: string | undefined, values: readonly StatementValue[]): Samples | null =>
    path === undefined ? null : readSamples(path, values, pixels);
  return { input: read(options.input, inputs), output: read(options.output, outputs) };
}

export async function verifyWith(proofPath: string, options: VerifyWithOptions): Promise<void> {
  const reporter = new Reporter(options);
  const proof = readBytes(proofPath);
  const key = readBytes(options.key);
  const backend = await loadBackend(options.backend, { threads: options.threads ?? 1 });
  try {
    announce(reporter, backend);
    const started = performance.now();
    const verdict = await backend.verify(proof, key);
    const verifyMs = performance.now() - started;
    const about = { backend: backend.name, capabilities: backend.capabilities, verifyMs };
    if (!verdict.ok) {
      refuse(reporter, about, verdict.error);
      return;
    }
    const warnings = keyWarnings(backend, key);
    const head = `valid (${backend.name}, ${verifyMs.toFixed(1)} ms)`;
    process.exitCode = EXIT_DONE;
    if (verdict.statement === null) {
      if (options.input !== undefined || options.output !== undefined)
        throw usageError(`proofs of ${backend.name} show outputs of its own and state nothing to compare`);
      const own = verdict.outputs.map((values, i) => ownTensor(verdict.outputs.length, i, values));
      const result = { ok: true, ...about, warnings, outputs: own, statement: null };
      reporter.result(result, withWarnings(`${head}\n${tensorsText(own)}`, warnings));
      return;
    }
    const { statement } = verdict;
    const mismatch = differingClaim(statement, claimsOf(statement, options), options.integers === true);
    if (mismatch !== null) {
      refuse(reporter, { ...about, warnings }, mismatch, statement);
      return;
    }
    const outputs = publicValuesJson(statement.outputs, statement.batch);
    const inputs = publicValuesJson(statement.inputs, statement.batch);
    const result = { ok: true, ...about, warnings, outputs, inputs, statement: statementJson(statement) };
    reporter.result(result, withWarnings(`${head}\n${tensorsText([...inputs, ...outputs])}`, warnings));
  } finally {
    await backend.dispose();
  }
}
