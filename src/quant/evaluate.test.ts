import { describe, expect, it } from "vitest";
import { runGraph } from "../graph/run.ts";
import { compileGraph } from "./compileGraph.ts";
import { evaluate } from "./evaluate.ts";
import { classificationMetrics, regressionMetrics } from "./metrics.ts";
import { chainGraph, classifier, gemmLink, randomTensor } from "./testing/smallGraphs.ts";

const samples = [randomTensor([700, 20], 4)];

describe("classificationMetrics", () => {
  it("averages over classes", () => {
    // Class 0: 2 of 3 predictions right, 2 of 2 found. Class 1: 1 of 1, 1 of 3. Class 2: 0 of 1, none labelled.
    const metrics = classificationMetrics([0, 0, 0, 1, 2], [0, 0, 1, 1, 1]);
    expect(metrics.accuracy).toBeCloseTo(3 / 5);
    expect(metrics.precision).toBeCloseTo((2 / 3 + 1 + 0) / 3);
    expect(metrics.recall).toBeCloseTo((1 + 1 / 3 + 0) / 3);
    expect(metrics.f1).toBeCloseTo((0.8 + 0.5 + 0) / 3);
  });
});

describe("regressionMetrics", () => {
  it("compares with the mean of the targets", () => {
    expect(regressionMetrics([1, 2, 4], [1, 2, 3])).toEqual({ r2: 0.5, mse: 1 / 3 });
    expect(regressionMetrics([1, 2], [5, 5]).r2).toBe(0);
  });
});

describe("evaluate", () => {
  it("finds float right by its own labels and integer nearly so, with and without ArgMax", () => {
    const graph = classifier();
    const { data } = runGraph(graph, samples).get("v3")!;
    const labels = Array.from({ length: 700 }, (_, n) => {
      const row = Array.from(data.subarray(5 * n, 5 * n + 5));
      return row.indexOf(Math.max(...row));
    });
    for (const head of ["scores", "argmax"] as const) {
      const { program } = compileGraph(graph, { calibration: samples, head });
      const evaluation = evaluate(graph, program, samples, labels);
      expect(evaluation.count).toBe(700);
      expect(evaluation.float).toMatchObject({ accuracy: 1, f1: 1 });
      expect(evaluation.agreement).toBeGreaterThan(0.97);
      expect(evaluation.maxError).toBeLessThan(0.05);
    }
  });

  it("treats a single number as a regression", () => {
    const graph = chainGraph([20], [gemmLink("A", 8, 20, 1), { operator: "Relu" }, gemmLink("B", 1, 8, 3)]);
    const { program } = compileGraph(graph, { calibration: samples });
    const targets = runGraph(graph, samples).get("v2")!.data;
    const evaluation = evaluate(graph, program, samples, targets);
    expect(evaluation.float).toEqual({ r2: 1, mse: 0 });
    expect(evaluation.integer).toMatchObject({ r2: expect.closeTo(1, 2) });
    expect(evaluation.agreement).toBeNull();
  });

  it("wants one label per sample", () => {
    const { program } = compileGraph(classifier());
    expect(() => evaluate(classifier(), program, samples, [1])).toThrow(
      expect.objectContaining({ code: "input.shape" }),
    );
  });
});
