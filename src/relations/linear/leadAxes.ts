/**
 * The leading axes of a stored tensor on its way into an operand table: for each choice of the sumcheck's indices that
 * they take part in, a weight per row of the tensor.
 */

import type { Wire } from "../../claims/plan.ts";
import { add, type Ext, isZero, mul, ONE } from "../../field/ext.ts";
import { type ExtVector, getExt, makeExtVector, setExt } from "../../field/extVector.ts";

interface WeightedEntry {
  readonly entry: number;
  readonly weight: Ext;
}

/** For each choice of free indices, the entries of the axis that count and their weights. */
export interface LeadAxis {
  readonly bits: number;
  /** Free axes of the view that the wire reads along. */
  readonly freeAxes: readonly number[];
  readonly choices: readonly {
    readonly indices: readonly number[];
    readonly entries: readonly WeightedEntry[];
  }[];
}

/** `fixed`: eq table of each view axis, null for free axes. */
export function leadAxis(
  wire: Wire,
  length: number,
  bits: number,
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
  const choices = [...byChoice.values()].map(({ indices, entries }) => ({
    indices,
    entries: [...entries].map(([entry, weight]) => ({ entry, weight })),
  }));
  return { bits, freeAxes, choices };
}

function identity(length: number): { from: Int32Array; to: Int32Array[] } {
  const from = Int32Array.from({ length }, (_, i) => i);
  return { from, to: [from] };
}

export interface Combination {
  /** Free view axes with the chosen index of each. */
  readonly indices: readonly (readonly [axis: number, index: number])[];
  /** First row that counts. */
  readonly first: number;
  /** Weights of the rows from there on. */
  readonly weights: ExtVector;
}

/** Every choice of the free indices, with the weights of the `rows` rows times `factor`. */
export function* combinations(axes: readonly LeadAxis[], factor: Ext, rows: number): Generator<Combination> {
  const [axis, ...rest] = axes;
  if (axis === undefined) {
    const weights = makeExtVector(1);
    setExt(weights, 0, factor);
    yield { indices: [], first: 0, weights };
    return;
  }
  const inner = rows / 2 ** axis.bits;
  for (const below of combinations(rest, factor, inner)) {
    for (const { indices, entries } of axis.choices) {
      let least = Number.POSITIVE_INFINITY;
      let most = 0;
      for (const { entry } of entries) {
        least = Math.min(least, entry);
        most = Math.max(most, entry);
      }
      const span = below.weights.length / 4;
      const weights = makeExtVector((most - least) * inner + span);
      for (const { entry, weight } of entries) {
        if (isZero(weight)) continue;
        const at = (entry - least) * inner;
        for (let i = 0; i < span; i++) setExt(weights, at + i, mul(weight, getExt(below.weights, i)));
      }
      yield {
        indices: [...axis.freeAxes.map((free, i) => [free, indices[i]] as const), ...below.indices],
        first: least * inner + below.first,
        weights,
      };
    }
  }
}
