/** Proofs with a stored key, and with keys that are made and renewed as needed. */
import { join } from "node:path";
import { NativeProver, type ProveRequest, type ProveResult } from "../engine/prover/nativeProver.ts";
import { DEFAULT_PROOF_BUDGET, setup } from "../engine/prover/setup.ts";
import type { ProvingKey } from "../engine/provingKey.ts";
import { readVerificationKey } from "../engine/verificationKey.ts";
import { TensorproofError } from "../errors/tensorproofError.ts";
import {
  cachedKeyFolder,
  PROVING_KEY_FILE,
  readCachedKey,
  slotCounterOf,
  writeKeys,
} from "../files/keyFiles.ts";
import { createKernels, type Kernels } from "../kernels/createKernels.ts";
import type { Program } from "../program/program.ts";
import type { Reporter } from "./reporter.ts";

export interface ProvingContext {
  readonly reporter: Reporter;
  readonly threads: number;
}

export interface MadeProof {
  readonly result: ProveResult;
  readonly key: ProvingKey;
}

type Request = Omit<ProveRequest, "onPhase">;

const PHASES = {
  witness: "running the model",
  commit: "committing",
  argue: "arguing",
  open: "opening",
} as const;

/** What a key in the cache is replaced for: nobody pinned it, and a new commitment is safe whatever the old one served. */
const UNUSABLE: ReadonlySet<string> = new Set([
  "budget.exhausted",
  "budget.copied",
  "budget.foreign",
  "budget.missing",
]);

/** @param weightsGiven whether the user said who may see the weights; else the key decides */
export function proveWithKey(
  stored: { readonly key: ProvingKey; readonly path: string },
  request: Request,
  weightsGiven: boolean,
  context: ProvingContext,
): MadeProof {
  const { kind } = readVerificationKey(stored.key.verificationKey).weights;
  const { visibilities } = request;
  if (!weightsGiven && kind === "public") {
    const adapted = { ...request, visibilities: { ...visibilities, weights: "public" as const } };
    return withKernels(context.threads, (kernels) => proveOnce(kernels, stored, adapted, context.reporter));
  }
  if ((visibilities.weights === "public") !== (kind === "public")) {
    const message =
      kind === "public"
        ? "this key was set up with public weights, so a proof cannot hide them: leave weights out of --visibility, or run `setup --weights hidden` again"
        : "this key was set up with hidden weights: use weights=private, or run `setup --weights public` again";
    throw new TensorproofError("input.visibility", message, { where: "--visibility" });
  }
  return withKernels(context.threads, (kernels) => proveOnce(kernels, stored, request, context.reporter));
}

/** Proves with keys from the cache; makes them where there are none, or none with proofs left. */
export async function proveWithCache(
  program: Program,
  request: Request,
  context: ProvingContext,
): Promise<MadeProof> {
  const { reporter, threads } = context;
  const weights = request.visibilities.weights === "public" ? "public" : "hidden";
  const folder = cachedKeyFolder(program, weights);
  const path = join(folder, PROVING_KEY_FILE);
  const cached = readCachedKey(folder);
  if (cached !== null) {
    try {
      return withKernels(threads, (kernels) => proveOnce(kernels, { key: cached, path }, request, reporter));
    } catch (error) {
      if (!(error instanceof TensorproofError) || !UNUSABLE.has(error.code)) throw error;
      reporter.progress(`the cached keys can make no more proofs (${error.code}): setting up anew`);
    }
  }
  reporter.progress(`setting up; keys go to ${folder}`);
  const key = withKernels(
    threads,
    (kernels) =>
      setup(kernels, program, { weights, proofs: DEFAULT_PROOF_BUDGET, batch: request.batch }).provingKey,
  );
  await writeKeys(folder, key);
  return withKernels(threads, (kernels) => proveOnce(kernels, { key, path }, request, reporter));
}

function proveOnce(
  kernels: Kernels,
  { key, path }: { readonly key: ProvingKey; readonly path: string },
  request: Request,
  reporter: Reporter,
): MadeProof {
  kernels.warmUp();
  reporter.progress("loading the committed weights");
  const prover = new NativeProver(kernels, key, slotCounterOf(path, key));
  const result = prover.prove({ ...request, onPhase: (phase) => reporter.progress(PHASES[phase]) });
  return { result, key };
}

function withKernels<T>(threads: number, use: (kernels: Kernels) => T): T {
  const kernels = createKernels({ threads });
  try {
    return use(kernels);
  } finally {
    kernels.dispose();
  }
}
