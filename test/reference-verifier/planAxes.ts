/**
 * Changing the axes of a reading: docs/spec/11-plan.md, 11.4: replaceAxis, split, reshaped, cuts.
 */
import type { Expression, Source, Term, Wire } from "./plan.ts";
import { essential, lengthOf, type Reading } from "./planReading.ts";
import type { PlanState } from "./planState.ts";
import { refuse } from "./refusal.ts";

/** Entry `old` is read at the indices `at` of the new axes. */
export interface Pair {
  readonly old: number;
  readonly at: readonly number[];
}

export interface Relation {
  readonly lengths: readonly number[];
  readonly pairs: readonly Pair[];
}

export interface Replaced {
  readonly reading: Reading;
  /** Labels of the new axes; none for those of length 1. */
  readonly labels: readonly (number | undefined)[];
}

export function replaceAxis(
  state: PlanState,
  reading: Reading,
  label: number | undefined,
  relation: Relation,
): Replaced {
  const { lengths, pairs } = relation;
  if (label !== undefined) {
    const same = unchangedAxis(relation, lengthOf(reading, label));
    if (same !== undefined)
      return { reading, labels: lengths.map((_, i) => (i === same ? label : undefined)) };
  }
  const labels = lengths.map((length) => (length > 1 ? state.freshLabel() : undefined));
  const newLengths = new Map(reading.lengths);
  if (label !== undefined) newLengths.delete(label);
  for (const [i, fresh] of labels.entries()) if (fresh !== undefined) newLengths.set(fresh, lengths[i]!);
  state.spend(pairs.length);

  const kept = [...labels.keys()].filter((i) => labels[i] !== undefined);
  const freshLabels = kept.map((i) => labels[i]!);
  const to = kept.map((i) => pairs.map(({ at }) => at[i]!));
  const unit: Wire = { axes: freshLabels, map: { from: pairs.map(() => 0), to } };
  const once = occursOnce(relation);

  const join = (source: Source): Source => {
    if (source.kind !== "tensor") refuse("program.unsupportedLayout", "an axis of a layer is replaced");
    const place = label === undefined ? -1 : source.wires.findIndex(({ axes }) => axes.includes(label));
    if (place < 0) return once ? source : { ...source, wires: [...source.wires, unit] };
    const wire = source.wires[place]!;
    return {
      ...source,
      wires: source.wires.with(place, joinWire(state, wire, label!, freshLabels, pairs, to)),
    };
  };
  const terms: Term[] = reading.value.terms.map(({ factor, source }) => ({ factor, source: join(source) }));
  let value: Expression = { constant: reading.value.constant, terms };
  if (value.constant !== 0n && !once) {
    const source = { kind: "tensor", tensor: "one", wires: [unit] } as const;
    value = { constant: 0n, terms: [...terms, { factor: value.constant, source }] };
  }
  const groups = reading.groups.map((group) => group.flatMap((l) => (l === label ? freshLabels : [l])));
  return { reading: { lengths: newLengths, groups, value }, labels };
}

/** The new axis that is the old one as it is, if any. */
function unchangedAxis({ lengths, pairs }: Relation, oldLength: number): number | undefined {
  const long = [...lengths.keys()].filter((i) => lengths[i]! > 1);
  const axis = long[0];
  if (long.length !== 1 || lengths[axis!] !== oldLength || pairs.length !== oldLength) return undefined;
  return pairs.every(({ old, at }, j) => old === j && at[axis!] === j) ? axis : undefined;
}

/** Every tuple of the box occurs exactly once. */
function occursOnce({ lengths, pairs }: Relation): boolean {
  const box = lengths.reduce((product, length) => product * length, 1);
  const seen = new Set(pairs.map(({ at }) => at.reduce((place, index, i) => place * lengths[i]! + index, 0)));
  return pairs.length === box && seen.size === box;
}

function joinWire(
  state: PlanState,
  wire: Wire,
  label: number,
  freshLabels: readonly number[],
  pairs: readonly Pair[],
  to: readonly (readonly number[])[],
): Wire {
  if (wire.map === undefined) {
    state.spend(pairs.length);
    return { axes: freshLabels, map: { from: pairs.map(({ old }) => old), to } };
  }
  const { map } = wire;
  const along = wire.axes.indexOf(label);
  const others = [...wire.axes.keys()].filter((i) => i !== along);
  const pairsOfOld = new Map<number, number[]>();
  for (const [r, { old }] of pairs.entries()) pairsOfOld.set(old, [...(pairsOfOld.get(old) ?? []), r]);
  const matches = (e: number): number[] => pairsOfOld.get(map.to[along]![e]!) ?? [];
  state.spend(map.from.reduce((count, _, e) => count + matches(e).length, 0));
  const joined = [...map.from.keys()].flatMap((e) => matches(e).map((r) => ({ e, r })));
  const joinedTo = [
    ...others.map((i) => joined.map(({ e }) => map.to[i]![e]!)),
    ...to.map((indices) => joined.map(({ r }) => indices[r]!)),
  ];
  const axes = [...others.map((i) => wire.axes[i]!), ...freshLabels];
  return { axes, map: { from: joined.map(({ e }) => map.from[e]!), to: joinedTo } };
}

/** split(R, label, high): the labels of the high and the low part. */
export function split(
  state: PlanState,
  reading: Reading,
  label: number,
  high: number,
): { reading: Reading; high: number; low: number } {
  const length = lengthOf(reading, label);
  const low = length / high;
  state.spend(length);
  const pairs = Array.from({ length }, (_, i) => ({ old: i, at: [Math.floor(i / low), i % low] }));
  const replaced = replaceAxis(state, reading, label, { lengths: [high, low], pairs });
  return { reading: replaced.reading, high: replaced.labels[0]!, low: replaced.labels[1]! };
}

export function reshaped(state: PlanState, reading: Reading, shape: readonly number[]): Reading {
  let result = reading;
  const queue = reading.groups.flat();
  const groups = shape.map((length) => {
    const group: number[] = [];
    let need = length;
    while (need > 1) {
      const label = queue.shift();
      if (label === undefined) refuse("program.unsupportedLayout", "reshape: labels run out");
      const own = lengthOf(result, label);
      if (need % own === 0) {
        group.push(label);
        need /= own;
      } else if (own % need === 0) {
        const parts = split(state, result, label, need);
        result = parts.reading;
        group.push(parts.high);
        queue.unshift(parts.low);
        need = 1;
      } else refuse("program.unsupportedLayout", `reshape: ${own} against ${need}`);
    }
    return group;
  });
  return { ...result, groups };
}

/** Whether `reshaped` would fail, by the lengths of the labels alone. */
export function reshapeFails(reading: Reading, shape: readonly number[]): boolean {
  const queue = reading.groups.flat().map((label) => lengthOf(reading, label));
  for (const length of shape) {
    let need = length;
    while (need > 1) {
      const own = queue.shift();
      if (own === undefined) return true;
      if (need % own === 0) need /= own;
      else if (own % need === 0) {
        queue.unshift(own / need);
        need = 1;
      } else return true;
    }
  }
  return false;
}

/** cuts(R, shape): a shape ends an axis within a label. */
export function cuts(reading: Reading, shape: readonly number[]): boolean {
  const own = new Set(runningProducts(reading.groups.flat().map((label) => lengthOf(reading, label))));
  return runningProducts(shape).some((product) => product > 1 && !own.has(product));
}

function runningProducts(lengths: readonly number[]): number[] {
  let product = 1;
  return lengths.map((length) => (product *= length));
}

/** Essential labels of the groups named are at most one each. */
export function hasWholeAxes(reading: Reading, axes: readonly number[]): boolean {
  return axes.every((axis) => essential(reading, reading.groups[axis]!).length <= 1);
}
