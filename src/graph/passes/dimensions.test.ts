import { describe, expect, it } from "vitest";
import type { DraftDimension, GraphDraft } from "../draft.ts";
import { withDimensions } from "./dimensions.ts";

function draft(...shapes: readonly DraftDimension[][]): GraphDraft {
  const inputs = shapes.map((shape, i) => ({ name: `x${i}`, type: "float32", shape }) as const);
  return { name: "net", inputs, outputs: [], nodes: [], initializers: new Map() };
}

const shapesOf = (result: GraphDraft): unknown => result.inputs.map(({ shape }) => shape);
const fixing =
  (lengths: Record<string, number>, ...shapes: DraftDimension[][]): (() => GraphDraft) =>
  () =>
    withDimensions(draft(...shapes), new Map(Object.entries(lengths)));

describe("lengths that a file leaves open", () => {
  it("are set by their names, in every input that has them", () => {
    const result = fixing({ batch: 1, seq: 64 }, ["batch", "seq", 8], ["batch", "seq"])();
    expect(shapesOf(result)).toEqual([
      [1, 64, 8],
      [1, 64],
    ]);
  });

  it("are set by their place, which counts more than a name", () => {
    const result = fixing({ "x0:1": 5, seq: 6, "x1:0": 2 }, [1, "seq"], [null, "seq"])();
    expect(shapesOf(result)).toEqual([
      [1, 5],
      [2, 6],
    ]);
  });

  it("stay open where nothing names them", () => {
    expect(shapesOf(fixing({ seq: 6 }, ["batch", "seq"])())).toEqual([["batch", 6]]);
  });

  it("are refused with the names that there are", () => {
    expect(fixing({ sequence: 6 }, ["batch", "seq", null])).toThrow(/open are "batch", "seq", "x0:2"/);
    expect(fixing({ seq: 6 }, [1, 4])).toThrow(/all lengths of the model are fixed/);
    expect(fixing({ "x0:1": 6 }, [1, 4])).toThrow(/all lengths of the model are fixed/);
  });

  it("are whole numbers from 1", () => {
    expect(fixing({ seq: 0 }, ["seq"])).toThrow(/whole number/);
    expect(fixing({ seq: 1.5 }, ["seq"])).toThrow(/whole number/);
    expect(fixing({ seq: 2 ** 30 }, ["seq"])).toThrow(/whole number/);
  });
});
