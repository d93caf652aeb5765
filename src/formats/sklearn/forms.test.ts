import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { checkGraph } from "../../graph/check.ts";
import { runGraph } from "../../graph/run.ts";
import { runProgram } from "../../program/interpreter.ts";
import { compileGraph } from "../../quant/compileGraph.ts";
import { dequantise, quantiseInput } from "../../quant/realValues.ts";
import { floatTensor } from "../../tensor/tensor.ts";
import { loadModel } from "../load.ts";

interface Case {
  readonly name: string;
  readonly model: object;
  readonly rows: readonly (readonly number[])[];
  /** The library's, one or several for each row. */
  readonly scores: readonly (number | readonly number[])[];
  readonly labels: readonly number[] | null;
}

const VECTORS = new URL("../../../test/vectors/classical/", import.meta.url);
const CASES: readonly Case[] = JSON.parse(readFileSync(new URL("forms.json", VECTORS), "utf8"));

describe("models of scikit-learn, as JSON", () => {
  it.each([...CASES])("$name", async ({ name, model, rows, scores, labels }) => {
    const graph = await loadModel(new TextEncoder().encode(JSON.stringify(model)), `${name}.json`);
    checkGraph(graph);
    let first = 0;
    const samples = graph.inputs.map(({ shape }) => {
      const [columns] = shape;
      first += columns;
      const start = first - columns;
      return floatTensor(
        [rows.length, columns],
        rows.flatMap((row) => row.slice(start, start + columns)),
      );
    });
    const real = runGraph(graph, samples, { keep: "all" }).get("linear scores")?.data ?? [];
    const expected = scores.flat();
    expect(real).toHaveLength(expected.length);
    const span = Math.max(...expected) - Math.min(...expected);
    const farthest = (values: ArrayLike<number>): number =>
      expected.reduce((most, score, i) => Math.max(most, Math.abs(values[i] - score)), 0);
    expect(farthest(real)).toBeLessThan(1e-6 * span);

    const { program } = compileGraph(graph, { calibration: samples });
    const q = samples.map(({ data }, i) => quantiseInput(program, i, data));
    const { outputs, tensors } = runProgram(program, q, rows.length);
    const last = program.outputs[program.outputs.length - 1];
    expect(farthest(dequantise(tensors[last], program.tensors[last].quant))).toBeLessThan(3e-4 * span);
    if (labels !== null) expect(Array.from(outputs[0])).toEqual(labels);
  });
});
