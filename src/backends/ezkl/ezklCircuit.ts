/** A float model compiled by EZKL, its keys and its runs. */
import { TensorproofError } from "../../errors/tensorproofError.ts";
import type { Program } from "../../program/program.ts";
import type {
  BackendCircuit,
  BackendKeys,
  BackendOptions,
  BackendProof,
  BackendWitness,
  CompileRequest,
  FloatSource,
  KeyPair,
  RunRequest,
  SetupRequest,
} from "../proofBackend.ts";
import { StepTimer } from "../stepTimer.ts";
import { INSECURE_FILE, readBundle, writeBundle } from "./bundle.ts";
import { runStep } from "./nodePython.ts";
import { parseEzklJson, realOfInstance, writeEzklProof } from "./proofFile.ts";
import { readSettings } from "./settings.ts";

/** Said of every key whose reference string nobody else had a part in. */
export const INSECURE_SETUP =
  "the setup is insecure: EZKL made its reference string for one process, and whoever ran it can forge proofs";

/** What it cannot do of what is asked for, each in words. */
function refusals({ visibilities, batch, source }: CompileRequest): string[] {
  const refused: string[] = [];
  if (source === undefined) refused.push("it quantises by itself and needs the float model (source)");
  if (batch !== 1) refused.push(`it proves one sample at a time, not ${batch}`);
  if (visibilities.weights !== "public") refused.push("weights are fixed in its circuit (weights=public)");
  if (visibilities.input === "committed") refused.push("it has no commitment to inputs of ours");
  if (visibilities.output !== "public") refused.push("its outputs are public here");
  return refused;
}

export class EzklCircuit implements BackendCircuit {
  readonly size: Readonly<Record<string, number>>;
  readonly times: Readonly<Record<string, number>>;
  private readonly program: Program;
  private readonly options: BackendOptions;
  private readonly files: Readonly<Record<"settings.json" | "circuit.ezkl", Uint8Array>>;

  private constructor(
    program: Program,
    options: BackendOptions,
    files: Readonly<Record<"settings.json" | "circuit.ezkl", Uint8Array>>,
    times: Readonly<Record<string, number>>,
  ) {
    const { logRows, numRows, assignments } = readSettings(files["settings.json"]);
    this.size = { logRows, rows: numRows, assignments };
    this.times = times;
    this.program = program;
    this.options = options;
    this.files = files;
  }

  /** @throws TensorproofError `backend.unsupported`, `backend.failed` */
  static async compile(
    program: Program,
    request: CompileRequest,
    options: BackendOptions,
  ): Promise<EzklCircuit> {
    const refused = refusals(request);
    const { source } = request;
    if (source === undefined || refused.length > 0) {
      throw new TensorproofError("backend.unsupported", `ezkl cannot prove this: ${refused.join("; ")}`, {
        details: refused,
      });
    }
    const timer = new StepTimer(options.onStep);
    timer.begin("compile");
    const step = {
      step: "compile",
      input: request.visibilities.input,
      batchAxis: source.batchAxis,
      target: source.target,
      fractionBits: source.fractionBits,
    } as const;
    const files = await runStep(step, sourceFiles(source), ["settings.json", "circuit.ezkl"], options);
    return new EzklCircuit(program, options, files, timer.finish());
  }

  /** @throws TensorproofError `setup.noPtau`, `setup.ptau`, `backend.failed` */
  async setup({ trustedSetup }: SetupRequest = {}): Promise<BackendKeys> {
    if (trustedSetup === undefined || trustedSetup.kind === "ptau") {
      throw new TensorproofError(
        trustedSetup === undefined ? "setup.noPtau" : "setup.ptau",
        "ezkl needs a trusted setup in its own format: give a reference string (kind srs) or ask for an insecure one",
        { where: "trusted setup" },
      );
    }
    const timer = new StepTimer(this.options.onStep);
    const isInsecure = trustedSetup.kind === "insecure";
    let srs: Uint8Array;
    if (isInsecure) {
      timer.begin("srs");
      ({ "kzg.srs": srs } = await runStep(
        { step: "srs", logrows: this.size.logRows },
        {},
        ["kzg.srs"],
        this.options,
      ));
    } else srs = trustedSetup.bytes;
    timer.begin("setup");
    const made = await runStep(
      { step: "setup" },
      { ...this.files, "kzg.srs": srs },
      ["pk.key", "vk.key"],
      this.options,
    );
    const settings = this.files["settings.json"];
    return {
      provingKey: writeBundle({ ...this.files, "pk.key": made["pk.key"], "kzg.srs": srs }),
      verificationKey: writeBundle({
        ...{ "settings.json": settings, "vk.key": made["vk.key"], "kzg.srs": srs },
        [INSECURE_FILE]: Uint8Array.of(isInsecure ? 1 : 0),
      }),
      times: timer.finish(),
      warnings: isInsecure ? [INSECURE_SETUP] : [],
    };
  }

  /** The inputs are integers of the program; EZKL is given the reals that they stand for. */
  async witness({ inputs, context }: RunRequest, keys: KeyPair): Promise<BackendWitness> {
    if (context !== undefined) {
      throw new TensorproofError("backend.unsupported", "ezkl binds no context", { where: "context" });
    }
    const timer = new StepTimer(this.options.onStep);
    timer.begin("witness");
    const reals = this.program.inputs.map((id, i) => {
      const { scale, zeroPoint } = this.program.tensors[id].quant;
      return Array.from(inputs[i], (q) => scale * (q - zeroPoint));
    });
    const files = { ...this.files, "input.json": JSON.stringify({ input_data: reals }) };
    const made = await runStep({ step: "witness" }, files, ["witness.json"], this.options);
    const witness = made["witness.json"];
    const { outputs } = JSON.parse(new TextDecoder().decode(witness)) as { outputs: string[][] };
    const { outputScales } = readSettings(this.files["settings.json"]);
    return {
      outputs: null,
      reals: outputs.map((row, i) =>
        Float64Array.from(row, (value) => realOfInstance(value, outputScales[i])),
      ),
      times: timer.finish(),
      prove: () => this.prove(witness, keys.provingKey),
    };
  }

  private async prove(witness: Uint8Array, provingKey: Uint8Array): Promise<BackendProof> {
    const timer = new StepTimer(this.options.onStep);
    timer.begin("prove");
    const key = readBundle(provingKey, ["circuit.ezkl", "pk.key", "kzg.srs"]);
    const made = await runStep(
      { step: "prove" },
      { ...key, "witness.json": witness },
      ["proof.json"],
      this.options,
    );
    const parsed = parseEzklJson(new TextDecoder().decode(made["proof.json"]));
    return {
      proof: writeEzklProof(parsed),
      payloadBytes: parsed.argument.length,
      times: timer.finish(),
    };
  }
}

function sourceFiles({ onnx, calibration }: FloatSource): Record<string, Uint8Array | string> {
  const data = calibration.map((values) => Array.from(values));
  return { "model.onnx": onnx, "calibration.json": JSON.stringify({ input_data: data }) };
}
