/** The engine of this package behind `ProofBackend`. */
import { provingEpoch } from "../../engine/epoch/provingEpoch.ts";
import { openProof } from "../../engine/proofFile.ts";
import { NativeProver } from "../../engine/prover/nativeProver.ts";
import { DEFAULT_PROOF_BUDGET, setup } from "../../engine/prover/setup.ts";
import { readProvingKey, writeProvingKey } from "../../engine/provingKey.ts";
import { budgetExhausted, type SlotCounter } from "../../engine/slots.ts";
import { verify } from "../../engine/verifier/verify.ts";
import { TensorproofError } from "../../errors/tensorproofError.ts";
import { createKernels, type Kernels } from "../../kernels/createKernels.ts";
import { runProgram } from "../../program/interpreter.ts";
import type { Program } from "../../program/program.ts";
import { validateProgram } from "../../program/validate.ts";
import { planInference } from "../../relations/inferencePlan.ts";
import type { BackendCapabilities } from "../capabilities.ts";
import type {
  BackendCircuit,
  BackendKeys,
  BackendOptions,
  BackendProof,
  BackendWitness,
  CompileRequest,
  KeyPair,
  ProofBackend,
  RunRequest,
} from "../proofBackend.ts";
import { realOutputs } from "../realOutputs.ts";

const CAPABILITIES: BackendCapabilities = {
  trustedSetup: "none",
  zeroKnowledge: true,
  hidesInputs: true,
  hidesWeights: true,
  postQuantum: true,
  onChain: false,
  securityBits: 100,
  trust: "BLAKE3 behaves like a random function",
  licence: "MIT",
  peer: null,
  needsNetwork: false,
  arithmetic: "exact",
  batches: true,
};

/** Counts the proofs of one commitment while the process lives. */
class ProcessSlots implements SlotCounter {
  private used = 0;

  take(budget: number): number {
    if (this.used >= budget) throw budgetExhausted(budget);
    return this.used++;
  }
}

/**
 * Counters of the commitments that this process made, by their seed: of the process and not of a circuit, because every
 * circuit of a program can prove with its keys.
 */
const counters = new Map<string, ProcessSlots>();

/** @throws TensorproofError `budget.missing` for a commitment to weights that another process made */
function countedSlots(seed: Uint8Array): SlotCounter {
  const slots = counters.get(seed.join());
  if (slots !== undefined) return slots;
  throw new TensorproofError(
    "budget.missing",
    "this key was set up by another process, whose proofs nobody counted here; without a count weights could leak: " +
      "set up in the process that proves, or prove with stored keys (`tensorproof prove --key`, `tensorproof/node`)",
    { where: "provingKey" },
  );
}

class NativeCircuit implements BackendCircuit {
  readonly size: Readonly<Record<string, number>>;
  readonly times: Readonly<Record<string, number>>;
  private readonly kernels: Kernels;
  private readonly program: Program;
  private readonly request: CompileRequest;
  private readonly proofs: number;

  constructor(kernels: Kernels, program: Program, request: CompileRequest, proofs: number) {
    const started = performance.now();
    validateProgram(program);
    const { plan } = planInference(program, request.visibilities, request.batch);
    this.size = {
      tensors: plan.tensors.length,
      layers: plan.layers.length,
      lookups: plan.sections.length,
    };
    this.times = { compile: performance.now() - started };
    this.kernels = kernels;
    this.program = program;
    this.request = request;
    this.proofs = proofs;
  }

  async setup(): Promise<BackendKeys> {
    const started = performance.now();
    const { visibilities, batch } = this.request;
    const weights = visibilities.weights === "public" ? "public" : "hidden";
    const { provingKey, verificationKey } = setup(this.kernels, this.program, {
      weights,
      proofs: this.proofs,
      batch,
    });
    if (weights === "hidden") counters.set(provingKey.seed.join(), new ProcessSlots());
    return {
      provingKey: writeProvingKey(provingKey),
      verificationKey,
      times: { setup: performance.now() - started },
      warnings: [],
    };
  }

  async witness(request: RunRequest, keys: KeyPair): Promise<BackendWitness> {
    const started = performance.now();
    const { outputs } = runProgram(this.program, request.inputs, this.request.batch);
    const times = { run: performance.now() - started };
    const reals = realOutputs(this.program, outputs);
    return { outputs, reals, times, prove: async () => this.prove(request, keys) };
  }

  private prove(request: RunRequest, keys: KeyPair): BackendProof {
    const started = performance.now();
    const { kernels } = this;
    const mark = kernels.mark();
    try {
      const key = readProvingKey(keys.provingKey);
      const slots = provingEpoch(key) === null ? null : countedSlots(key.seed);
      const prover = new NativeProver(kernels, key, slots);
      const loaded = performance.now();
      const { proof, witnessMs, proveMs } = prover.prove({ ...this.request, ...request });
      const times = { load: loaded - started, witness: witnessMs, prove: proveMs };
      return { proof, payloadBytes: openProof(proof).reader.bytesLeft, times };
    } finally {
      kernels.release(mark);
    }
  }
}

export function createNativeBackend(options: BackendOptions): ProofBackend {
  const kernels = createKernels({ threads: options.threads ?? 1 });
  kernels.warmUp();
  return {
    name: "native",
    capabilities: CAPABILITIES,
    compile: async (program, request) =>
      new NativeCircuit(kernels, program, request, options.proofs ?? DEFAULT_PROOF_BUDGET),
    verify: async (proof, verificationKey) => verify(proof, verificationKey),
    dispose: async () => kernels.dispose(),
  };
}
