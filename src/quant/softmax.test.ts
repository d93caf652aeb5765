import { describe, expect, it } from "vitest";
import { NativeProver } from "../engine/prover/nativeProver.ts";
import { setup } from "../engine/prover/setup.ts";
import { MemorySlotCounter } from "../engine/testing/memorySlotCounter.ts";
import { checkVerificationKey, verifyWithKey } from "../engine/verifier/verify.ts";
import type { Graph } from "../graph/graph.ts";
import type { Attribute } from "../graph/node.ts";
import { resolveGraph } from "../graph/resolve.ts";
import { runGraph } from "../graph/run.ts";
import { createKernels } from "../kernels/createKernels.ts";
import { runProgram } from "../program/interpreter.ts";
import type { Divide, Program } from "../program/program.ts";
import { floatTensor, intTensor, type Tensor } from "../tensor/tensor.ts";
import { compileGraph } from "./compileGraph.ts";
import type { CompileOptions } from "./compileOptions.ts";
import { quantiseInput } from "./realValues.ts";
import { chainGraph, gemmLink, int, randomTensor } from "./testing/smallGraphs.ts";

interface Outcome {
  readonly program: Program;
  readonly inputs: Int32Array[];
  /** Of the first output, over all samples. */
  readonly worst: number;
  readonly mean: number;
  readonly reals: Float32Array;
}

/** Compiles, runs both on random samples of this size, and compares the first outputs. */
function against(graph: Graph, options: CompileOptions = {}, factor = 1, batch = 20): Outcome {
  const calibration = [randomTensor([64, ...graph.inputs[0].shape], 8, factor)];
  const { program } = compileGraph(graph, { calibration, ...options });
  const { shape, data } = randomTensor([batch, ...graph.inputs[0].shape], 3, 0.9 * factor);
  const inputs = [quantiseInput(program, 0, data)];
  // What the inputs' integers mean: the input's own rounding is no matter of the Softmax.
  const { scale } = program.tensors[0].quant;
  const x = floatTensor(
    shape,
    Float32Array.from(inputs[0], (q) => scale * q),
  );
  const expected = runGraph(graph, [x]).get(graph.outputs[0].name)?.data as Float32Array;
  const { quant } = program.tensors[program.outputs[0]];
  const reals = Float32Array.from(runProgram(program, inputs, batch).outputs[0], (q) => quant.scale * q);
  const errors = Array.from(reals, (real, j) => Math.abs(real - expected[j]));
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
  return { program, inputs, worst: Math.max(...errors), mean, reals };
}

const kernels = createKernels({ threads: 1 });

/** Proves the first sample in two ways and verifies. */
function prove({ program, inputs }: Outcome): void {
  const weights = program.constants.length === 0 ? "public" : "hidden";
  const { provingKey, verificationKey } = setup(kernels, program, { weights, proofs: 2, batch: 1 });
  const checked = checkVerificationKey(verificationKey);
  if (!checked.ok) throw new Error(checked.error.code);
  const prover = new NativeProver(kernels, provingKey, weights === "hidden" ? new MemorySlotCounter() : null);
  const one = inputs.map((values, i) => {
    const size = program.tensors[i].shape.reduce((product, length) => product * length, 1);
    return values.slice(0, size);
  });
  for (const output of ["public", "committed"] as const) {
    const visibilities = {
      input: output === "public" ? "private" : "public",
      weights: weights === "hidden" ? "private" : "public",
      output,
    } as const;
    const { proof, statement } = prover.prove({ inputs: one, batch: 1, visibilities });
    expect(verifyWithKey(proof, checked.key)).toMatchObject({ ok: true });
    if (output === "public")
      expect(statement.outputs.map(({ values }) => values)).toEqual(runProgram(program, one, 1).outputs);
  }
}

const softmax = (axis = -1): { operator: string; attributes: Record<string, Attribute> } => ({
  operator: "Softmax",
  attributes: { axis: int(axis) },
});

interface Line {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

function graphOf(shape: readonly number[], lines: readonly Line[], constants: Record<string, Tensor>): Graph {
  return resolveGraph({
    name: "lines",
    inputs: [{ name: "x", type: "float32", shape: [null, ...shape] }],
    outputs: [lines[lines.length - 1].output],
    nodes: lines.map(({ operator, inputs, output, attributes = {} }) => ({
      name: `${operator} ${output}`,
      operator,
      domain: "",
      opset: 17,
      inputs: [...inputs],
      outputs: [output],
      attributes: new Map(Object.entries(attributes)),
    })),
    initializers: new Map(Object.entries(constants)),
  });
}

const RESULT_STEP = 2 ** -8;

describe("a Softmax at the end", () => {
  const graph = chainGraph([6], [gemmLink("", 10, 6, 1), softmax()]);

  it("is left out unless its probabilities are asked for", () => {
    expect(compileGraph(graph).program.operators.map(({ kind }) => kind)).toEqual(["matmul"]);
    const { program, report } = compileGraph(graph, { head: "probabilities" });
    expect(program.operators.at(-1)).toMatchObject({ kind: "divide", name: "softmax1" });
    expect(program.tensors[program.outputs[0]]).toMatchObject({ name: "v1", quant: { scale: RESULT_STEP } });
    expect(report.stripped).toEqual([[]]);
  });

  it("gives probabilities to within a step, and is proven", () => {
    const outcome = against(graph, { head: "probabilities" }, 3);
    expect(outcome.worst).toBeLessThan(0.7 * RESULT_STEP);
    expect(outcome.mean).toBeLessThan(0.3 * RESULT_STEP);
    prove(outcome);
  });

  it("has as many bits as activations have", () => {
    const outcome = against(graph, { head: "probabilities", activationBits: 12 }, 3);
    expect(outcome.worst).toBeLessThan(2 * 2 ** -12);
  });

  it("has eight bits where activations have fewer", () => {
    const outcome = against(
      chainGraph([2048], [softmax()]),
      { head: "probabilities", activationBits: 4 },
      3,
      4,
    );
    expect(outcome.program.tensors[outcome.program.outputs[0]].quant.scale).toBe(RESULT_STEP);
    expect(outcome.worst).toBeLessThan(RESULT_STEP);
  });

  it("works along long axes, with less precision", () => {
    for (const [length, steps] of [
      [100, 0.6],
      [1000, 2.5],
    ] as const) {
      const scores = chainGraph([length], [softmax()]);
      const { worst, reals } = against(scores, { head: "probabilities" }, 500, 8);
      expect(worst).toBeLessThan(steps * RESULT_STEP);
      expect(Math.max(...reals)).toBeGreaterThan(0.6);
    }
  });

  it("is proven where remainders take two limbs", () => {
    const outcome = against(chainGraph([600], [softmax()]), { head: "probabilities" }, 60, 1);
    const { denominator } = outcome.program.operators.at(-1) as Divide;
    expect(outcome.program.tensors[denominator].range).toEqual({ lo: 2 ** 7, hi: 600 * 2 ** 7 });
    prove(outcome);
  });

  it("is certain of what stands alone", () => {
    const { reals } = against(chainGraph([3, 1], [softmax()]), { head: "probabilities" });
    expect(new Set(reals)).toEqual(new Set([1]));
  });

  it("is there for the head to be asked for", () => {
    expect(() => compileGraph(chainGraph([6], [gemmLink("", 4, 6, 1)]), { head: "probabilities" })).toThrow(
      expect.objectContaining({ code: "options.invalid", where: "head" }),
    );
  });
});

describe("a Softmax within a network", () => {
  it("feeds a dense layer", () => {
    const graph = chainGraph([6], [gemmLink("a", 9, 6, 1), softmax(), gemmLink("b", 4, 9, 1)]);
    const outcome = against(graph, {}, 3);
    expect(outcome.mean).toBeLessThan(0.01);
    prove(outcome);
  });

  it.each([1, 2, 3])("works along axis %i of a convolution's result", (axis) => {
    const conv = { operator: "Conv", constants: { w: randomTensor([5, 2, 1, 1], 4, 3) } };
    const outcome = against(chainGraph([2, 3, 4], [conv, softmax(axis)]), { head: "probabilities" });
    expect(outcome.worst).toBeLessThan(0.7 * RESULT_STEP);
    prove(outcome);
  });

  it("weighs values by attention", () => {
    const outcome = against(
      graphOf(
        [7, 4],
        [
          { operator: "MatMul", inputs: ["x", "score"], output: "scores" },
          { operator: "Softmax", inputs: ["scores"], output: "attention", attributes: { axis: int(1) } },
          { operator: "MatMul", inputs: ["x", "value"], output: "values" },
          { operator: "Mul", inputs: ["attention", "values"], output: "weighted" },
          {
            operator: "ReduceSum",
            inputs: ["weighted", "axis"],
            output: "pooled",
            attributes: { keepdims: int(0) },
          },
          { operator: "Relu", inputs: ["pooled"], output: "y" },
        ],
        {
          score: randomTensor([4, 1], 5, 2),
          value: randomTensor([4, 6], 6),
          axis: intTensor([1], [1]),
        },
      ),
    );
    expect(outcome.worst).toBeLessThan(0.02);
    prove(outcome);
  });

  it("has a relative, LogSoftmax, that is computed from a maximum, a sum and two tables", () => {
    const log = chainGraph([6], [{ operator: "LogSoftmax" }, gemmLink("b", 4, 6, 1)]);
    const kinds = compileGraph(log).program.operators.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === "windowSum")).toHaveLength(1);
    expect(kinds).toContain("max");
    expect(kinds).not.toContain("divide");
  });
});
