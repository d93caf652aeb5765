/** A model argument as a circuit of another proof system. */
import type {
  BackendCircuit,
  CompileRequest,
  FloatSource,
  ProofBackend,
} from "../../backends/proofBackend.ts";
import { writeOnnx } from "../../formats/onnx/write.ts";
import type { Program } from "../../program/program.ts";
import type { Visibilities } from "../../relations/visibility.ts";
import { readSamples } from "../inputs.ts";
import type { ModelFile } from "../models.ts";
import type { ModelOptions } from "../options.ts";
import { usageError } from "../reporter.ts";

/** As many samples as a backend that quantises by itself chooses its scales by. */
const CALIBRATION_SAMPLES = 32;

/** What a backend that quantises by itself needs: the float model, and data to choose its scales by. */
function sourceOf(file: ModelFile, options: ModelOptions, backend: string): FloatSource {
  if (file.kind !== "graph")
    throw usageError(`${backend} quantises by itself: give the float model, not a compiled program`);
  if (options.calibrate === undefined)
    throw usageError(`${backend} chooses its scales by data: give --calibrate`, "--calibrate");
  const samples = readSamples(options.calibrate, file.graph.inputs, options);
  return {
    onnx: writeOnnx(file.graph),
    batchAxis: "batch",
    calibration: samples.map(({ shape, data }) =>
      data.slice(0, Math.min(shape[0], CALIBRATION_SAMPLES) * (data.length / shape[0])),
    ),
    target: "resources",
    fractionBits: options.fractionBits ?? null,
  };
}

export interface CircuitRequest {
  readonly file: ModelFile;
  readonly program: Program;
  readonly visibilities: Visibilities;
  readonly batch: number;
}

/** @throws TensorproofError `backend.unsupported`, `usage`, `file.*` */
export function compileFor(
  backend: ProofBackend,
  { file, program, visibilities, batch }: CircuitRequest,
  options: ModelOptions,
): Promise<BackendCircuit> {
  const request: CompileRequest = { visibilities, batch };
  const isOwn = backend.capabilities.arithmetic === "own";
  const source = isOwn ? { source: sourceOf(file, options, backend.name) } : {};
  return backend.compile(program, { ...request, ...source });
}
