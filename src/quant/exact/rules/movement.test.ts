import { describe, expect, test } from "vitest";
import { int, ints, reals } from "../../../graph/testing/draft.ts";
import { runProgram } from "../../../program/interpreter.ts";
import { intTensor } from "../../../tensor/tensor.ts";
import { compileExact } from "../compileExact.ts";
import { QuantisedSketch } from "../testing/quantisedGraphs.ts";

const MEANING = { scale: 0.5, zeroPoint: 7 };
const INPUT = Int32Array.from({ length: 6 }, (_, index) => 10 * index);

/** What the operator makes of INPUT, seen as [2, 3] by the graph. */
function moved(
  operator: string,
  constants: readonly Parameters<QuantisedSketch["constant"]>[1][],
  attributes: Parameters<QuantisedSketch["node"]>[3] = {},
): number[] {
  const sketch = new QuantisedSketch();
  const x = sketch.quantised("x", "xq", MEANING);
  const names = constants.map((tensor, index) => sketch.constant(`c${index}`, tensor));
  sketch.quantised(sketch.node(operator, [x, ...names], "moved", attributes), "y", MEANING);
  const { program } = compileExact(sketch.graph([2, 3], "y", "tflite"));
  return [...runProgram(program, [INPUT], 1).outputs[0]];
}

function indices(...data: readonly number[]): ReturnType<typeof intTensor> {
  return intTensor([data.length], data);
}

describe("operators that move elements", () => {
  test("Slice", () => {
    expect(moved("Slice", [indices(1), indices(3), indices(2)])).toEqual([10, 20, 40, 50]);
  });

  test("Slice backwards", () => {
    expect(moved("Slice", [indices(-1), indices(-9), indices(2), indices(-1)])).toEqual([
      20, 10, 0, 50, 40, 30,
    ]);
  });

  test("Pad fills with the integer of the real number", () => {
    expect(moved("Pad", [indices(0, 0, 1, 0, 0, 0), reals([], 1.5)])).toEqual([
      10, 0, 10, 20, 10, 30, 40, 50,
    ]);
  });

  test("Gather", () => {
    expect(moved("Gather", [indices(2, 0, 2)], { axis: int(2) })).toEqual([20, 0, 20, 50, 30, 50]);
  });

  test("Transpose", () => {
    expect(moved("Transpose", [], { perm: ints(0, 2, 1) })).toEqual([0, 30, 10, 40, 20, 50]);
  });

  test("Pad with a number between two integers is refused", () => {
    expect(() => moved("Pad", [indices(0, 0, 1, 0, 0, 0), reals([], 1.4)])).toThrow(/cannot express/);
  });

  test("a change of scale that TensorFlow Lite's copy ignores is refused", () => {
    const sketch = new QuantisedSketch();
    const x = sketch.quantised("x", "xq", MEANING);
    const shape = sketch.constant("shape", indices(-1, 6));
    sketch.quantised(sketch.node("Reshape", [x, shape], "flat"), "y", { scale: 0.25, zeroPoint: 7 });
    expect(() => compileExact(sketch.graph([2, 3], "y", "tflite"))).toThrow(/which TensorFlow Lite ignores/);
  });
});
