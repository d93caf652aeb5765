/** `renew`: a new epoch of a proving key; a new commitment to the same data. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { openCertificate } from "../../engine/epoch/certificate.ts";
import { dataBudget, isDataCommitment } from "../../engine/epoch/dataCommitment.ts";
import { renewData } from "../../engine/epoch/prover/commitData.ts";
import { renewWeights } from "../../engine/epoch/prover/renewWeights.ts";
import { certificateSecurity, withEpochs } from "../../engine/epoch/verifier/checkCertificate.ts";
import { checkDataCertificate } from "../../engine/epoch/verifier/checkLink.ts";
import { isProvingKey, readProvingKey } from "../../engine/provingKey.ts";
import { modelIdentity } from "../../engine/verificationKey.ts";
import { checkVerificationKey } from "../../engine/verifier/verify.ts";
import { requireWritable, requireWritableFolder } from "../../files/atomicFile.ts";
import { dataCounterOf, readDataFile, writeDataFile } from "../../files/dataFiles.ts";
import {
  certificateFile,
  PROVING_KEY_FILE,
  restoredCounterOf,
  slotCounterOf,
  writeKeys,
} from "../../files/keyFiles.ts";
import { readBytes } from "../../files/readBytes.ts";
import { createKernels } from "../../kernels/createKernels.ts";
import { type CommonOptions, Reporter, usageError } from "../reporter.ts";
import { hex } from "../results.ts";

interface RenewOptions extends CommonOptions {
  readonly output: string;
  readonly key?: string;
  readonly restored?: boolean;
}

export function configure(command: Command): void {
  command
    .argument("<secret>", "proving key, or commitment to data")
    .requiredOption(
      "-o, --output <folder>",
      "folder for the new epoch's keys and certificates; file for new data",
    )
    .option("--key <file>", "verification key that can read the commitment to data")
    .option(
      "--restored",
      "the key is a copy, or its counter is lost: takes its last renewal, once for all copies",
    )
    .action(run);
}

async function run(path: string, options: RenewOptions): Promise<void> {
  const reporter = new Reporter(options);
  const { output, threads = 1, restored = false } = options;
  const bytes = readBytes(path);
  if (isDataCommitment(bytes)) {
    await renewDataFile(path, options, reporter);
    return;
  }
  if (!isProvingKey(bytes))
    throw usageError(`"${path}" is neither a proving key nor a commitment to data`, path);
  const parent = readProvingKey(bytes);
  if (existsSync(join(output, PROVING_KEY_FILE)))
    throw usageError(
      `"${output}" holds a proving key already, and it may have uses left: name another folder`,
      "--output",
    );
  requireWritableFolder(output);
  const counter = restored ? restoredCounterOf(path, parent) : slotCounterOf(path, parent);
  if (counter === null)
    throw usageError(`the weights of "${path}" are public: its proofs use nothing up`, path);
  const kernels = createKernels({ threads });
  try {
    kernels.warmUp();
    reporter.progress("committing to the weights anew, and certifying it");
    const started = performance.now();
    const { provingKey, certificate } = renewWeights(kernels, parent, counter);
    const renewMs = performance.now() - started;
    const checked = checkVerificationKey(provingKey.verificationKey);
    const known = checked.ok ? withEpochs(checked.key, provingKey.certificates) : checked;
    if (!known.ok)
      throw new Error(`the certificate just made is refused (${known.error.code}, ${known.error.where})`);
    await writeKeys(output, provingKey);
    const { key } = known.key;
    const { header, digest } = openCertificate(certificate);
    const security = certificateSecurity(key);
    const files = provingKey.certificates.map((_, i) => join(output, certificateFile(i + 1)));
    reporter.result(
      {
        renewMs,
        modelCommitment: hex(modelIdentity(provingKey.verificationKey)),
        epochRoot: hex(header.root),
        certificate: hex(digest),
        certificateBytes: certificate.length,
        certificateFiles: files,
        depth: provingKey.certificates.length,
        renewal: header.renewal,
        proofBudget: key.proofBudget,
        securityBits: Math.floor(security.bits),
      },
      `new epoch in ${output}, good for ${key.proofBudget} proofs under the same verification key ` +
        `(${Math.round(renewMs)} ms, ${Math.floor(security.bits)} bits)\n` +
        `verifiers need, once: ${files.join(", ")}`,
    );
  } finally {
    kernels.dispose();
  }
}

async function renewDataFile(path: string, options: RenewOptions, reporter: Reporter): Promise<void> {
  const { output, threads = 1, key } = options;
  if (key === undefined)
    throw usageError("name a verification key that can read the commitment: --key", "--key");
  if (options.restored === true)
    throw usageError("data that was copied or restored is committed anew, with `commit`", "--restored");
  if (existsSync(output)) throw usageError(`"${output}" exists already: name another file`, "--output");
  const parent = readDataFile(path);
  const verificationKey = readBytes(key);
  const certificateFile = `${output}.certificate`;
  requireWritable(certificateFile);
  const kernels = createKernels({ threads });
  try {
    const counter = dataCounterOf(path, parent);
    const { commitment, certificate } = renewData(kernels, verificationKey, parent, counter);
    const checked = checkVerificationKey(verificationKey);
    const verdict = checked.ok ? checkDataCertificate(certificate, checked.key) : checked;
    if (!verdict.ok)
      throw new Error(`the certificate just made is refused (${verdict.error.code}, ${verdict.error.where})`);
    await writeDataFile(output, commitment, [{ path: certificateFile, bytes: certificate }]);
    const root = hex(commitment.root);
    const budget = dataBudget(commitment);
    reporter.result(
      {
        commitment: output,
        root,
        proofBudget: budget,
        certificateFile,
        certificateBytes: certificate.length,
      },
      `${output}: secret, good for ${budget} proofs\ncommitment ${root}\nverifiers need: ${certificateFile}`,
    );
  } finally {
    kernels.dispose();
  }
}
