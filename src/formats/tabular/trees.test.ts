import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readDataFile } from "../../data/readDataFile.ts";
import { checkGraph } from "../../graph/check.ts";
import { runGraph } from "../../graph/run.ts";
import { runProgram } from "../../program/interpreter.ts";
import { compileGraph } from "../../quant/compileGraph.ts";
import { dequantise, quantiseInput } from "../../quant/realValues.ts";
import { floatTensor } from "../../tensor/tensor.ts";
import { loadModel } from "../load.ts";

// Models and predictions of the libraries themselves; test/vectors/classical/make.py makes them.
const VECTORS = new URL("../../../test/vectors/classical/", import.meta.url);
const read = (name: string): Uint8Array => readFileSync(new URL(name, VECTORS));
const EXPECTED: Readonly<Record<string, readonly (number | readonly number[])[]>> = JSON.parse(
  new TextDecoder().decode(read("expected.json")),
);
const [{ shape, data }] = readDataFile(read("rows.csv"), "rows.csv").tensors;
const ROWS = floatTensor([...shape], Float32Array.from(data));

const BOOSTED = [
  ["xgb_regression.json", "prediction"],
  ["xgb_multi.json", "scores"],
  ["xgb_binary.json", "scores"],
  ["xgb_binary.ubj", "scores"],
  ["lgb_regression.txt", "prediction"],
  ["lgb_multi.txt", "scores"],
  ["lgb_binary.txt", "scores"],
] as const;

describe("boosted trees", () => {
  it.each(BOOSTED)(
    "%s gives the library's scores, in floating point and as integers",
    async (file, output) => {
      const graph = await loadModel(read(file), file);
      checkGraph(graph);
      const expected = EXPECTED[file.replace(/\.\w+$/, "")].flat();
      const scoresOf = (all: ArrayLike<number>): number[] => {
        const isBinary = file.includes("binary");
        return Array.from(all).filter((_, i) => !isBinary || i % 2 === 1);
      };
      const run = runGraph(graph, [ROWS], { keep: "all" });
      const real = scoresOf(run.get(output)?.data ?? []);
      real.forEach((score, i) => {
        expect(Math.abs(score - expected[i])).toBeLessThan(1e-5);
      });
      expect(real).toHaveLength(expected.length);

      const { program } = compileGraph(graph, { calibration: [ROWS] });
      const q = quantiseInput(program, 0, ROWS.data);
      const { tensors } = runProgram(program, [q], ROWS.shape[0]);
      const last = program.outputs[program.outputs.length - 1];
      const integer = scoresOf(dequantise(tensors[last], program.tensors[last].quant));
      integer.forEach((score, i) => {
        expect(Math.abs(score - expected[i])).toBeLessThan(1e-4);
      });
    },
  );
});

describe("ONNX-ML", () => {
  it.each(["tree", "forest"])("%s.onnx gives the library's labels", async (name) => {
    const graph = await loadModel(read(`${name}.onnx`), name);
    checkGraph(graph);
    expect(Array.from(runGraph(graph, [ROWS]).get("label")?.data ?? [])).toEqual(EXPECTED[name]);
    const { program } = compileGraph(graph, { calibration: [ROWS] });
    const { outputs } = runProgram(program, [quantiseInput(program, 0, ROWS.data)], ROWS.shape[0]);
    expect(Array.from(outputs[0])).toEqual(EXPECTED[name]);
  });

  it("boosted.onnx gives the library's predictions", async () => {
    const graph = await loadModel(read("boosted.onnx"), "boosted.onnx");
    checkGraph(graph);
    const { program } = compileGraph(graph, { calibration: [ROWS] });
    const { outputs } = runProgram(program, [quantiseInput(program, 0, ROWS.data)], ROWS.shape[0]);
    const predictions = dequantise(outputs[0], program.tensors[program.outputs[0]].quant);
    const expected = EXPECTED.boosted.flat();
    predictions.forEach((prediction, i) => {
      expect(Math.abs(prediction - expected[i])).toBeLessThan(1e-4);
    });
    expect(predictions).toHaveLength(expected.length);
  });
});
