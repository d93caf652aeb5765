import { describe, expect, test } from "vitest";
import { graphOf, reals } from "../graph/testing/draft.ts";
import { compileGraph } from "./compileGraph.ts";
import type { CompileOptions } from "./compileOptions.ts";
import { QuantisedSketch } from "./exact/testing/quantisedGraphs.ts";
import { modeFor } from "./mode.ts";

const float = graphOf({
  inputs: { x: [null, 2] },
  constants: { w: reals([2, 1], 1, 2) },
  nodes: [{ operator: "MatMul", inputs: ["x", "w"] }],
});

function quantisedGraph(): ReturnType<QuantisedSketch["graph"]> {
  const sketch = new QuantisedSketch();
  const x = sketch.quantised("x", "xq", { scale: 0.05, zeroPoint: 0 });
  sketch.quantised(sketch.node("Relu", [x], "relu"), "y", { scale: 0.04, zeroPoint: 0 });
  return sketch.graph([2], "y", "tflite");
}

describe("the mode of a compilation", () => {
  test("a model in floating point is compiled by powers of two unless told otherwise", () => {
    expect(modeFor(float, {})).toBe("pow2");
    expect(compileGraph(float).program.mode).toBe("pow2");
  });

  test("a quantised model has to be asked about", () => {
    const graph = quantisedGraph();
    expect(() => compileGraph(graph)).toThrow(expect.objectContaining({ code: "model.modeNeeded" }));
    expect(() => compileGraph(graph)).toThrow(/"exact-int8" to prove the very integers .* "pow2"/);
    expect(compileGraph(graph, { mode: "exact-int8" }).program.mode).toBe("exact-int8");
  });

  test.each([
    [{ mode: "exact-int8", bits: 8 }, "bits"],
    [{ mode: "exact-int8", inputRange: [0, 1] }, "inputRange"],
    [{ rounding: "tflite-single", mode: "pow2" }, "rounding"],
    [{ mode: "int4" as "pow2" }, "mode"],
  ] satisfies [CompileOptions, string][])("%j is refused", (options, where) => {
    expect(() => compileGraph(quantisedGraph(), options)).toThrow(
      expect.objectContaining({ code: "options.invalid", where }),
    );
  });
});
