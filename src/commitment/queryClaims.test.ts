import { describe, expect, it } from "vitest";
import { circleEncodeExtAt } from "../code/circle.ts";
import { basisValues, domainPoints } from "../code/circleGroup.ts";
import { add, EXT_WORDS, type Ext, fromBase, mul, ONE, ZERO } from "../field/ext.ts";
import { dotBase, dotExt, getExt, makeExtVector, setExt, toExtVector } from "../field/extVector.ts";
import { seededExts } from "../field/testing/seededExt.ts";
import { eqTable } from "../poly/eq.ts";
import { batchedValue, evaluateBasis, evaluateBatched } from "./queryClaims.ts";

const LOG_LENGTH = 7;
const POSITIONS = [0, 5, 77, 127];
const POINTS = domainPoints(LOG_LENGTH, POSITIONS);

describe("the multilinear extension of basis values at a point of the domain", () => {
  const z = seededExts(3, 5);

  it.each([1, 2, 3, 15, 16, 17, 21, 31, 32])("on the first %i indices", (limit) => {
    for (const at of POINTS) {
      const expected = dotBase(basisValues(32, at).subarray(0, limit), eqTable(z, limit));
      expect(evaluateBasis(z, at, limit)).toEqual(expected);
    }
  });

  it("on no index and on the single one", () => {
    expect(evaluateBasis(z, POINTS[1], 0)).toEqual(ZERO);
    expect(evaluateBasis([], POINTS[1], 1)).toEqual(ONE);
  });
});

describe("claims about a vector, batched", () => {
  const numVariables = 5;
  const tau = seededExts(11, 1)[0];

  it.each([
    [4, 17],
    [4, 23],
    [4, 31],
    [5, 32],
    [3, 20],
  ])("an evaluation at %i coordinates and symbols of %i elements", (numCoordinates, length) => {
    const point = seededExts(21, numCoordinates);
    const vector = toExtVector(seededExts(31, length));
    const data = vector.subarray(0, EXT_WORDS * 2 ** numCoordinates);
    const symbols = circleEncodeExtAt(vector, LOG_LENGTH, POSITIONS);
    const sums = POSITIONS.map((_, k) => getExt(symbols, k));
    const value = batchedValue(dotExt(data, eqTable(point)), sums, tau);
    // The public vector entry by entry, from its definition.
    const entries = makeExtVector(2 ** numVariables);
    const basis = POINTS.map((at) => basisValues(2 ** numVariables, at));
    for (let j = 0; j < length; j++) {
      let entry: Ext = j < 2 ** numCoordinates ? getExt(eqTable(point), j) : ZERO;
      let power = tau;
      for (const values of basis) {
        entry = add(entry, mul(power, fromBase(values[j])));
        power = mul(power, tau);
      }
      setExt(entries, j, entry);
    }
    expect(dotExt(vector, entries)).toEqual(value);
    const z = seededExts(41, numVariables);
    expect(evaluateBatched(z, point, length, POSITIONS, LOG_LENGTH, tau)).toEqual(
      dotExt(entries, eqTable(z)),
    );
  });
});
