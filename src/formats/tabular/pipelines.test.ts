import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { checkGraph } from "../../graph/check.ts";
import type { Graph } from "../../graph/graph.ts";
import { runProgram } from "../../program/interpreter.ts";
import { compileGraph } from "../../quant/compileGraph.ts";
import { quantiseInput } from "../../quant/realValues.ts";
import { floatTensor } from "../../tensor/tensor.ts";
import { loadModel } from "../load.ts";

// Results of ONNX Runtime; test/vectors/classical/makePipelines.py makes them.
const VECTORS = new URL("../../../test/vectors/classical/", import.meta.url);
const EXPECTED = JSON.parse(readFileSync(new URL("pipelines.json", VECTORS), "utf8"));
const ROWS = floatTensor([EXPECTED.rows.length, 4], EXPECTED.rows.flat());
const load = (name: string): Promise<Graph> =>
  loadModel(readFileSync(new URL(`${name}.onnx`, VECTORS)), `${name}.onnx`);

it("an Imputer of NaN before a forest: the labels of ONNX Runtime for complete rows", async () => {
  const graph = await load("pipeline_imputer");
  checkGraph(graph);
  const { program } = compileGraph(graph, { calibration: [ROWS] });
  const { outputs } = runProgram(program, [quantiseInput(program, 0, ROWS.data)], EXPECTED.rows.length);
  expect(Array.from(outputs[0])).toEqual(EXPECTED.pipeline_imputer);
});

it("an Imputer of a number is refused by name", async () => {
  const graph = await load("pipeline_imputer_number");
  expect(() => checkGraph(graph)).toThrow(/replaces the number -1; only NaN/);
});
