/** One model from file to verdict: never throws for what is wrong with the model. */

import { TensorproofError } from "../../src/errors/tensorproofError.ts";
import { readOnnx } from "../../src/formats/onnx/read.ts";
import { checkGraph } from "../../src/graph/check.ts";
import type { GraphDraft } from "../../src/graph/draft.ts";
import { runProgram } from "../../src/program/interpreter.ts";
import type { Program } from "../../src/program/program.ts";
import { compileGraph } from "../../src/quant/compileGraph.ts";
import type { CompileOptions } from "../../src/quant/compileOptions.ts";
import { dequantise, quantiseInput } from "../../src/quant/realValues.ts";
import { floatTensor, reshaped, type Tensor } from "../../src/tensor/tensor.ts";
import { INTEGER_TOLERANCE, integerError } from "./compare.ts";
import type { CaseResult, CoverageCase, Outcome } from "./coverageCase.ts";
import { evaluateFloat, type FloatResult } from "./floatCase.ts";
import { type GraphOfCase, graphsOfCase } from "./graphOfCase.ts";
import { proveProgram } from "./proveProgram.ts";
import { reasonOf } from "./reasons.ts";

type IntegerResult = Pick<CaseResult, "outcome" | "reason" | "detail" | "fixed" | "bits" | "error">;

/** Options that are tried one after the other; a model that is not quantised has no mode but the first. */
const OPTIONS: readonly CompileOptions[] = [
  { maxError: INTEGER_TOLERANCE },
  { mode: "exact-int8" },
  { mode: "pow2", maxError: INTEGER_TOLERANCE },
];

function asReals(tensor: Tensor): Float32Array {
  return tensor.data instanceof Float32Array ? tensor.data : Float32Array.from(tensor.data);
}

interface Compiled {
  readonly program: Program;
  readonly q: readonly Int32Array[];
  readonly outputs: readonly Int32Array[];
  readonly error: number;
  readonly bits: number | null;
}

function compileAndRun(
  found: GraphOfCase,
  options: CompileOptions,
  oracle: readonly (Tensor | undefined)[],
): Compiled {
  const { graph, inputs } = found;
  const samples = inputs.map((tensor) => {
    const data = asReals(tensor);
    const shape = graph.batched ? tensor.shape : [1, ...tensor.shape];
    return floatTensor(shape, data);
  });
  const calibrated = options.mode === "exact-int8" ? options : { ...options, calibration: samples };
  const head = options.mode === "exact-int8" ? "scores" : "outputs";
  const { program, report } = compileGraph(graph, { ...calibrated, head });
  const q = samples.map(({ data }, index) => quantiseInput(program, index, data));
  const { outputs } = runProgram(program, q, 1);
  const error = outputs.reduce((largest, integers, i) => {
    const { quant } = program.tensors[program.outputs[i]];
    const expected = oracle[i];
    return expected === undefined
      ? largest
      : Math.max(largest, integerError(expected, dequantise(integers, quant)));
  }, 0);
  return { program, q, outputs, error, bits: report.activationBits };
}

function sameIntegers(a: Int32Array | null, b: Int32Array): boolean {
  return a !== null && a.length === b.length && a.every((value, j) => value === b[j]);
}

function prove(compiled: Compiled): { readonly outcome: Outcome; readonly detail: string } {
  const { outputs, refusal } = proveProgram(compiled.program, compiled.q);
  if (refusal !== null) return { outcome: "wrong", detail: `the proof is refused: ${refusal}` };
  const agree = outputs.every((values, i) => sameIntegers(values, compiled.outputs[i]));
  return agree
    ? { outcome: "proven", detail: "" }
    : { outcome: "wrong", detail: "the proof states other integers than the interpreter" };
}

function isConstant(error: unknown): boolean {
  return (
    error instanceof TensorproofError && ["model.noInput", "model.outputIndependent"].includes(error.code)
  );
}

function attempt(
  found: GraphOfCase,
  oracle: readonly (Tensor | undefined)[],
  isProving: boolean,
): IntegerResult {
  checkGraph(found.graph);
  let compiled: Compiled | null = null;
  let failure: unknown = null;
  const isQuantised = found.graph.arithmetic !== "float";
  for (const options of isQuantised ? OPTIONS.slice(1) : OPTIONS.slice(0, 1)) {
    try {
      const next = compileAndRun(found, options, oracle);
      if (compiled === null || next.error < compiled.error) compiled = next;
      if (compiled.error <= INTEGER_TOLERANCE) break;
    } catch (error) {
      if (!(error instanceof TensorproofError)) throw error;
      failure = error;
    }
  }
  if (compiled === null) throw failure;
  const { bits, error } = compiled;
  const shared = { reason: "", fixed: found.fixed, bits, error };
  // The bound holds for the reference; the oracle differs from that in its last digits.
  if (error > 1.01 * INTEGER_TOLERANCE)
    return { ...shared, outcome: "wrong", detail: `differs by ${error} of the range` };
  if (!isProving) return { ...shared, outcome: "integers", detail: "" };
  return { ...shared, ...prove(compiled) };
}

function refused(error: unknown, fixed: readonly string[], operators: readonly string[]): IntegerResult {
  const shared = { fixed, bits: null, error: null };
  if (!(error instanceof TensorproofError))
    return {
      ...shared,
      outcome: "wrong",
      reason: "",
      detail: `crash: ${error instanceof Error ? error.stack : String(error)}`,
    };
  const detail = error.message;
  if (isConstant(error))
    return { ...shared, outcome: "constant", reason: "no output depends on an input", detail };
  return {
    ...shared,
    outcome: "refused",
    reason: reasonOf({ code: error.code, message: detail, operators }),
    detail,
  };
}

const ORDER: readonly Outcome[] = ["proven", "integers", "wrong", "refused", "constant"];

function runIntegers(
  draft: GraphDraft,
  given: ReadonlyMap<string, Tensor>,
  oracle: readonly (Tensor | undefined)[],
  isProving: boolean,
): IntegerResult {
  const operators = draft.nodes.map(({ operator }) => operator);
  let best: IntegerResult | null = null;
  for (const found of graphsOfCase(draft, given)) {
    let result: IntegerResult;
    try {
      result = attempt(found, oracle, isProving);
    } catch (error) {
      result = refused(error, found.fixed, operators);
    }
    // The first refusal says what the model as it is lacks.
    if (best === null || ORDER.indexOf(result.outcome) < ORDER.indexOf(best.outcome)) best = result;
    if (best.outcome === "proven" || best.outcome === "integers" || best.outcome === "wrong") break;
    if (result.outcome === "constant" && found.fixed.length === 0) break;
  }
  if (best === null) throw new RangeError("no graph was tried");
  return best;
}

export function runCase(given: CoverageCase, isProving: boolean): CaseResult {
  const started = performance.now();
  const done = (
    draft: GraphDraft | null,
    float: Pick<FloatResult, "float" | "floatDetail">,
    integer: IntegerResult,
  ): CaseResult => ({
    name: given.name,
    operators: [...new Set(draft?.nodes.map(({ operator }) => operator) ?? [])],
    float: float.float,
    floatDetail: float.floatDetail,
    ...integer,
    milliseconds: Math.round(performance.now() - started),
  });
  let draft: GraphDraft;
  try {
    draft = readOnnx(given.model, given.name);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    const isOurs = error instanceof TensorproofError;
    return done(null, { float: isOurs ? "refused" : "fail", floatDetail: detail }, refused(error, [], []));
  }
  const missing = draft.inputs.findIndex((_, i) => given.inputs[i] === undefined);
  if (missing >= 0) {
    const message = `input "${draft.inputs[missing].name}" is no tensor of numbers`;
    const error = new TensorproofError("model.unsupportedOperator", message);
    return done(draft, { float: "refused", floatDetail: message }, refused(error, [], []));
  }
  const inputs = new Map(
    draft.inputs.map(({ name }, i) => [
      name,
      reshaped(given.inputs[i] as Tensor, (given.inputs[i] as Tensor).shape),
    ]),
  );
  const float = evaluateFloat(draft, inputs, given.outputs);
  const oracle = given.outputs ?? float.reference;
  if (oracle === null) {
    const error = new TensorproofError("model.unsupportedOperator", float.floatDetail);
    return done(
      draft,
      float,
      refused(
        error,
        [],
        draft.nodes.map(({ operator }) => operator),
      ),
    );
  }
  return done(draft, float, runIntegers(draft, inputs, oracle, isProving));
}
