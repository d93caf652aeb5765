/** `commit`: a commitment to inputs, made once for several proofs. */
import type { Command } from "commander";
import { dataBudget } from "../../engine/epoch/dataCommitment.ts";
import { commitInputs } from "../../engine/epoch/prover/commitData.ts";
import { readVerificationKey } from "../../engine/verificationKey.ts";
import { requireWritable } from "../../files/atomicFile.ts";
import { writeDataFile } from "../../files/dataFiles.ts";
import { createKernels } from "../../kernels/createKernels.ts";
import { readModelFile, readProgramAndInputs } from "../models.ts";
import { addInputOptions, addPixelOptions, type InputOptions } from "../options.ts";
import { type CommonOptions, Reporter, usageError } from "../reporter.ts";
import { hex } from "../results.ts";

interface CommitOptions extends CommonOptions, InputOptions {
  readonly output: string;
}

export function configure(command: Command): void {
  command
    .argument("<key>", "proving key of the model, or of one whose key has the same parameters")
    .requiredOption("-o, --output <file>", "where the commitment goes (secret)")
    .action(run);
  addPixelOptions(addInputOptions(command));
}

async function run(path: string, options: CommitOptions): Promise<void> {
  const reporter = new Reporter(options);
  const { output, threads = 1 } = options;
  const file = await readModelFile(path);
  if (file.kind !== "key")
    throw usageError(`"${path}" is no proving key: its parameters decide the commitment`, path);
  const { inputs, batch } = readProgramAndInputs(file, options, reporter).inputs;
  requireWritable(output);
  const kernels = createKernels({ threads });
  try {
    const key = readVerificationKey(file.key.verificationKey);
    const commitment = commitInputs(kernels, key, inputs, batch);
    await writeDataFile(output, commitment);
    const root = hex(commitment.root);
    const budget = dataBudget(commitment);
    reporter.result(
      { commitment: output, root, proofBudget: budget, batch },
      `${output}: secret, good for ${budget} proofs\ncommitment ${root}`,
    );
  } finally {
    kernels.dispose();
  }
}
