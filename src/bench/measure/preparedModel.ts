/** The model of a job: its files read, its Graph quantised as the settings say. */
import { toLabels } from "../../data/labels.ts";
import { readDataFile } from "../../data/readDataFile.ts";
import { toModelInputs } from "../../data/samples.ts";
import { readBytes } from "../../files/readBytes.ts";
import { loadModel } from "../../formats/load.ts";
import { checkGraph } from "../../graph/check.ts";
import type { Graph } from "../../graph/graph.ts";
import type { Program } from "../../program/program.ts";
import { compileGraph } from "../../quant/compileGraph.ts";
import type { CompileOptions, Samples } from "../../quant/compileOptions.ts";
import { elementCount } from "../../tensor/shape.ts";
import type { FloatTensor } from "../../tensor/tensor.ts";
import type { MeasurementSettings } from "../suite.ts";
import type { Job } from "./job.ts";

export interface PreparedModel {
  readonly graph: Graph;
  readonly program: Program;
  /** All samples of the job's data. */
  readonly samples: Samples;
  /** Null: the suite names none. */
  readonly calibration: Samples | null;
  readonly quantiseMs: number;
}

/** Bytes of data files become 0 to 1, or in mode exact-int8 the program's own integers. */
function readSamples(path: string, graph: Graph, program: Program | null): Samples {
  const inputs = graph.inputs.map(({ name, shape }, i) => {
    const input = { name, shape, type: "float32" as const };
    if (program === null || program.mode !== "exact-int8") return input;
    const { range, quant } = program.tensors[program.inputs[i]];
    return { ...input, byteQuant: { lo: range.lo, scale: quant.scale, zeroPoint: quant.zeroPoint } };
  });
  return toModelInputs(readDataFile(readBytes(path), path), inputs, { scaleBytes: true }) as FloatTensor[];
}

function compileOptions(settings: MeasurementSettings): CompileOptions {
  const { bits, activationBits, maxError, fractionBits, head, mode, rounding, inputRange } = settings;
  const all = { bits, activationBits, maxError, fractionBits, head, mode, rounding, inputRange };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** @throws TensorproofError of files, models and options */
export async function prepareModel({ model, settings }: Job): Promise<PreparedModel> {
  const graph = await loadModel(readBytes(model.file), model.file);
  checkGraph(graph);
  const calibration = model.calibrate === undefined ? null : readSamples(model.calibrate, graph, null);
  const started = performance.now();
  const given = calibration === null ? {} : { calibration };
  const { program } = compileGraph(graph, { ...compileOptions(settings), ...given });
  const quantiseMs = performance.now() - started;
  return { graph, program, samples: readSamples(model.data, graph, program), calibration, quantiseMs };
}

/** Class numbers; real targets where the model has a single real output. */
export function readLabels(graph: Graph, path: string): ArrayLike<number> {
  const file = readDataFile(readBytes(path), path);
  const [output] = graph.outputs;
  const isRegression = output.type === "float32" && elementCount(output.shape) === 1;
  return isRegression && file.tensors.length === 1 ? file.tensors[0].data : toLabels(file);
}
