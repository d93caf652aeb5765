import { describe, expect, test } from "vitest";
import type { Graph } from "../../graph/graph.ts";
import { graphOf, ints, reals } from "../../graph/testing/draft.ts";
import { runProgram } from "../../program/interpreter.ts";
import { programHash } from "../../program/programHash.ts";
import { compileExact } from "./compileExact.ts";
import { QuantisedSketch } from "./testing/quantisedGraphs.ts";

/** x → 4 numbers → dense of two outputs. */
function denseGraph(
  arithmetic: "tflite" | "onnx",
  weights: readonly number[],
  bias: readonly number[],
): Graph {
  const sketch = new QuantisedSketch();
  const x = sketch.quantised("x", "xq", { scale: 0.05, zeroPoint: -7 });
  const w = sketch.trained("w", [4, 2], weights, { scale: 0.02, zeroPoint: 0 });
  const b = sketch.trained("b", [2], bias, { scale: 0.001, zeroPoint: 0, type: "int32" });
  const sums = sketch.node("Gemm", [x, w, b], "sums");
  sketch.quantised(sums, "y", { scale: 0.11, zeroPoint: 3 });
  return sketch.graph([4], "y", arithmetic);
}

const WEIGHTS = [3, -100, 50, 7, -128, 127, 0, 64];

describe("compileExact", () => {
  test("a real input is quantised before it enters the program", () => {
    const { program, report } = compileExact(denseGraph("tflite", WEIGHTS, [500, -300]));
    expect(program.mode).toBe("exact-int8");
    expect(program.tensors[0]).toMatchObject({ name: "xq", range: { lo: -128, hi: 127 } });
    expect(report).toMatchObject({ inputRangeSource: "model", calibration: { source: "none" } });
  });

  test("sums are centred products plus bias", () => {
    const { program } = compileExact(denseGraph("tflite", WEIGHTS, [500, -300]));
    const x = Int32Array.of(-128, 127, 5, -7);
    const centred = Array.from(x, (q) => q + 7);
    const sums = [0, 1].map((m) =>
      centred.reduce((sum, q, k) => sum + q * WEIGHTS[2 * k + m], [500, -300][m]),
    );
    const [y] = runProgram(program, [x], 1).outputs;
    const expected = sums.map((sum) => Math.min(Math.max(Math.round((sum * 0.001) / 0.11) + 3, -128), 127));
    expect([...y]).toEqual(expected);
  });

  test("the rounding is part of the program", () => {
    const sketch = new QuantisedSketch();
    const x = sketch.quantised("x", "xq", { scale: 0.05, zeroPoint: 0 });
    const w = sketch.trained("w", [1, 1, 1], [100], { scale: 0.02, zeroPoint: 0 });
    sketch.quantised(sketch.node("Conv", [x, w], "sums"), "y", { scale: 0.11, zeroPoint: 0 });
    const graph = sketch.graph([1, 3], "y", "tflite");
    const double = compileExact(graph).program;
    const single = compileExact(graph, { rounding: "tflite-single" }).program;
    expect(programHash(double)).not.toEqual(programHash(single));
  });

  test("a channel without weights and with a bias far outside the field keeps its result", () => {
    const weights = [3, 0, 50, 0, -128, 0, 0, 0];
    for (const bias of [2 ** 30, -(2 ** 30) + 64]) {
      const { program } = compileExact(denseGraph("tflite", weights, [500, bias]));
      const { outputs } = runProgram(program, [Int32Array.of(1, 2, 3, 4)], 1);
      expect(outputs[0][1]).toBe(bias > 0 ? 127 : -128);
    }
  });

  test("probabilities as head are refused", () => {
    expect(() => compileExact(denseGraph("tflite", WEIGHTS, [500, -300]), { head: "probabilities" })).toThrow(
      expect.objectContaining({ code: "options.invalid", where: "head" }),
    );
  });

  test("argmax as head", () => {
    const graph = denseGraph("tflite", WEIGHTS, [500, -300]);
    const x = Int32Array.of(127, -128, 0, 0, -128, -128, 127, 127);
    const [scores] = runProgram(compileExact(graph).program, [x], 2).outputs;
    const [classes] = runProgram(compileExact(graph, { head: "argmax" }).program, [x], 2).outputs;
    expect([...classes]).toEqual([scores[0] >= scores[1] ? 0 : 1, scores[2] >= scores[3] ? 0 : 1]);
    expect(new Set(classes).size).toBe(2);
  });
});

describe("what is refused", () => {
  test("a model in floating point, with advice", () => {
    const graph = graphOf({
      inputs: { x: [null, 2] },
      constants: { w: reals([2, 2], 1, 2, 3, 4) },
      nodes: [{ operator: "MatMul", inputs: ["x", "w"] }],
    });
    expect(() => compileExact(graph)).toThrow(expect.objectContaining({ code: "model.notQuantised" }));
    expect(() => compileExact(graph)).toThrow(/mode "pow2", or quantise it first/);
  });

  test("every node that cannot be reproduced, all at once", () => {
    const sketch = new QuantisedSketch();
    const x = sketch.quantised("x", "xq", { scale: 0.05, zeroPoint: 0 });
    const padded = sketch.node("AveragePool", [x], "padded", {
      kernel_shape: ints(3, 3),
      pads: ints(1, 1, 1, 1),
    });
    const averaged = sketch.quantised(padded, "averaged", { scale: 0.05, zeroPoint: 0 });
    sketch.node("Softplus", [x], "softplus");
    const smooth = sketch.quantised("softplus", "smooth", { scale: 0.05, zeroPoint: 0 });
    const float = sketch.node("Add", [averaged, sketch.constant("c", reals([1], 0.5))], "float");
    sketch.quantised(sketch.node("Add", [float, smooth], "both"), "y", { scale: 0.05, zeroPoint: 0 });
    const graph = sketch.graph([2, 4, 4], "y", "tflite");
    expect(() => compileExact(graph)).toThrow(
      expect.objectContaining({
        code: "model.unsupportedOperator",
        details: [
          expect.objectContaining({
            node: "padded",
            reason: expect.stringMatching(/partly outside its input/),
          }),
          expect.objectContaining({ node: "softplus", reason: expect.stringMatching(/not reproduced yet/) }),
        ],
      }),
    );
  });

  test("a result that is read before it is quantised", () => {
    const sketch = new QuantisedSketch();
    const x = sketch.quantised("x", "xq", { scale: 0.05, zeroPoint: 0 });
    const w = sketch.trained("w", [2, 2], [1, 2, 3, 4], { scale: 0.02, zeroPoint: 0 });
    const product = sketch.node("MatMul", [x, w], "product");
    sketch.quantised(sketch.node("Add", [product, x], "sum"), "y", { scale: 0.05, zeroPoint: 0 });
    expect(() => compileExact(sketch.graph([2], "y", "tflite"))).toThrow(
      /Add "sum" reads "product" before it is quantised/,
    );
  });

  test("an output in floating point", () => {
    const sketch = new QuantisedSketch();
    const x = sketch.quantised("x", "xq", { scale: 0.05, zeroPoint: 0 });
    sketch.node("Tanh", [x], "y");
    expect(() => compileExact(sketch.graph([2], "y", "tflite"))).toThrow(/"y" is computed in floating point/);
  });

  test("sums that a proof cannot tell apart", () => {
    expect(() => compileExact(denseGraph("tflite", WEIGHTS, [2 ** 30, 0]))).toThrow(/cannot be proven/);
  });
});
