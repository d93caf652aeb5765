import { describe, expect, it } from "vitest";
import { SeededRandom } from "../random.ts";
import { kMeans, meanDistance, nearestCentres } from "./kMeans.ts";
import { leastSquares } from "./leastSquares.ts";
import { monomialsOf } from "./monomials.ts";
import { growTree, treeOutputs, treeSize } from "./tree.ts";

function uniform(length: number, seed: number): Float64Array {
  const random = new SeededRandom(seed);
  return Float64Array.from({ length }, () => 2 * random.nextFloat() - 1);
}

describe("leastSquares", () => {
  const rows = { count: 50, width: 3, values: uniform(150, 1) };
  const exact = Float64Array.from(
    { length: 50 },
    (_, n) => 2 * rows.values[3 * n] - 3 * rows.values[3 * n + 2] + 7,
  );

  it("finds a plane that fits exactly", () => {
    const { coefficients, intercept } = leastSquares(rows, exact, 0);
    [2, 0, -3].forEach((value, i) => {
      expect(coefficients[i]).toBeCloseTo(value, 10);
    });
    expect(intercept).toBeCloseTo(7, 10);
  });

  it("makes the penalised gradient zero", () => {
    const targets = exact.map((y, n) => y + Math.sin(9 * n));
    const alpha = 2.5;
    const { coefficients, intercept } = leastSquares(rows, targets, alpha);
    const residual = (n: number): number =>
      coefficients.reduce((sum, w, i) => sum + w * rows.values[3 * n + i], intercept) - targets[n];
    for (let i = 0; i < 3; i++) {
      let slope = alpha * coefficients[i];
      for (let n = 0; n < 50; n++) slope += residual(n) * rows.values[3 * n + i];
      expect(slope).toBeCloseTo(0, 9);
    }
  });

  it("gives features that others determine no weight", () => {
    const values = Float64Array.from({ length: 60 }, (_, i) => [1, 2, 1][i % 3] * rows.values[i - (i % 3)]);
    const targets = Float64Array.from({ length: 20 }, (_, n) => 3 * rows.values[3 * n] + 1);
    const { coefficients, intercept } = leastSquares({ count: 20, width: 3, values }, targets, 0);
    expect([coefficients[1], coefficients[2]]).toEqual([0, 0]);
    expect(coefficients[0]).toBeCloseTo(3, 10);
    expect(intercept).toBeCloseTo(1, 10);
  });

  it("needs two rows", () => {
    const one = { count: 1, width: 1, values: [1] };
    expect(() => leastSquares(one, [1], 0)).toThrow(expect.objectContaining({ code: "train.tooFewRows" }));
  });
});

describe("monomials", () => {
  it("are all products up to the degree, once", () => {
    expect(monomialsOf(2, 3)).toEqual([
      [0],
      [1],
      [0, 0],
      [0, 1],
      [1, 1],
      [0, 0, 0],
      [0, 0, 1],
      [0, 1, 1],
      [1, 1, 1],
    ]);
    expect(() => monomialsOf(200, 3)).toThrow(/more than 4096 terms/);
  });
});

describe("trees", () => {
  const inputs = Float32Array.from(uniform(400, 2));
  const classOf = (n: number): number => (inputs[2 * n] > 0.2 ? (inputs[2 * n + 1] > -0.5 ? 2 : 1) : 0);
  const targets = Float64Array.from({ length: 200 }, (_, n) => classOf(n));
  const task = { kind: "classification", classes: ["a", "b", "c"] } as const;
  const data = { count: 200, inputs, targets };

  it("find the two comparisons that tell the classes apart", () => {
    const tree = growTree(data, task, { maxDepth: 5, minLeaf: 1 });
    expect(treeSize(tree)).toEqual({ nodes: 5, leaves: 3, depth: 2 });
    const outputs = treeOutputs(tree, data);
    for (let n = 0; n < 200; n++) expect(outputs[3 * n + targets[n]]).toBeCloseTo(1, 12);
  });

  it("keep to the depth and to the size of leaves", () => {
    const noisy = { ...data, targets: Float64Array.from({ length: 200 }, (_, n) => (n * 7) % 3) };
    expect(treeSize(growTree(noisy, task, { maxDepth: 3, minLeaf: 1 })).depth).toBe(3);
    const { leaves } = treeSize(growTree(noisy, task, { maxDepth: 30, minLeaf: 40 }));
    expect(leaves).toBeGreaterThan(1);
    expect(leaves).toBeLessThanOrEqual(5);
  });

  it("of a regression put out the mean of each leaf", () => {
    const steps = {
      ...data,
      targets: Float64Array.from({ length: 200 }, (_, n) => (inputs[2 * n] > 0 ? 5 : -1)),
    };
    const tree = growTree(steps, { kind: "regression" }, { maxDepth: 4, minLeaf: 1 });
    expect(treeSize(tree).leaves).toBe(2);
    treeOutputs(tree, steps).forEach((value, n) => {
      expect(value).toBeCloseTo(steps.targets[n], 12);
    });
  });
});

describe("kMeans", () => {
  const centres = [
    [0, 0],
    [5, 0],
    [0, 5],
  ];
  const noise = uniform(600, 3);
  const values = noise.map((x, i) => 0.3 * x + centres[Math.floor(i / 2) % 3][i % 2]);
  const rows = { count: 300, width: 2, values };

  it("finds clusters that lie apart", () => {
    const found = kMeans(rows, 3, new SeededRandom(1));
    const nearest = nearestCentres(rows, found);
    for (let n = 3; n < 300; n++) expect(nearest[n]).toBe(nearest[n % 3]);
    expect(new Set(nearest).size).toBe(3);
    expect(meanDistance(rows, found)).toBeLessThan(0.07);
  });

  it("needs as many different rows as clusters", () => {
    const same = { count: 5, width: 1, values: [1, 2, 1, 2, 1] };
    expect(() => kMeans(same, 3, new SeededRandom(1))).toThrow(
      expect.objectContaining({ code: "train.tooFewRows" }),
    );
  });
});
