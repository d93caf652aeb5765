/** Proves batches of inferences of one model. Keeps the committed weights in kernel memory between proofs. */
import { ByteWriter } from "../../bytes/byteWriter.ts";
import {
  type CommitmentTables,
  type CommittedTree,
  loadTables,
} from "../../commitment/prover/committedTree.ts";
import { TensorproofError } from "../../errors/tensorproofError.ts";
import type { KernelSet } from "../../kernels/kernelSet.ts";
import { type ProgramRun, runProgram } from "../../program/interpreter.ts";
import { programHash } from "../../program/programHash.ts";
import { planInference } from "../../relations/inferencePlan.ts";
import { statedVisibilities, type Visibilities } from "../../relations/visibility.ts";
import { planWeightRanges } from "../../relations/weightPlan.ts";
import type { PaddedTensor } from "../../relations/witness/paddedTensors.ts";
import { buildWitness } from "../../relations/witness/witness.ts";
import { type DataCommitment, dataBudget } from "../epoch/dataCommitment.ts";
import { commitDataTree } from "../epoch/prover/dataTree.ts";
import { type ProvingEpoch, provingEpoch } from "../epoch/provingEpoch.ts";
import { inferenceTranscript, planLayout } from "../keyLayout.ts";
import { BACKEND_NATIVE, PROOF_MAGIC, PROOF_VERSION } from "../proofFile.ts";
import type { ProvingKey } from "../provingKey.ts";
import { securityReport } from "../security.ts";
import type { SlotCounter } from "../slots.ts";
import { MAX_CONTEXT_BYTES, type Statement, writeStatement } from "../statement.ts";
import { describeValues } from "../statementValues.ts";
import { modelIdentity, readVerificationKey, type VerificationKey } from "../verificationKey.ts";
import { type ProofPhase, type ProofStep, provePayload } from "./provePayload.ts";
import { commitWeights } from "./setup.ts";

/** A commitment that the proof reads its inputs from, and what counts its uses. */
export interface SharedInput {
  readonly commitment: DataCommitment;
  /** As durable as that of a key. */
  readonly slots: SlotCounter;
}

export interface ProveRequest {
  /** One array per program input, batch · size integers each. */
  readonly inputs: readonly Int32Array[];
  readonly batch: number;
  readonly visibilities: Visibilities;
  /** Bound by the proof; at most 4096 bytes. */
  readonly context?: Uint8Array;
  /** For committed inputs that were committed to before; `inputs` must be its values. */
  readonly inputCommitment?: SharedInput;
  readonly onPhase?: (phase: ProofPhase | "witness") => void;
  /** Called where each finer part begins, for profiles. */
  readonly onStep?: (step: ProofStep | "run" | "plan" | "witness") => void;
}

export interface ProveResult {
  readonly proof: Uint8Array;
  readonly statement: Statement;
  readonly run: ProgramRun;
  /** Secret: committed inputs and outputs, for further proofs about them. Null for what is not committed. */
  readonly committed: { readonly input: DataCommitment | null; readonly output: DataCommitment | null };
  readonly witnessMs: number;
  readonly proveMs: number;
}

export class NativeProver {
  readonly key: VerificationKey;
  private readonly provingKey: ProvingKey;
  private readonly kernels: KernelSet;
  private readonly slots: SlotCounter | null;
  private readonly tables: CommitmentTables;
  private readonly weights: CommittedTree | null;
  private readonly epoch: ProvingEpoch | null;
  private readonly identity: Uint8Array;
  /** Weights in kernel memory, by constant. */
  private readonly stored = new Map<number, PaddedTensor>();

  /**
   * @param slots counts the proofs of this epoch; null only where the weights are public and nothing is used up
   * @throws TensorproofError `key.*`, `certificate.*`
   */
  constructor(kernels: KernelSet, provingKey: ProvingKey, slots: SlotCounter | null) {
    this.kernels = kernels;
    this.provingKey = provingKey;
    this.slots = slots;
    this.key = readVerificationKey(provingKey.verificationKey);
    if (slots === null && this.key.weights.kind === "hidden")
      throw new TypeError(
        "a key with hidden weights needs a slot counter that outlives the process, got null",
      );
    this.identity = modelIdentity(provingKey.verificationKey);
    this.tables = loadTables(kernels, this.key.parameters);
    this.epoch = provingEpoch(provingKey);
    this.weights = this.epoch === null ? null : this.commitWeights(this.epoch.root);
  }

  /** @throws TensorproofError `input.*`, `commitment.*`, `budget.exhausted`, `resources.memory` */
  prove(request: ProveRequest): ProveResult {
    const { kernels, tables, key, provingKey } = this;
    const { batch, inputCommitment: shared, onPhase = () => {}, onStep = () => {} } = request;
    const visibilities = statedVisibilities(request.visibilities);
    const context = request.context ?? new Uint8Array();
    if (context.length > MAX_CONTEXT_BYTES) {
      throw new TensorproofError(
        "input.context",
        `a context holds at most ${MAX_CONTEXT_BYTES} bytes, got ${context.length}`,
      );
    }
    if ((visibilities.weights === "public") !== (this.weights === null)) {
      const have = this.weights === null ? "public" : "hidden";
      throw new TensorproofError(
        "input.visibility",
        `this key was set up for ${have} weights; run setup with the other kind`,
      );
    }
    if (shared !== undefined && visibilities.input !== "committed") {
      throw new TensorproofError(
        "input.visibility",
        `inputs that are read from a commitment are committed, not ${visibilities.input}`,
      );
    }
    onPhase("witness");
    const started = performance.now();
    onStep("run");
    const run = runProgram(provingKey.program, request.inputs, batch);
    const mark = kernels.mark();
    try {
      onStep("plan");
      const inference = planInference(key.program, visibilities, batch);
      const { plan } = inference;
      const layout = planLayout(plan, key.parameters);
      onStep("witness");
      const witness = buildWitness(kernels, inference, provingKey.program, run, this.constants);
      const argued = performance.now();
      const tree = { plan, layout, witness };
      const input = commitDataTree(kernels, tables, tree, "input", shared?.commitment);
      const output = commitDataTree(kernels, tables, tree, "output");
      const { program } = key;
      // Both uses are on the disk before anything of the proof is drawn.
      shared?.slots.take(dataBudget(shared.commitment));
      const statement: Statement = {
        programHash: programHash(program),
        modelIdentity: this.identity,
        batch,
        visibilities,
        inputs: describeValues(
          program,
          program.inputs,
          visibilities.input === "public" ? request.inputs : null,
        ),
        outputs: describeValues(
          program,
          program.outputs,
          visibilities.output === "public" ? run.outputs : null,
        ),
        weightSlot:
          this.epoch === null || this.slots === null
            ? null
            : {
                epochRoot: this.epoch.root,
                certificates: this.epoch.certificate,
                slot: this.slots.take(key.proofBudget),
              },
        inputCommitment: input?.commitment.root ?? null,
        outputCommitment: output?.commitment.root ?? null,
        context,
        securityBits: Math.floor(securityReport(plan, layout).bits),
      };
      const statementBytes = writeStatement(statement);
      const values = new Map<number, Int32Array>();
      inference.constants.forEach((tensor, i) => {
        values.set(tensor, provingKey.program.constants[i].data);
      });
      inference.inputs.forEach((tensor, i) => {
        values.set(tensor, request.inputs[i]);
      });
      inference.outputs.forEach((tensor, i) => {
        if (tensor !== null) values.set(tensor, run.outputs[i]);
      });
      const trees = [this.weights, input?.tree, output?.tree].filter(
        (own) => own !== null && own !== undefined,
      );
      const payload = provePayload(
        kernels,
        this.tables,
        inferenceTranscript(statementBytes),
        { plan, layout, witness, trees, publicValues: (tensor) => values.get(tensor) as Int32Array },
        onPhase,
        onStep,
      );
      const writer = new ByteWriter();
      writer.bytes(PROOF_MAGIC);
      writer.u16(PROOF_VERSION);
      writer.u8(BACKEND_NATIVE);
      writer.u32(statementBytes.length);
      writer.bytes(statementBytes);
      writer.bytes(payload);
      const ended = performance.now();
      return {
        proof: writer.finish(),
        statement,
        run,
        committed: { input: input?.commitment ?? null, output: output?.commitment ?? null },
        witnessMs: argued - started,
        proveMs: ended - argued,
      };
    } finally {
      kernels.release(mark);
    }
  }

  private readonly constants = (constant: number, axes: readonly number[]): PaddedTensor | undefined => {
    const stored = this.stored.get(constant);
    return stored?.axes.join() === axes.join() ? stored : undefined;
  };

  private commitWeights(root: Uint8Array): CommittedTree {
    const { kernels, key, provingKey } = this;
    const annotated = planWeightRanges(key.program);
    const layout = planLayout(annotated.plan, key.parameters);
    // Rows and symbols stay; the padded copies of the weights stay as well, every witness reads them.
    const witness = buildWitness(kernels, annotated, provingKey.program, { tensors: [], outputs: [] });
    annotated.origins.forEach((origin, id) => {
      if (origin.kind === "constant") this.stored.set(origin.constant, witness.tensor(id));
    });
    const tree = commitWeights(kernels, this.tables, annotated, layout, witness, provingKey.seed);
    if (!tree.root.every((byte, i) => byte === root[i])) {
      throw new TensorproofError(
        "key.mismatch",
        "the proving key's weights and seed do not give its commitment",
      );
    }
    return tree;
  }
}
