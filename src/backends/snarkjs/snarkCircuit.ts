/** A program's R1CS, its setup and its runs with one of snarkjs's proof systems. */
import { ByteWriter } from "../../bytes/byteWriter.ts";
import { PROOF_MAGIC, PROOF_VERSION } from "../../engine/proofFile.ts";
import { writeStatement } from "../../engine/statement.ts";
import { TensorproofError } from "../../errors/tensorproofError.ts";
import { runProgram } from "../../program/interpreter.ts";
import type { Program } from "../../program/program.ts";
import { programHash } from "../../program/programHash.ts";
import { programStructure } from "../../program/programStructure.ts";
import { statedVisibilities } from "../../relations/visibility.ts";
import type {
  BackendCircuit,
  BackendKeys,
  BackendOptions,
  BackendProof,
  BackendWitness,
  CompileRequest,
  KeyPair,
  RunRequest,
  SetupRequest,
} from "../proofBackend.ts";
import { commitmentOf } from "../r1cs/commitments.ts";
import { type CompiledR1cs, compileR1cs, r1csWitness } from "../r1cs/r1csCircuit.ts";
import { realOutputs } from "../realOutputs.ts";
import { readCircuitKey, writeCircuitKey } from "../statement/circuitKey.ts";
import { freshSalt, runStatement } from "../statement/runStatement.ts";
import { statementSignals } from "../statement/statementSignals.ts";
import { weightBinding } from "../statement/weightBinding.ts";
import { StepTimer } from "../stepTimer.ts";
import { writeProofNumbers } from "./proofShape.ts";
import type { SnarkProtocol } from "./protocol.ts";
import { readSnarkProvingKey, type SnarkProvingKey, writeSnarkProvingKey } from "./provingKey.ts";
import { memoryFile, type Snarkjs } from "./snarkjs.ts";

/** Said of every key whose powers of tau nobody else had a part in. */
export const INSECURE_SETUP =
  "the setup is insecure: one process made its powers of tau, and whoever ran it can forge proofs";

export interface SnarkContext {
  readonly protocol: SnarkProtocol;
  readonly snarkjs: Snarkjs;
  readonly options: BackendOptions;
}

export class SnarkCircuit implements BackendCircuit {
  readonly size: Readonly<Record<string, number>>;
  readonly times: Readonly<Record<string, number>>;
  private readonly context: SnarkContext;
  private readonly program: Program;
  private readonly request: CompileRequest;
  private readonly compiled: CompiledR1cs;

  /** @throws TensorproofError `program.*` */
  constructor(context: SnarkContext, program: Program, request: CompileRequest) {
    const timer = new StepTimer(context.options.onStep);
    timer.begin("compile");
    this.context = context;
    this.program = program;
    this.request = { ...request, visibilities: statedVisibilities(request.visibilities) };
    this.compiled = compileR1cs(program, this.request.visibilities, request.batch);
    this.size = { ...this.compiled.size };
    this.times = timer.finish();
  }

  /** The constraints as a `.r1cs` file. */
  get r1cs(): Uint8Array {
    return this.compiled.r1cs;
  }

  /** @throws TensorproofError `setup.ptau`, `setup.noPtau` */
  async setup({ trustedSetup }: SetupRequest = {}): Promise<BackendKeys> {
    const { protocol, snarkjs, options } = this.context;
    if (trustedSetup === undefined) {
      throw new TensorproofError(
        "setup.noPtau",
        `${protocol.name} needs a trusted setup: give the powers of tau of a ceremony (--ptau FILE), or ask for insecure ones (--insecure-setup), good for benchmarks alone`,
        { where: "--ptau" },
      );
    }
    if (trustedSetup.kind === "srs") {
      const message = `${protocol.name} takes powers of tau (kind ptau), not a reference string of another backend`;
      throw new TensorproofError("setup.ptau", message, { where: "--ptau" });
    }
    const { visibilities, batch } = this.request;
    const { size, r1cs } = this.compiled;
    const timer = new StepTimer(options.onStep);
    const zkey = await protocol.setup(snarkjs, {
      r1cs,
      numConstraints: size.constraints,
      numPublic: size.publicSignals,
      ptau: trustedSetup.kind === "ptau" ? trustedSetup.bytes : null,
      onStep: (step) => timer.begin(step),
    });
    timer.begin("verification key");
    const json = JSON.stringify(await snarkjs.zKey.exportVerificationKey(memoryFile(zkey)));
    const isInsecure = trustedSetup.kind === "insecure";
    const weightSalt = visibilities.weights === "public" ? null : freshSalt();
    const verificationKey = writeCircuitKey({
      backend: protocol.code,
      program: programStructure(this.program),
      visibilities,
      batch,
      weights: weightBinding(this.program, weightSalt, commitmentOf),
      isInsecure,
      system: new TextEncoder().encode(json),
    });
    const provingKey = writeSnarkProvingKey({ weightSalt: weightSalt ?? 0n, verificationKey, zkey });
    return {
      provingKey,
      verificationKey,
      times: timer.finish(),
      warnings: isInsecure ? [INSECURE_SETUP] : [],
    };
  }

  async witness(request: RunRequest, keys: KeyPair): Promise<BackendWitness> {
    const { protocol, options } = this.context;
    const timer = new StepTimer(options.onStep);
    timer.begin("run");
    const run = runProgram(this.program, request.inputs, this.request.batch);
    timer.begin("witness");
    const key = readSnarkProvingKey(keys.provingKey);
    this.requireOwn(key);
    const { statement, salts } = runStatement(this.program, request, run, key.verificationKey, {
      commit: commitmentOf,
      securityBits: protocol.capabilities.securityBits,
    });
    const statementBytes = writeStatement(statement);
    const signals = statementSignals(statement, statementBytes);
    if (signals === null) throw new TypeError("a commitment of our own is no field element");
    const wtns = r1csWitness(this.compiled.plan, {
      signals,
      salts: { ...salts, weights: key.weightSalt },
      inputs: request.inputs,
    });
    const times = timer.finish();
    const { outputs } = run;
    const reals = realOutputs(this.program, outputs);
    return { outputs, reals, times, prove: () => this.prove(key.zkey, wtns, statementBytes) };
  }

  /** The key must be of this program and of what it shows; that its weights are these, the witness shows. */
  private requireOwn(key: SnarkProvingKey): void {
    const { program, visibilities, batch, weights } = readCircuitKey(key.verificationKey);
    const { visibilities: asked, batch: samples } = this.request;
    const isSame =
      programHash(program).join() === programHash(this.program).join() &&
      (["input", "weights", "output"] as const).every((part) => visibilities[part] === asked[part]) &&
      batch === samples &&
      weightBinding(this.program, asked.weights === "public" ? null : key.weightSalt, commitmentOf).join() ===
        weights.join();
    if (isSame) return;
    throw new TensorproofError(
      "key.mismatch",
      "the proving key was set up for another program, other weights, other visibilities or another batch",
    );
  }

  private async prove(zkey: Uint8Array, wtns: Uint8Array, statementBytes: Uint8Array): Promise<BackendProof> {
    const { protocol, snarkjs, options } = this.context;
    const timer = new StepTimer(options.onStep);
    timer.begin("prove");
    const numbers = await protocol.prove(snarkjs, zkey, wtns, options.threads === 1);
    const payload = writeProofNumbers(protocol.shape, numbers);
    const writer = new ByteWriter();
    writer.bytes(PROOF_MAGIC);
    writer.u16(PROOF_VERSION);
    writer.u8(protocol.code);
    writer.u32(statementBytes.length);
    writer.bytes(statementBytes);
    writer.bytes(payload);
    return { proof: writer.finish(), payloadBytes: payload.length, times: timer.finish() };
  }
}
