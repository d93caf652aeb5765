/** The largest size that a law leaves within a limit. */
import type { Law, Prediction } from "./law.ts";

/** How far beyond the largest measured size an answer may lie. */
export const FARTHEST = 10;

export type Largest =
  /** `low` and `high`: where the prediction band meets the limit; null where it does not within the reach. */
  | {
      readonly kind: "answer";
      readonly x: number;
      readonly low: number | null;
      readonly high: number | null;
      readonly isExtrapolated: boolean;
    }
  /** The limit lies beyond `atLeast`, where the law is not trusted any more. */
  | { readonly kind: "beyond"; readonly atLeast: number }
  /** Not even the smallest measured size. */
  | { readonly kind: "none"; readonly smallest: number };

const STEPS = 400;
const HALVINGS = 60;

/** The largest x in [from, to] up to which `value` stays within the limit; null where it is above it at `from` already. */
function crossing(value: (x: number) => number, limit: number, from: number, to: number): number | null {
  if (value(from) > limit) return null;
  const factor = (to / from) ** (1 / STEPS);
  let low = from;
  for (let step = 1; step <= STEPS; step++) {
    let high = from * factor ** step;
    if (value(high) <= limit) {
      low = high;
      continue;
    }
    for (let i = 0; i < HALVINGS; i++) {
      const middle = Math.sqrt(low * high);
      if (value(middle) <= limit) low = middle;
      else high = middle;
    }
    return low;
  }
  return to;
}

export function largestWithin(law: Law, limit: number): Largest {
  const { from, to } = law.measured;
  const end = to * FARTHEST;
  const at = (of: (prediction: Prediction) => number): number | null =>
    crossing((x) => of(law.predict(x)), limit, from, end);
  const x = at(({ y }) => y);
  if (x === null) return { kind: "none", smallest: from };
  if (x >= end) return { kind: "beyond", atLeast: end };
  const high = at(({ prediction }) => prediction.low);
  return {
    kind: "answer",
    x,
    low: at(({ prediction }) => prediction.high),
    high: high === null || high >= end ? null : high,
    isExtrapolated: x > to,
  };
}
