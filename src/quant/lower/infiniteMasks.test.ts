import { describe, expect, it } from "vitest";
import type { Graph } from "../../graph/graph.ts";
import { runGraph } from "../../graph/run.ts";
import { runProgram } from "../../program/interpreter.ts";
import { floatTensor } from "../../tensor/tensor.ts";
import { compileGraph } from "../compileGraph.ts";
import { dequantise, quantiseInput } from "../realValues.ts";
import { chainGraph, int, randomTensor } from "../testing/smallGraphs.ts";
import { withInfiniteMasks } from "./infiniteMasks.ts";

const LENGTH = 6;

/** Softmax(2 · x + mask), each entry hidden from those before it. */
function masked(hidden: number): Graph {
  const mask = Float32Array.from({ length: LENGTH ** 2 }, (_, i) =>
    i % LENGTH > Math.floor(i / LENGTH) ? hidden : 0,
  );
  return chainGraph(
    [LENGTH, LENGTH],
    [
      { operator: "Mul", constants: { two: floatTensor([], [2]) } },
      { operator: "Add", constants: { mask: floatTensor([LENGTH, LENGTH], mask) } },
      { operator: "Softmax", attributes: { axis: int(-1) } },
    ],
  );
}

describe("numbers that stand for −∞ in masks", () => {
  it.each([-1e4, -1e9, -3.4028234663852886e38, Number.NEGATIVE_INFINITY])(
    "%d leaves scores their bits",
    (hidden) => {
      const graph = masked(hidden);
      const x = randomTensor([8, LENGTH, LENGTH], 5, 3);
      const { program } = compileGraph(graph, { calibration: [x], head: "probabilities" });
      const q = quantiseInput(program, 0, x.data);
      const got = dequantise(
        runProgram(program, [q], 8).outputs[0],
        program.tensors[program.outputs[0]].quant,
      );
      const expected = runGraph(graph, [x]).get("v2")?.data ?? [];
      expect(Math.max(...got.map((value, i) => Math.abs(value - expected[i])))).toBeLessThan(0.02);
    },
  );

  it("keeps what only weighs scores, and what is added elsewhere", () => {
    const graph = masked(-50);
    expect(withInfiniteMasks(graph).initializers.get("mask")?.data).toEqual(
      graph.initializers.get("mask")?.data,
    );
    const offsets = chainGraph([2], [{ operator: "Add", constants: { far: floatTensor([2], [-1e9, 0]) } }]);
    expect(withInfiniteMasks(offsets).initializers.get("far")?.data[0]).toBe(Math.fround(-1e9));
  });
});
