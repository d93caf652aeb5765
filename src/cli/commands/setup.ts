/** `setup`: commits to the weights of a model. */
import type { Command } from "commander";
import { DEFAULT_PROOF_BUDGET, setup } from "../../engine/prover/setup.ts";
import { modelIdentity, readVerificationKey } from "../../engine/verificationKey.ts";
import { requireWritableFolder } from "../../files/atomicFile.ts";
import { writeKeys } from "../../files/keyFiles.ts";
import { createKernels } from "../../kernels/createKernels.ts";
import { programHash } from "../../program/programHash.ts";
import {
  addBackendOption,
  addTrustedSetupOptions,
  type BackendOption,
  type TrustedSetupOptions,
} from "../backends/options.ts";
import { readKey } from "../checkedKey.ts";
import { programOf, readModelFile } from "../models.ts";
import { type ModelOptions, positive, weightsOption } from "../options.ts";
import { type CommonOptions, Reporter, usageError } from "../reporter.ts";
import { hex } from "../results.ts";

interface SetupCommandOptions extends CommonOptions, ModelOptions, BackendOption, TrustedSetupOptions {
  readonly output: string;
  readonly proofs: number;
  readonly weights: "hidden" | "public";
  readonly batch: number;
  readonly visibility?: string;
  readonly like?: string;
}

export function configure(command: Command): void {
  command
    .argument("<model>", "model file or compiled program (.tp)")
    .option("-o, --output <folder>", "where proving.key and verification.key go", "keys")
    .option("--proofs <n>", "proofs that the weight commitment must bear", positive, DEFAULT_PROOF_BUDGET)
    .option("--weights <kind>", "hidden, or public in the verification key", weightsOption, "hidden")
    .option("--batch <n>", "inputs per proof that sizes are tuned for", positive, 1)
    .option(
      "--like <key>",
      "key whose parameters to take, so that proofs of both read one commitment to data",
    )
    .option("--visibility <who>", "other backends: who sees what, which their setup fixes")
    .action(run);
  addTrustedSetupOptions(addBackendOption(command));
}

async function run(model: string, options: SetupCommandOptions): Promise<void> {
  if (options.backend !== "native") {
    const { setupWith } = await import("../backends/setupWith.ts");
    return setupWith(model, options);
  }
  const foreign = (["visibility", "ptau", "srs", "insecureSetup"] as const).find(
    (name) => options[name] !== undefined,
  );
  if (foreign !== undefined) throw usageError(`${foreign} is for other backends than native`, foreign);
  const reporter = new Reporter(options);
  const { output, weights, proofs, batch, threads = 1 } = options;
  const file = await readModelFile(model, options);
  if (file.kind === "key") throw usageError(`"${model}" is a proving key: it has been set up`, model);
  const program = programOf(file, options, reporter);
  requireWritableFolder(output);
  const kernels = createKernels({ threads });
  try {
    kernels.warmUp();
    reporter.progress(
      weights === "hidden" ? "committing to the weights" : "writing keys with public weights",
    );
    const started = performance.now();
    const like = options.like === undefined ? {} : { like: readKey(options.like).parameters };
    const { provingKey, verificationKey } = setup(kernels, program, { weights, proofs, batch, ...like });
    const setupMs = performance.now() - started;
    const { provingKeyBytes } = await writeKeys(output, provingKey);
    const { proofBudget } = readVerificationKey(verificationKey);
    const modelCommitment = hex(modelIdentity(verificationKey));
    const result = {
      setupMs,
      modelCommitment,
      programHash: hex(programHash(program)),
      provingKeyBytes,
      verificationKeyBytes: verificationKey.length,
      proofBudget: weights === "hidden" ? proofBudget : null,
    };
    const budget = weights === "hidden" ? `, good for ${proofBudget} proofs` : "";
    reporter.result(
      result,
      `set up in ${Math.round(setupMs)} ms; keys in ${output}${budget}\nmodel commitment ${modelCommitment}`,
    );
  } finally {
    kernels.dispose();
  }
}
