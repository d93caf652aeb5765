/**
 * The leading axes of a stored tensor on its way into an operand table. They are bound one after the other, outermost
 * first: for each choice of the sumcheck's indices that an axis takes part in, a weight per entry of that axis alone.
 */
import type { Wire } from "../../claims/plan.ts";
import { add, type Ext, mul, ONE } from "../../field/ext.ts";
import { type ExtVector, getExt, makeExtVector, setExt } from "../../field/extVector.ts";

/** Entries first, first + step, … of an axis with their weights. */
export interface AxisChoice {
  /** Index along each of the free axes. */
  readonly indices: readonly number[];
  readonly first: number;
  readonly step: number;
  readonly weights: ExtVector;
}

export interface LeadAxis {
  /** Entries with padding. */
  readonly size: number;
  /** Free axes of the view that the wire reads along. */
  readonly freeAxes: readonly number[];
  readonly choices: readonly AxisChoice[];
}

/** `fixed`: eq table of each view axis, null for free axes. */
export function leadAxis(
  wire: Wire,
  length: number,
  size: number,
  lengths: readonly number[],
  fixed: readonly (ExtVector | null)[],
): LeadAxis {
  const freeAxes = wire.axes.filter((axis) => fixed[axis] === null);
  const map = wire.map ?? identity(length);
  const byChoice = new Map<number, { indices: number[]; entries: Map<number, Ext> }>();
  for (let e = 0; e < map.from.length; e++) {
    let key = 0;
    let weight = ONE;
    const indices: number[] = [];
    wire.axes.forEach((axis, i) => {
      const index = map.to[i][e];
      const table = fixed[axis];
      if (table === null) {
        key = key * lengths[axis] + index;
        indices.push(index);
      } else weight = mul(weight, getExt(table, index));
    });
    let choice = byChoice.get(key);
    if (choice === undefined) {
      choice = { indices, entries: new Map() };
      byChoice.set(key, choice);
    }
    const before = choice.entries.get(map.from[e]);
    choice.entries.set(map.from[e], before === undefined ? weight : add(before, weight));
  }
  const choices = [...byChoice.values()].map(({ indices, entries }) => axisChoice(indices, entries));
  return { size, freeAxes, choices };
}

function identity(length: number): { from: Int32Array; to: Int32Array[] } {
  const from = Int32Array.from({ length }, (_, i) => i);
  return { from, to: [from] };
}

/** Windows that move by several entries read every so many of them: only those take part in the combination. */
function axisChoice(indices: readonly number[], entries: ReadonlyMap<number, Ext>): AxisChoice {
  const sorted = [...entries.keys()].sort((a, b) => a - b);
  const first = sorted[0];
  const step = Math.max(
    1,
    sorted.reduce((divisor, entry) => commonDivisor(divisor, entry - first), 0),
  );
  const weights = makeExtVector((sorted[sorted.length - 1] - first) / step + 1);
  for (const [entry, weight] of entries) setExt(weights, (entry - first) / step, weight);
  return { indices, first, step, weights };
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}
