/** A program's Noir package compiled, its keys and its runs. */
import { ByteWriter } from "../../bytes/byteWriter.ts";
import { PROOF_MAGIC, PROOF_VERSION } from "../../engine/proofFile.ts";
import { writeStatement } from "../../engine/statement.ts";
import { TensorproofError } from "../../errors/tensorproofError.ts";
import { runProgram } from "../../program/interpreter.ts";
import type { Program } from "../../program/program.ts";
import { programHash } from "../../program/programHash.ts";
import { programStructure } from "../../program/programStructure.ts";
import { statedVisibilities } from "../../relations/visibility.ts";
import { poseidon2Commitment } from "../noir/commitment.ts";
import { type NoirProject, noirProject } from "../noir/noirProject.ts";
import { runInputs } from "../noir/runInputs.ts";
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
import { signedInteger } from "../r1cs/scalarField.ts";
import { realOutputs } from "../realOutputs.ts";
import { readCircuitKey, writeCircuitKey } from "../statement/circuitKey.ts";
import { freshSalt, runStatement } from "../statement/runStatement.ts";
import { statementSignals } from "../statement/statementSignals.ts";
import { weightBinding } from "../statement/weightBinding.ts";
import { StepTimer } from "../stepTimer.ts";
import { ULTRAHONK_CAPABILITIES, ULTRAHONK_CODE } from "./capabilities.ts";
import {
  type BarretenbergOptions,
  countGates,
  type PatchedBarretenberg,
  proveCircuit,
  writeKey,
} from "./nodeBarretenberg.ts";
import { runNoir } from "./nodeTools.ts";
import { type HonkProvingKey, readHonkProvingKey, writeHonkProvingKey } from "./provingKey.ts";
import { CEREMONY_G2, insecureReferenceString, numPoints, POINT_BYTES } from "./referenceString.ts";
import { NOT_OFFLINE, readSystemKey, writeSystemKey } from "./systemKey.ts";

/** Said of every key whose reference string nobody else had a part in. */
export const INSECURE_SETUP =
  "the setup is insecure: this process made its reference string, and whoever ran it can forge proofs";

export interface HonkContext {
  readonly barretenberg: BarretenbergOptions;
  readonly patched: PatchedBarretenberg;
  readonly options: BackendOptions;
}

export class HonkCircuit implements BackendCircuit {
  readonly size: Readonly<Record<string, number>>;
  readonly times: Readonly<Record<string, number>>;
  private readonly context: HonkContext;
  private readonly program: Program;
  private readonly request: CompileRequest;
  private readonly project: NoirProject;
  private readonly circuit: Uint8Array;

  private constructor(
    context: HonkContext,
    program: Program,
    request: CompileRequest,
    made: { readonly project: NoirProject; readonly circuit: Uint8Array; readonly gates: number },
    times: Readonly<Record<string, number>>,
  ) {
    this.context = context;
    this.program = program;
    this.request = request;
    this.project = made.project;
    this.circuit = made.circuit;
    this.size = { gates: made.gates, points: numPoints(made.gates), circuitBytes: made.circuit.length };
    this.times = times;
  }

  /** @throws TensorproofError `program.*`, `backend.unsupported`, `backend.failed` */
  static async compile(context: HonkContext, program: Program, asked: CompileRequest): Promise<HonkCircuit> {
    const { barretenberg, options } = context;
    const request = { ...asked, visibilities: statedVisibilities(asked.visibilities) };
    const timer = new StepTimer(options.onStep);
    timer.begin("generate");
    const project = noirProject(program, { ...request, bindsStatement: true });
    timer.begin("compile");
    const files = Object.fromEntries(project.files);
    const { tools, limitMs } = barretenberg;
    const made = await runNoir(tools, "compile", files, ["program.json"], limitMs);
    const circuit = made["program.json"];
    timer.begin("gates");
    const gates = await countGates(barretenberg, circuit);
    return new HonkCircuit(context, program, request, { project, circuit, gates }, timer.finish());
  }

  /** @throws TensorproofError `setup.noSrs`, `setup.srs`, `setup.ptau`, `backend.failed` */
  async setup({ trustedSetup }: SetupRequest = {}): Promise<BackendKeys> {
    const { barretenberg, patched, options } = this.context;
    const timer = new StepTimer(options.onStep);
    const isInsecure = trustedSetup?.kind === "insecure";
    let points = new Uint8Array();
    let g2 = CEREMONY_G2;
    if (trustedSetup?.kind === "insecure") {
      timer.begin("reference string");
      const made = insecureReferenceString(this.size.points);
      points = Uint8Array.from(made.g1);
      g2 = made.g2;
    } else if (trustedSetup !== undefined) points = givenPoints(trustedSetup, this.size.points);
    timer.begin("verification key");
    const key = await writeKey(barretenberg, this.circuit, points);
    const { visibilities, batch } = this.request;
    const weightSalt = visibilities.weights === "public" ? null : freshSalt();
    const verificationKey = writeCircuitKey({
      backend: ULTRAHONK_CODE,
      program: programStructure(this.program),
      visibilities,
      batch,
      weights: weightBinding(this.program, weightSalt, poseidon2Commitment),
      isInsecure,
      system: writeSystemKey({ g2, key }),
    });
    const provingKey = writeHonkProvingKey({
      weightSalt: weightSalt ?? 0n,
      verificationKey,
      circuit: this.circuit,
      points,
    });
    const times = timer.finish();
    const warnings = isInsecure ? [INSECURE_SETUP] : [];
    if (isInsecure && (await patched.for(g2)) === null) warnings.push(NOT_OFFLINE);
    return { provingKey, verificationKey, times, warnings };
  }

  async witness(request: RunRequest, keys: KeyPair): Promise<BackendWitness> {
    const { barretenberg, options } = this.context;
    const timer = new StepTimer(options.onStep);
    timer.begin("run");
    const run = runProgram(this.program, request.inputs, this.request.batch);
    timer.begin("witness");
    const key = readHonkProvingKey(keys.provingKey);
    this.requireOwn(key);
    const { statement, salts } = runStatement(this.program, request, run, key.verificationKey, {
      commit: poseidon2Commitment,
      securityBits: ULTRAHONK_CAPABILITIES.securityBits,
    });
    const statementBytes = writeStatement(statement);
    const signals = statementSignals(statement, statementBytes);
    if (signals === null) throw new TypeError("a commitment of our own is no field element");
    const inputs = runInputs(this.project, this.request.visibilities, {
      signals,
      salts: { ...salts, weights: key.weightSalt },
      inputs: request.inputs,
    });
    const made = await runNoir(
      barretenberg.tools,
      "execute",
      { "program.json": key.circuit, "inputs.json": JSON.stringify(inputs) },
      ["witness.gz", "outputs.json"],
      barretenberg.limitMs,
    );
    const { outputs } = run;
    if (this.request.visibilities.output === "public") requireSame(made["outputs.json"], outputs);
    const witness = made["witness.gz"];
    const reals = realOutputs(this.program, outputs);
    const times = timer.finish();
    return { outputs, reals, times, prove: () => this.prove(key, witness, statementBytes) };
  }

  /** The key must be of this program and of what it shows; that its weights are these, the commitment shows. */
  private requireOwn(key: HonkProvingKey): void {
    const { program, visibilities, batch, weights } = readCircuitKey(key.verificationKey);
    const { visibilities: asked, batch: samples } = this.request;
    const salt = asked.weights === "public" ? null : key.weightSalt;
    const isSame =
      programHash(program).join() === programHash(this.program).join() &&
      (["input", "weights", "output"] as const).every((part) => visibilities[part] === asked[part]) &&
      batch === samples &&
      weightBinding(this.program, salt, poseidon2Commitment).join() === weights.join();
    if (isSame) return;
    throw new TensorproofError(
      "key.mismatch",
      "the proving key was set up for another program, other weights, other visibilities or another batch",
    );
  }

  private async prove(
    key: HonkProvingKey,
    witness: Uint8Array,
    statementBytes: Uint8Array,
  ): Promise<BackendProof> {
    const timer = new StepTimer(this.context.options.onStep);
    timer.begin("prove");
    const { circuit, points, verificationKey } = key;
    const system = readSystemKey(readCircuitKey(verificationKey).system);
    const payload = await proveCircuit(this.context.barretenberg, {
      circuit,
      witness,
      points,
      key: system.key,
    });
    const writer = new ByteWriter();
    writer.bytes(PROOF_MAGIC);
    writer.u16(PROOF_VERSION);
    writer.u8(ULTRAHONK_CODE);
    writer.u32(statementBytes.length);
    writer.bytes(statementBytes);
    writer.bytes(payload);
    return { proof: writer.finish(), payloadBytes: payload.length, times: timer.finish() };
  }
}

function givenPoints(
  { kind, bytes }: { readonly kind: "ptau" | "srs"; readonly bytes: Uint8Array },
  count: number,
): Uint8Array<ArrayBuffer> {
  if (kind === "ptau") {
    const message =
      "ultrahonk verifies over Aztec's ceremony alone: it takes that one's bn254_g1.dat (kind srs), no powers of another";
    throw new TensorproofError("setup.ptau", message, { where: "--ptau" });
  }
  if (bytes.length % POINT_BYTES !== 0 || bytes.length < count * POINT_BYTES) {
    const message = `the circuit needs ${count} points of ${POINT_BYTES} bytes; the given reference string has ${bytes.length} bytes`;
    throw new TensorproofError("setup.srs", message, { where: "trusted setup" });
  }
  return bytes.slice(0, count * POINT_BYTES);
}

/** The circuit computes by itself; that it computes the same is checked on every run. */
function requireSame(json: Uint8Array, outputs: readonly Int32Array[]): void {
  const returned = JSON.parse(new TextDecoder().decode(json)) as unknown[];
  const rows = (outputs.length === 1 ? [returned] : returned) as string[][];
  const isSame = outputs.every(
    (values, i) =>
      values.length === rows[i].length &&
      values.every((value, j) => signedInteger(BigInt(rows[i][j])) === BigInt(value)),
  );
  if (!isSame) throw new Error("Noir's outputs are not those of the program");
}
