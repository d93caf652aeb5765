import { expect, it } from "vitest";
import { integerThreshold } from "./treeThresholds.ts";

it.each([0.1, 0.25, 1, 0.0001220703125])(
  "integers at scale %d fall on the side of their real number",
  (scale) => {
    const range = { lo: -64, hi: 63 };
    for (const t of [-1000, -3.05, -0.1, 0, Math.fround(0.3), 0.3, 7.5, 40, 1e9]) {
      const most = integerThreshold(t, scale, range);
      expect(most).toBeGreaterThanOrEqual(range.lo - 1);
      expect(most).toBeLessThanOrEqual(range.hi);
      for (let q = range.lo; q <= range.hi; q++) expect(q <= most).toBe(Math.fround(q * scale) <= t);
    }
  },
);
