import { describe, expect, test } from "vitest";
import type { DataFile, DataTensor } from "./dataFile.ts";
import { type ModelInput, toIntegerSamples, toModelInputs, toSamples } from "./samples.ts";

function zeroed(...shape: number[]): DataTensor {
  return { shape, data: new Float64Array(shape.reduce((count, length) => count * length, 1)), integer: true };
}

describe("toSamples", () => {
  test.each([
    [[3], [3], 1],
    [[5, 3], [3], 5],
    [[15], [3], 5],
    [[1, 15], [3], 5],
    [[3, 1], [3], 1],
    [[10, 28, 28], [784], 10],
    [[28, 28], [784], 1],
    [[28, 28], [28], 28],
    [[10, 784], [1, 28, 28], 10],
    [[10, 28, 28], [1, 28, 28], 10],
    [[10, 28, 28, 1], [28, 28, 1], 10],
    [[1, 28, 28], [1, 28, 28], 1],
    [[], [], 1],
    [[4], [], 4],
    [[4, 1], [1], 4],
  ])("data of shape %j for an input of shape %j: %i samples", (shape, input, count) => {
    expect(toSamples(zeroed(...shape), input).shape).toEqual([count, ...input]);
  });

  test.each([
    [[10, 28, 28], [196]],
    [[7], [3]],
    [[2, 3], [2]],
    [
      [2, 3, 32, 32],
      [32, 32, 3],
    ],
    [[0, 3], [3]],
  ])("data of shape %j for an input of shape %j is refused", (shape, input) => {
    const convert = (): unknown => toSamples(zeroed(...shape), input, { fileName: "x.npy" });
    expect(convert).toThrow(expect.objectContaining({ code: "input.shape", where: "x.npy" }));
    expect(convert).toThrow(`got [${shape.join(", ")}]`);
  });

  test("bytes are scaled on request only, other elements never", () => {
    const bytes: DataTensor = { shape: [2], data: Uint8Array.of(0, 255), integer: true };
    expect(Array.from(toSamples(bytes, [2]).data)).toEqual([0, 255]);
    expect(Array.from(toSamples(bytes, [2], { scaleBytes: true }).data)).toEqual([0, 1]);
    const wider: DataTensor = { shape: [2], data: Uint16Array.of(0, 255), integer: true };
    expect(Array.from(toSamples(wider, [2], { scaleBytes: true }).data)).toEqual([0, 255]);
  });

  test("integer inputs take integers", () => {
    const tensor: DataTensor = { shape: [2], data: Float32Array.of(1, 2.5), integer: false };
    expect(() => toIntegerSamples(tensor, [2])).toThrow(/expected integers, got 2.5 at index 1/);
    expect(toIntegerSamples({ ...tensor, data: Float32Array.of(1, 2) }, [2]).data).toEqual(
      Float64Array.of(1, 2),
    );
  });
});

describe("toModelInputs", () => {
  const a: ModelInput = { name: "a", shape: [2], type: "float32" };
  const b: ModelInput = { name: "b", shape: [3], type: "int64" };
  const file = (...tensors: DataTensor[]): DataFile => ({ fileName: "f", tensors });

  test("by position", () => {
    expect(toModelInputs(file(zeroed(4, 2), zeroed(4, 3)), [a, b]).map(({ shape }) => shape)).toEqual([
      [4, 2],
      [4, 3],
    ]);
  });

  test("by name", () => {
    const named = file(
      { ...zeroed(3), name: "b" },
      { ...zeroed(9), name: "other" },
      { ...zeroed(2), name: "a" },
    );
    expect(toModelInputs(named, [a, b]).map(({ shape }) => shape)).toEqual([
      [1, 2],
      [1, 3],
    ]);
  });

  test("several arrays for one input are samples", () => {
    expect(toModelInputs(file(zeroed(2), zeroed(2), zeroed(2)), [a])[0].shape).toEqual([3, 2]);
  });

  test("too few arrays and unequal numbers of samples are refused", () => {
    expect(() => toModelInputs(file(zeroed(2)), [a, b])).toThrow(
      /inputs "a" \[2\], "b" \[3\], got unnamed \[2\]/,
    );
    expect(() => toModelInputs(file(zeroed(2), zeroed(6)), [a, b])).toThrow(/"a": 1, "b": 2/);
  });
});
