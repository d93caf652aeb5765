/** Measured rows → laws, and what they say about limits. */
import { isMeasured, type MeasuredRow, type Row } from "../../results.ts";
import { type Largest, largestWithin } from "./largestWithin.ts";
import { fitLaw, type Law } from "./law.ts";
import type { Limit } from "./limits.ts";
import { type Clock, QUANTITIES, type Quantity } from "./quantities.ts";

export interface FittedLaw {
  readonly backend: string;
  readonly quantity: Quantity;
  readonly points: readonly { readonly x: number; readonly y: number }[];
  /** Null where fewer than three sizes were measured. */
  readonly law: Law | null;
}

export interface Answer {
  readonly backend: string;
  readonly limit: Limit;
  /** The largest measured size that holds the limit; null where none does. */
  readonly largestMeasured: number | null;
  /** Null without a law. */
  readonly largest: Largest | null;
}

function at(row: Row): number {
  return row.x ?? 0;
}

export function fitRows(rows: readonly Row[], backends: readonly string[], clock: Clock): FittedLaw[] {
  return backends.flatMap((backend) => {
    const own = rows
      .filter((row): row is MeasuredRow => row.backend === backend && isMeasured(row))
      .sort((a, b) => at(a) - at(b));
    return QUANTITIES.map((quantity): FittedLaw => {
      const points = own.map((row) => ({ x: at(row), y: quantity.of(row, clock) }));
      return { backend, quantity, points, law: fitLaw(points) };
    });
  });
}

export function answersOf(laws: readonly FittedLaw[], limits: readonly Limit[]): Answer[] {
  return laws.flatMap(({ backend, quantity, points, law }) =>
    limits
      .filter((limit) => limit.quantity === quantity.id)
      .map((limit): Answer => {
        const within = points.filter(({ y }) => y <= limit.value).map(({ x }) => x);
        return {
          ...{ backend, limit },
          largestMeasured: within.length === 0 ? null : Math.max(...within),
          largest: law === null ? null : largestWithin(law, limit.value),
        };
      }),
  );
}
