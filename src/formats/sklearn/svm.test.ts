import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { checkGraph } from "../../graph/check.ts";
import type { Graph } from "../../graph/graph.ts";
import { runGraph } from "../../graph/run.ts";
import { runProgram } from "../../program/interpreter.ts";
import { compileGraph } from "../../quant/compileGraph.ts";
import { dequantise, quantiseInput } from "../../quant/realValues.ts";
import { floatTensor } from "../../tensor/tensor.ts";
import { loadModel } from "../load.ts";

type Rows = readonly (readonly number[])[];
interface Vectors {
  readonly cases: readonly {
    readonly name: string;
    readonly model: object;
    readonly rows: Rows;
    readonly scores: readonly (number | readonly number[])[];
    readonly labels: readonly number[] | null;
  }[];
  /** Outputs of ONNX Runtime, by file. */
  readonly onnx: Readonly<Record<string, readonly Rows[]>>;
  readonly rows: Rows;
}

// Models of scikit-learn and their results; makeForms.py makes them.
const FOLDER = new URL("../../../test/vectors/classical/", import.meta.url);
const VECTORS: Vectors = JSON.parse(readFileSync(new URL("svm.json", FOLDER), "utf8"));

/** Share of the scores' span. */
const TOLERANCE = 3e-3;

/** Share of the largest error, in floating point and as integers, in the last output; and the first one's integers. */
function compared(graph: Graph, rows: Rows, expected: readonly number[]) {
  checkGraph(graph);
  let first = 0;
  const samples = graph.inputs.map(({ shape: [columns] }) => {
    first += columns;
    const start = first - columns;
    return floatTensor(
      [rows.length, columns],
      rows.flatMap((row) => row.slice(start, start + columns)),
    );
  });
  const span = Math.max(...expected) - Math.min(...expected);
  const share = (values: ArrayLike<number>): number =>
    expected.reduce((most, score, i) => Math.max(most, Math.abs(values[i] - score) / span), 0);
  const last = graph.outputs[graph.outputs.length - 1];
  const real = runGraph(graph, samples).get(last.name)?.data ?? [];
  const { program } = compileGraph(graph, { calibration: samples });
  const q = samples.map(({ data }, i) => quantiseInput(program, i, data));
  const { outputs } = runProgram(program, q, rows.length);
  const { quant } = program.tensors[program.outputs[program.outputs.length - 1]];
  return {
    real: real.length === expected.length ? share(real) : Number.NaN,
    integer: share(dequantise(outputs[outputs.length - 1], quant)),
    first: Array.from(outputs[0]),
  };
}

/** The same labels, but for a few rows with a pair of classes closer than the tolerance. */
function expectLabels(
  found: readonly number[],
  labels: readonly number[],
  scores: readonly (number | readonly number[])[],
): void {
  const all = scores.flat();
  const least = TOLERANCE * (Math.max(...all) - Math.min(...all));
  const isClear = labels.map((_, row) => [scores[row]].flat().every((score) => Math.abs(score) > least));
  expect(isClear.filter((clear) => clear).length).toBeGreaterThan(0.9 * labels.length);
  expect(found.filter((_, row) => isClear[row])).toEqual(labels.filter((_, row) => isClear[row]));
}

describe("support vector machines as JSON", () => {
  it.each([...VECTORS.cases])("$name", async ({ name, model, rows, scores, labels }) => {
    const graph = await loadModel(new TextEncoder().encode(JSON.stringify(model)), `${name}.json`);
    const { real, integer, first } = compared(graph, rows, scores.flat());
    expect(real).toBeLessThan(1e-5);
    expect(integer).toBeLessThan(TOLERANCE);
    if (labels !== null) expectLabels(first, labels, scores);
  });
});

describe("SVMClassifier and SVMRegressor", () => {
  it.each(Object.entries(VECTORS.onnx))("%s gives what ONNX Runtime does", async (name, outputs) => {
    const graph = await loadModel(readFileSync(new URL(`svm_${name}.onnx`, FOLDER)), name);
    const { real, integer, first } = compared(graph, VECTORS.rows, outputs[outputs.length - 1].flat());
    expect(real).toBeLessThan(1e-5);
    expect(integer).toBeLessThan(TOLERANCE);
    if (outputs.length > 1) expectLabels(first, outputs[0].flat(), outputs[1]);
  });
});
