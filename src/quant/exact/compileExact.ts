/**
 * Mode `exact-int8`: a quantised model as the integer program whose every stored tensor equals, bit for bit, what the
 * reference kernels of TensorFlow Lite 2.21 compute (for ONNX models, what the quantised operators of ONNX Runtime do).
 * The model's own scales decide everything: there is no calibration, and no option that changes an integer besides
 * `rounding`.
 */

import { TensorproofError } from "../../errors/tensorproofError.ts";
import { checkGraph } from "../../graph/check.ts";
import type { Graph } from "../../graph/graph.ts";
import type { Program } from "../../program/program.ts";
import { validateProgram } from "../../program/validate.ts";
import type { Head } from "../compileOptions.ts";
import type { CompileReport } from "../compileReport.ts";
import type { Arithmetic } from "./arithmetic.ts";
import { lowerExact } from "./lowerExact.ts";

export interface ExactOptions {
  /**
   * How TensorFlow Lite was built: "tflite-double" (the default, as in every published build) or "tflite-single"
   * (`TFLITE_SINGLE_ROUNDING`). It is part of the program and of its hash.
   */
  readonly rounding?: "tflite-double" | "tflite-single";
  /** "probabilities" is refused. */
  readonly head?: Head;
}

/** Whether the model stores computed tensors as integers, so that there is something to reproduce. */
export function isQuantised(graph: Graph): boolean {
  return graph.arithmetic !== "float";
}

function arithmeticOf(graph: Graph, { rounding = "tflite-double" }: ExactOptions): Arithmetic {
  if (graph.arithmetic === "tflite") return { kind: "tflite", rounding };
  if (graph.arithmetic === "onnx") return { kind: "onnx" };
  checkGraph(graph);
  throw new TensorproofError(
    "model.notQuantised",
    `model "${graph.name}" computes in floating point, so there are no integers to reproduce; compile it with mode "pow2", ` +
      "or quantise it first (TensorFlow Lite: full integer quantisation with a representative data set; ONNX Runtime: " +
      "quantize_static)",
    { where: graph.name },
  );
}

function scoresOrArgMax(head: Head): "scores" | "argmax" {
  if (head !== "probabilities" && head !== "outputs") return head;
  throw new TensorproofError(
    "options.invalid",
    'option head: mode "exact-int8" proves the scores before a Softmax, not the probabilities: TensorFlow Lite\'s integer ' +
      "Softmax multiplies by a fixed-point reciprocal that programs do not have; compute the probabilities from the proven " +
      'scores (completeOutputs), or use mode "pow2"',
    { where: "head" },
  );
}

/**
 * Compiles a quantised graph. The same graph and options give the same program, byte for byte.
 *
 * @throws TensorproofError `model.notQuantised` for a model in floating point, `model.unsupportedOperator` listing every
 * node whose integers cannot be reproduced, `options.invalid` for head "probabilities", or what `checkGraph` throws
 */
export function compileExact(
  graph: Graph,
  options: ExactOptions = {},
): { program: Program; report: CompileReport } {
  const head = scoresOrArgMax(options.head ?? "scores");
  const { program, stripped } = lowerExact(graph, arithmeticOf(graph, options), head);
  validateProgram(program);
  const inputRanges = program.inputs.map((id) => {
    const { range, quant } = program.tensors[id];
    return { lo: quant.scale * (range.lo - quant.zeroPoint), hi: quant.scale * (range.hi - quant.zeroPoint) };
  });
  const report: CompileReport = {
    inputRangeSource: "model",
    activationBits: null,
    inputRanges,
    calibration: { source: "none", count: 0 },
    layers: [],
    stripped,
  };
  return { program, report };
}
