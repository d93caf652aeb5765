/** Tests for membership in a set, as searches among cuts: comparisons and nothing else. */

import { atMost, below } from "./thresholds.ts";

/** What lies above the first and not above the second number. */
type Interval = readonly [number, number];

/** The cuts of a union of intervals that are sorted and do not overlap; neighbours become one, empty ones none. */
function cutsOf(intervals: readonly Interval[]): number[] {
  const cuts: number[] = [];
  for (const [above, last] of intervals) {
    if (above >= last) continue;
    if (cuts.length > 0 && cuts[cuts.length - 1] === above) cuts[cuts.length - 1] = last;
    else cuts.push(above, last);
  }
  return cuts;
}

const ascending = (values: Iterable<number>): number[] => [...new Set(values)].sort((a, b) => a - b);

/** x equals one of the values. */
export function equalToOneOf(values: Iterable<number>): number[] {
  return cutsOf(ascending(values).map((value): Interval => [below(value), atMost(value)]));
}

/**
 * The whole part of x is one of the categories, which are whole and at least 0. What lies between −1 and 0 has the whole
 * part 0 or, where `negative` says so, none.
 */
export function wholePartIn(categories: Iterable<number>, negative: "zero" | "none"): number[] {
  return cutsOf(
    ascending(categories).map((category): Interval => {
      const above = category === 0 && negative === "zero" ? -1 : below(category);
      return [above, below(category + 1)];
    }),
  );
}

/** A search among the cuts: at a step x ≤ cut goes left, at its end is whether x is a member. */
export type Search =
  | { readonly cut: number; readonly left: Search; readonly right: Search }
  | { readonly isMember: boolean };

/** The balanced one: as many steps on every way, or one more. */
export function searchAmong(cuts: readonly number[], first = 0, last: number = cuts.length): Search {
  if (first === last) return { isMember: first % 2 === 1 };
  const middle = (first + last) >> 1;
  return {
    cut: cuts[middle],
    left: searchAmong(cuts, first, middle),
    right: searchAmong(cuts, middle + 1, last),
  };
}
