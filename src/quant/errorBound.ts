/** How far a program's outputs are from the model's, and the search for the fewest bits that are near enough. */

import { TensorproofError } from "../errors/tensorproofError.ts";
import type { Graph } from "../graph/graph.ts";
import { runGraph } from "../graph/run.ts";
import { runProgram } from "../program/interpreter.ts";
import type { Program } from "../program/program.ts";
import type { CompileOptions, Samples } from "./compileOptions.ts";
import type { CompileReport } from "./compileReport.ts";
import { graphInputs } from "./floatErrors.ts";
import { rangeOfValues } from "./realRange.ts";
import { dequantise, quantiseInput } from "./realValues.ts";

/** Bits of activations that are tried, the cheapest first. */
const BITS: readonly number[] = [8, 10, 12, 14];

export interface Compiled {
  readonly program: Program;
  readonly report: CompileReport;
}

function notFinite(graph: Graph, output: string): TensorproofError {
  const message =
    `model "${graph.name}": output "${output}" holds a number that is not finite on the calibration samples, and no integer ` +
    "stands for that; leave the output out, or clip it";
  return new TensorproofError("model.nonFiniteOutput", message, { where: output });
}

/**
 * The largest error of an output on these samples, as a share of the range of that output's reals (0 included); infinite
 * where an integer is another one than the model's. Only for heads that give the model's own outputs.
 */
export function largestShare(graph: Graph, program: Program, samples: Samples): number {
  const integers = program.inputs.map((_, index) => quantiseInput(program, index, samples[index].data));
  const count = samples[0].shape[0];
  const reference = runGraph(graph, graphInputs(graph, samples, integers));
  const { outputs } = runProgram(program, integers, count);
  return outputs.reduce((worst, q, index) => {
    const { name, type } = graph.outputs[index];
    const expected = reference.get(name)?.data ?? [];
    if (!expected.every(Number.isFinite)) throw notFinite(graph, name);
    const got = dequantise(q, program.tensors[program.outputs[index]].quant);
    const largest = got.reduce((most, value, j) => Math.max(most, Math.abs(value - expected[j])), 0);
    if (type !== "float32") return largest === 0 ? worst : Number.POSITIVE_INFINITY;
    const { lo, hi } = rangeOfValues(expected);
    const width = Math.max(hi, 0) - Math.min(lo, 0);
    return Math.max(worst, largest === 0 ? 0 : largest / width);
  }, 0);
}

/**
 * Compiles with more and more bits until the error is within the bound.
 *
 * @throws TensorproofError `model.precision` with the least error that was reached, or what `compile` throws
 */
export function compileWithin(
  graph: Graph,
  options: CompileOptions,
  compile: (options: CompileOptions) => Compiled,
): Compiled {
  const { maxError, calibration, ...others } = options;
  if (maxError === undefined || calibration === undefined)
    throw new TypeError("expected an error bound and samples");
  let least = Number.POSITIVE_INFINITY;
  let failure: TensorproofError | null = null;
  for (const activationBits of BITS) {
    try {
      const compiled = compile({ ...others, calibration, activationBits });
      const share = largestShare(graph, compiled.program, calibration);
      if (share <= maxError) return compiled;
      least = Math.min(least, share);
    } catch (error) {
      // More bits may not fit where fewer do, and the other way round for tables of steep functions.
      if (!(error instanceof TensorproofError) || error.code !== "program.rangeTooLarge") throw error;
      failure ??= error;
    }
  }
  if (least === Number.POSITIVE_INFINITY && failure !== null) throw failure;
  const reached = Number.isFinite(least)
    ? `${(100 * least).toPrecision(2)} % of an output's range`
    : "a wrong integer";
  throw new TensorproofError(
    "model.precision",
    `model "${graph.name}": the error bound of ${100 * maxError} % is not reached with up to ${BITS[BITS.length - 1]} bits; ` +
      `the least error is ${reached}. Raise the bound, or calibrate with inputs of a narrower range`,
    { where: graph.name },
  );
}
