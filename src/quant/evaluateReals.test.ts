import { describe, expect, it } from "vitest";
import { runGraph } from "../graph/run.ts";
import { evaluateReals } from "./evaluateReals.ts";
import { chainGraph, gemmLink, randomTensor } from "./testing/smallGraphs.ts";

const graph = chainGraph([4], [gemmLink("A", 3, 4, 1)]);
const samples = [randomTensor([6, 4], 2)];
const { data } = runGraph(graph, samples).get(graph.outputs[0].name)!;
const exact = Array.from({ length: 6 }, (_, n) => Float64Array.from(data.subarray(3 * n, 3 * n + 3)));
const classes = exact.map((scores) => scores.indexOf(Math.max(...scores)));

describe("evaluateReals", () => {
  it("finds what is equal equal, with the lead of the best score", () => {
    const evaluation = evaluateReals(graph, samples, exact, classes);
    expect(evaluation).toMatchObject({ count: 6, agreement: 1, maxError: 0, meanError: 0 });
    expect(evaluation.integer).toMatchObject({ accuracy: 1, f1: 1 });
    const leads = exact.map((scores) => {
      const [best, second] = [...scores].sort((a, b) => b - a);
      return best - second;
    });
    const [, , low, high] = leads.sort((a, b) => a - b);
    expect(evaluation.medianMargin).toBeCloseTo((low + high) / 2);
  });

  it("sees one sample decided otherwise and by how much scores are off", () => {
    const own = exact.map((scores) => scores.slice());
    const other = (classes[2] + 1) % 3;
    own[2][other] += 100;
    const evaluation = evaluateReals(graph, samples, own, classes);
    expect(evaluation.agreement).toBeCloseTo(5 / 6);
    expect(evaluation.maxError).toBeCloseTo(100);
    expect(evaluation.meanError).toBeCloseTo(100 / 18);
    expect(evaluation.float).toMatchObject({ accuracy: 1 });
  });

  it("wants a label for each sample", () => {
    expect(() => evaluateReals(graph, samples, exact, [0])).toThrow(
      expect.objectContaining({ code: "input.shape" }),
    );
  });
});
