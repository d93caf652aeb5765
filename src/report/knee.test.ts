import { describe, expect, it } from "vitest";
import type { MeasuredRow } from "../bench/results.ts";
import { findKnee, kneeText } from "./knee.ts";

const CLASSES = { precision: 0.5, recall: 0.5, f1: 0.5 };

/** Only what the knee reads. */
function rows(...accuracies: number[]): MeasuredRow[] {
  return accuracies.map(
    (accuracy, x) =>
      ({
        ...{ x, zeroWeightShare: 0.25 },
        accuracy: {
          ...{ count: 100, agreement: 1, maxError: 9, meanError: 2, medianMargin: 1.5 },
          float: { accuracy: 0.9, ...CLASSES },
          integer: { accuracy, ...CLASSES },
        },
      }) as unknown as MeasuredRow,
  );
}

describe("findKnee", () => {
  it("is where accuracy holds from, not where it is reached once", () => {
    const knee = findKnee(rows(0.4, 0.9, 0.6, 0.895, 0.9));
    expect(knee).toMatchObject({ x: 3, before: { x: 2 } });
    expect(kneeText("native", "bits", knee as NonNullable<typeof knee>)).toBe(
      "native stays within one point of the float model's 90.00 % from 3 on (bits); at 2 it has 60.00 %: " +
        "its scores are off by 2 in the mean, where half of all samples are decided by less than 1.5; " +
        "25.00 % of the weights are rounded to 0.",
    );
  });

  it("says where there is none, and where there is nothing before it", () => {
    const never = findKnee(rows(0.9, 0.9, 0.5));
    expect(never).toMatchObject({ x: null, before: { x: 2 } });
    expect(kneeText("a", "bits", never as NonNullable<typeof never>)).toContain("is not within");
    const always = findKnee(rows(0.9, 0.9, 0.9));
    expect(always).toMatchObject({ x: 0, before: null });
    expect(kneeText("a", "bits", always as NonNullable<typeof always>)).toContain(
      "the least that was measured",
    );
    expect(findKnee(rows(0.9, 0.9))).toBeNull();
  });
});
