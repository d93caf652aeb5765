import { describe, expect, it } from "vitest";
import { compileGraph } from "./compileGraph.ts";
import { dequantise, quantiseInput } from "./realValues.ts";
import { classifier } from "./testing/smallGraphs.ts";

const { program } = compileGraph(classifier(), { inputRange: [0, 2] });
const step = 2 / 255;

function quantiseFirst(value: number): number {
  const sample = new Float64Array(20);
  sample[3] = value;
  return quantiseInput(program, 0, sample)[3];
}

describe("quantiseInput", () => {
  it("rounds to the nearest step, halves up", () => {
    expect(quantiseFirst(0)).toBe(0);
    expect(quantiseFirst(2)).toBe(255);
    expect(quantiseFirst(10.4 * step)).toBe(10);
    expect(quantiseFirst(10.6 * step)).toBe(11);
  });

  it("lets a value exceed the range by half a step and no more", () => {
    expect(quantiseFirst(-0.49 * step)).toBe(0);
    expect(quantiseFirst(255.49 * step)).toBe(255);
    for (const value of [-0.51 * step, 255.51 * step, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => quantiseFirst(value)).toThrow(expect.objectContaining({ code: "input.outOfRange" }));
    }
    expect(() => quantiseFirst(7)).toThrow(/input "x": 7 \(sample 0, element 3\) lies outside \[0, 2\]/);
  });

  it("wants whole samples", () => {
    const partial = new Float32Array(21);
    expect(() => quantiseInput(program, 0, partial)).toThrow(
      expect.objectContaining({ code: "input.shape" }),
    );
  });

  it("comes back within half a step", () => {
    const real = Float64Array.from({ length: 20 }, (_, j) => j / 10);
    const back = dequantise(quantiseInput(program, 0, real), program.tensors[0].quant);
    back.forEach((value, j) => {
      expect(Math.abs(value - real[j])).toBeLessThanOrEqual(step / 2 + 1e-12);
    });
  });
});
