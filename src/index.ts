/**
 * tensorproof: zero-knowledge proofs that a committed machine-learning model gave this output.
 *
 * `loadModel` → `compileGraph` → `setup` → `new NativeProver(…).prove(…)` → `verify`. Keys with hidden weights need a
 * `SlotCounter` that remembers; `tensorproof/node` has one. Browsers that only verify import `tensorproof/verify`.
 */
export type { DataFile, DataTensor } from "./data/dataFile.ts";
export { isImage, readImage } from "./data/images/image.ts";
export { imageTensor, type PixelNormalisation } from "./data/images/imageTensor.ts";
export type { Pixels } from "./data/images/pixels.ts";
export { toLabels } from "./data/labels.ts";
export { readDataFile } from "./data/readDataFile.ts";
export { type ByteQuant, toModelInputs } from "./data/samples.ts";
export {
  type CommittedTensor,
  type DataCommitment,
  dataBudget,
  readDataCommitment,
  writeDataCommitment,
} from "./engine/epoch/dataCommitment.ts";
export { commitInputs, type DataRenewal, renewData } from "./engine/epoch/prover/commitData.ts";
export { type Renewal, renewWeights } from "./engine/epoch/prover/renewWeights.ts";
export {
  type CertificateVerdict,
  checkCertificate,
  withEpochs,
} from "./engine/epoch/verifier/checkCertificate.ts";
export {
  type CertifiedData,
  checkDataCertificate,
  checkLink,
  type DataVerdict,
  type LinkEnd,
  type LinkVerdict,
} from "./engine/epoch/verifier/checkLink.ts";
export {
  NativeProver,
  type ProveRequest,
  type ProveResult,
  type SharedInput,
} from "./engine/prover/nativeProver.ts";
export { DEFAULT_PROOF_BUDGET, type SetupOptions, type SetupResult, setup } from "./engine/prover/setup.ts";
export { type ProvingKey, readProvingKey, writeProvingKey } from "./engine/provingKey.ts";
export type { RenewalCounter, SlotCounter } from "./engine/slots.ts";
export type { Statement, StatementValue, WeightSlot } from "./engine/statement.ts";
export { describeStatement } from "./engine/statementText.ts";
export { modelIdentity, readVerificationKey, type VerificationKey } from "./engine/verificationKey.ts";
export type { CertifiedEpoch, CheckedKey, KeyVerdict } from "./engine/verifier/checkedKey.ts";
export {
  checkVerificationKey,
  type Verdict,
  verify,
  verifyWithKey,
} from "./engine/verifier/verify.ts";
export type { VerificationFailure } from "./errors/proofError.ts";
export { type ErrorCategory, TensorproofError } from "./errors/tensorproofError.ts";
export { loadModel } from "./formats/load.ts";
export { checkGraph } from "./graph/check.ts";
export type { Graph } from "./graph/graph.ts";
export { runGraph } from "./graph/run.ts";
export { createKernels, type KernelOptions, type Kernels } from "./kernels/createKernels.ts";
export { type ProgramRun, runProgram } from "./program/interpreter.ts";
export type { Program } from "./program/program.ts";
export { parseProgram, serialiseProgram } from "./program/programFile.ts";
export { programHash } from "./program/programHash.ts";
export { compileGraph } from "./quant/compileGraph.ts";
export type { CompileOptions, Head, Samples } from "./quant/compileOptions.ts";
export type { CompileReport } from "./quant/compileReport.ts";
export { evaluate } from "./quant/evaluate.ts";
export { completeOutputs } from "./quant/exact/completeOutputs.ts";
export { inspectProgram, type ProgramInspection } from "./quant/inspectProgram.ts";
export { unsupportedNodes } from "./quant/lower/lowerGraph.ts";
export type { QuantisationMode } from "./quant/mode.ts";
export type { Evaluation } from "./quant/predictions.ts";
export { dequantise, quantiseInput } from "./quant/realValues.ts";
export type { Visibilities, Visibility } from "./relations/visibility.ts";
