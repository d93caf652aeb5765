import { describe, expect, it } from "vitest";
import { SeededRandom } from "../../../train/random.ts";
import { largestWithin } from "./largestWithin.ts";
import { fitLaw } from "./law.ts";
import { studentT } from "./studentT.ts";

const SIZES = [2, 4, 8, 16, 32, 64];
const pointsOf = (y: (x: number) => number) => SIZES.map((x) => ({ x, y: y(x) }));

describe("studentT", () => {
  // Abramowitz and Stegun, table 26.10.
  it.each([
    [0.95, 1, 12.706],
    [0.95, 2, 4.303],
    [0.95, 3, 3.182],
    [0.95, 4, 2.776],
    [0.99, 5, 4.032],
    [0.9, 10, 1.812],
    [0.95, 120, 1.98],
  ])("%d with %d degrees of freedom", (confidence, degrees, expected) => {
    expect(studentT(confidence, degrees)).toBeCloseTo(expected, 3);
  });

  it("refuses what has no meaning", () => {
    expect(() => studentT(0.95, 0)).toThrow(RangeError);
    expect(() => studentT(1, 3)).toThrow(RangeError);
  });
});

describe("fitLaw", () => {
  it.each([
    ["power", (x: number) => 3 * x ** 1.7],
    ["linear", (x: number) => 40 + 3 * x],
    ["quadratic", (x: number) => 100 + 0.5 * x * x],
  ])("finds a law of kind %s", (kind, y) => {
    const law = fitLaw(pointsOf(y));
    expect(law?.kind).toBe(kind);
    expect(law?.residual).toBeLessThan(1e-6);
    expect(law?.predict(200).y).toBeCloseTo(y(200), 2);
    expect(law?.tried[0].kind).toBe(kind);
  });

  it("has bands that hold as often as they say, widening beyond the measurements", () => {
    const random = new SeededRandom(5);
    const gauss = (): number =>
      Math.sqrt(-2 * Math.log(1 - random.nextFloat())) * Math.cos(2 * Math.PI * random.nextFloat());
    const truth = (x: number): number => 3 * x ** 1.7;
    const noisy = (x: number): number => truth(x) * Math.exp(0.1 * gauss());
    const trials = 400;
    let inConfidence = 0;
    let inPrediction = 0;
    for (let trial = 0; trial < trials; trial++) {
      const law = fitLaw(pointsOf(noisy));
      if (law === null) throw new Error("no law");
      const { confidence, prediction } = law.predict(16);
      const further = noisy(16);
      if (confidence.low <= truth(16) && truth(16) <= confidence.high) inConfidence++;
      if (prediction.low <= further && further <= prediction.high) inPrediction++;
      const width = ({ low, high }: { low: number; high: number }): number => high / low;
      expect(width(law.predict(640).prediction)).toBeGreaterThan(width(prediction));
      expect(width(prediction)).toBeGreaterThan(width(confidence));
    }
    // A binomial share of 0.95 over 400 trials stays in there but for once in a thousand times.
    for (const hits of [inConfidence, inPrediction]) {
      expect(hits / trials).toBeGreaterThan(0.9);
      expect(hits / trials).toBeLessThan(0.99);
    }
  });

  it("has no law for fewer than three sizes, however many points, and for none that is not positive", () => {
    const twice = [1, 1, 2, 2].map((x) => ({ x, y: x }));
    expect(fitLaw(twice)).toBeNull();
    expect(fitLaw(pointsOf((x) => x - 2))).toBeNull();
  });
});

describe("largestWithin", () => {
  const noise = [1.02, 0.97, 1.01, 1.03, 0.98, 0.99];
  const law = fitLaw(SIZES.map((x, i) => ({ x, y: 3 * x ** 1.7 * noise[i] })))!;

  it("is where the law meets the limit, inside the interval of the prediction band", () => {
    const answer = largestWithin(law, 3 * 100 ** 1.7);
    if (answer.kind !== "answer") throw new Error(answer.kind);
    expect(law.predict(answer.x).y).toBeCloseTo(3 * 100 ** 1.7, 3);
    expect(answer.isExtrapolated).toBe(true);
    expect(law.predict(answer.low!).prediction.high).toBeCloseTo(3 * 100 ** 1.7, 3);
    expect(law.predict(answer.high!).prediction.low).toBeCloseTo(3 * 100 ** 1.7, 3);
    expect(answer.low!).toBeLessThan(answer.x);
    expect(answer.high!).toBeGreaterThan(answer.x);
    expect(largestWithin(law, 3 * 20 ** 1.7)).toMatchObject({ kind: "answer", isExtrapolated: false });
  });

  it("says so where the answer lies too far out, or below what was measured", () => {
    expect(largestWithin(law, 3 * 5000 ** 1.7)).toEqual({ kind: "beyond", atLeast: 640 });
    expect(largestWithin(law, 1)).toEqual({ kind: "none", smallest: 2 });
    const constant = fitLaw(pointsOf(() => 800))!;
    expect(largestWithin(constant, 900)).toEqual({ kind: "beyond", atLeast: 640 });
  });
});
