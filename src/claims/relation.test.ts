import { describe, expect, it } from "vitest";
import { type Ext, mul, scale } from "../field/ext.ts";
import { type EvaluationContext, evaluateTensor, Relation } from "./relation.ts";

const FACTOR: Ext = [3, 1, 4, 1];
const POINT: Ext[] = [
  [5, 9, 2, 6],
  [5, 3, 5, 8],
];
const VALUES = Int32Array.of(7, -2, 11);

const context: EvaluationContext = {
  tensors: [
    { name: "shown", axes: [3], holder: "public" },
    { name: "hidden", axes: [3], holder: "advice" },
  ],
  publicValues: () => VALUES,
  layerValue: () => {
    throw new Error("no layer is read");
  },
};

/** What the relation knows of its sum; whatever it leaves to the opening is not in it. */
function known(relation: Relation): Ext {
  return relation.hidden.scalar().constant;
}

describe("a tensor in a relation", () => {
  const evaluation = evaluateTensor([3], VALUES, POINT);

  it("that is public counts by its evaluation, times the factor", () => {
    const relation = new Relation("test");
    relation.addTensor(context, 0, POINT, FACTOR);
    expect(known(relation)).toEqual(mul(FACTOR, evaluation));
    expect(relation.terms).toEqual([]);
  });

  it("that is hidden is a claim for the opening, with the factor", () => {
    const relation = new Relation("test");
    relation.addTensor(context, 1, POINT, FACTOR);
    expect(relation.terms).toEqual([{ tensor: 1, point: POINT, factor: FACTOR }]);
  });

  it("read by an expression counts with the term's factor, too", () => {
    const relation = new Relation("test");
    const wires = [{ axes: [0], map: null }];
    const term = { factor: 6, source: { kind: "tensor", tensor: 0, wires } } as const;
    relation.addExpression(context, [3], { constant: 0, terms: [term] }, POINT, FACTOR);
    expect(known(relation)).toEqual(scale(mul(FACTOR, evaluation), 6));
  });
});
