import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readDataFile } from "../../data/readDataFile.ts";
import { checkGraph } from "../../graph/check.ts";
import { operatorOf } from "../../graph/operators/registry.ts";
import { runGraph } from "../../graph/run.ts";
import { runProgram } from "../../program/interpreter.ts";
import { compileGraph } from "../../quant/compileGraph.ts";
import { dequantise, quantiseInput } from "../../quant/realValues.ts";
import { floatTensor } from "../../tensor/tensor.ts";
import { loadModel } from "../load.ts";

// Models and predictions of the libraries themselves; test/vectors/classical/makeCategories.py makes them.
const VECTORS = new URL("../../../test/vectors/classical/", import.meta.url);
const read = (name: string): Uint8Array => readFileSync(new URL(name, VECTORS));
const EXPECTED: Readonly<Record<string, readonly (number | readonly number[])[]>> = JSON.parse(
  new TextDecoder().decode(read("categories.json")),
);
const [{ shape, data }] = readDataFile(read("category_rows.csv"), "category_rows.csv").tensors;
const ROWS = floatTensor([...shape], Float32Array.from(data));
const FILES = [
  "xgb_categories.json",
  "xgb_onehot.json",
  "lgb_categories.txt",
  "lgb_missing.txt",
  "tree_ensemble5.onnx",
];

describe("splits by category, and directions for missing values", () => {
  it.each(FILES)("%s gives the library's predictions, in floating point and as integers", async (file) => {
    const graph = await loadModel(read(file), file);
    checkGraph(graph);
    const expected = EXPECTED[file.replace(/\.\w+$/, "")].flat();
    const [{ name }] = graph.outputs;
    const real = Array.from(runGraph(graph, [ROWS], { keep: "all" }).get(name)?.data ?? []);
    expect(real).toHaveLength(expected.length);
    real.forEach((score, i) => {
      expect(Math.abs(score - expected[i])).toBeLessThan(1e-5);
    });
    const { program } = compileGraph(graph, { calibration: [ROWS] });
    const { outputs } = runProgram(program, [quantiseInput(program, 0, ROWS.data)], ROWS.shape[0]);
    const integer = dequantise(outputs[0], program.tensors[program.outputs[0]].quant);
    integer.forEach((score, i) => {
      expect(Math.abs(score - expected[i])).toBeLessThan(1e-4);
    });
  });

  it("says that there are such directions where there are, and refuses a missing value", async () => {
    const notes = async (file: string): Promise<(string | undefined)[]> => {
      const graph = await loadModel(read(file), file);
      return graph.nodes.map((node) => operatorOf(node)?.note?.(node)).filter((note) => note !== undefined);
    };
    expect(await notes("lgb_missing.txt")).toEqual([expect.stringMatching(/missing values are refused/)]);
    expect(await notes("xgb_onehot.json")).toHaveLength(1);
    expect(await notes("lgb_categories.txt")).toEqual([]);
    expect(await notes("tree_ensemble5.onnx")).toEqual([]);
    const graph = await loadModel(read("lgb_missing.txt"), "m.txt");
    const { program } = compileGraph(graph, { calibration: [ROWS] });
    const row = ROWS.data.slice(0, 8) as Float32Array;
    row[6] = Number.NaN;
    expect(() => quantiseInput(program, 0, row)).toThrow(/NaN \(sample 1, element 2\)/);
    // In floating point neither: no direction would be right.
    expect(() => runGraph(graph, [floatTensor([2, 4], row)])).toThrow(/row 1, feature 2: a value is missing/);
  });
});
