import { describe, expect, it } from "vitest";
import { add, type Ext, mul, ZERO } from "../field/ext.ts";
import { seededExts } from "../field/testing/seededExt.ts";
import { HiddenScalar } from "./hiddenScalar.ts";
import { HiddenSum } from "./hiddenSum.ts";

const [a, b, factor, known] = seededExts(3, 4);

describe("a sum of hidden scalars", () => {
  it("is what the same steps give on immutable scalars", () => {
    const terms = [HiddenScalar.masked(a, 7), HiddenScalar.masked(b, 2), HiddenScalar.masked(b, 7).times(a)];
    const sum = new HiddenSum();
    let expected = HiddenScalar.known(ZERO);
    for (const term of terms) {
      sum.add(term, factor);
      expected = expected.plus(term, factor);
    }
    sum.addKnown(known);
    expected = expected.plusKnown(known);
    expect(sum.constant).toEqual(expected.constant);
    expect(sum.pads).toEqual(expected.pads);
    expect(sum.scalar()).toEqual(expected);
  });

  it("gives scalars that do not change when it grows", () => {
    const sum = new HiddenSum();
    sum.add(HiddenScalar.masked(a, 0), factor);
    const before = sum.scalar();
    const coefficient: Ext = add(factor, mul(a, factor));
    sum.add(HiddenScalar.masked(b, 0), mul(a, factor));
    expect(before.pads.get(0)).toEqual(factor);
    expect(sum.pads.get(0)).toEqual(coefficient);
  });
});
