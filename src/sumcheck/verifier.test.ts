import { describe, expect, it } from "vitest";
import { add, type Ext, mul, pow, sub, ZERO } from "../field/ext.ts";
import { seededExts } from "../field/testing/seededExt.ts";
import { HiddenScalar } from "../masking/hiddenScalar.ts";
import type { MessageReader } from "../masking/messages.ts";
import { reduceSumcheck, sumcheckScalars } from "./verifier.ts";

const sum = (values: readonly Ext[]): Ext => values.reduce(add, ZERO);

describe.each([
  [0, 3],
  [1, 2],
  [4, 2],
  [5, 3],
])("a sumcheck of %i rounds and degree %i", (numRounds, degree) => {
  const count = sumcheckScalars(numRounds, degree);
  const values = seededExts(5, count);
  const pads = seededExts(6, count + 1);
  const challenges = seededExts(7, numRounds);
  const [claim] = seededExts(8, 1);

  it("ends in the value that its rounds give one by one", () => {
    let expected = claim;
    challenges.forEach((r, round) => {
      const [c0, ...higher] = values.slice(round * degree, (round + 1) * degree);
      const c1 = sub(expected, sum([c0, c0, ...higher]));
      expected = sum([c0, mul(r, c1), ...higher.map((c, j) => mul(c, pow(r, j + 2)))]);
    });
    let message = 0;
    let round = 0;
    const reader: MessageReader = {
      hidden: () => HiddenScalar.masked(sub(values[message], pads[message]), message++),
      clear: () => ZERO,
      challenge: () => challenges[round++],
    };
    const start = HiddenScalar.masked(sub(claim, pads[count]), count);
    const { point, value } = reduceSumcheck(reader, start, numRounds, degree);
    expect(point).toEqual(challenges);
    expect([message, round]).toEqual([count, numRounds]);
    const revealed = [...value.pads].map(([pad, coefficient]) => mul(coefficient, pads[pad]));
    expect(sum([value.constant, ...revealed])).toEqual(expected);
  });
});
