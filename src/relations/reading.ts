/**
 * How a program tensor is read: an expression over view axes of which each program axis is a row-major product. Reshape,
 * transpose, slices, padding, sums along windows and additions only change the reading; nothing is stored for them.
 *
 * View axes are named by labels while a reading is built; `placed` gives them positions. Label 0 is the batch. Labels of
 * length 1 may be missing.
 */
import type { Expression, PlanTensorId, Source, Wire } from "../claims/plan.ts";
import { TensorproofError } from "../errors/tensorproofError.ts";
import { fromInteger } from "../field/m31.ts";
import { addExpressions, expression, scaleExpression } from "./expressions.ts";
import { MAX_PLAN_COST } from "./tableLimits.ts";

export const BATCH_LABEL = 0;

export interface Reading {
  readonly lengths: ReadonlyMap<number, number>;
  /** Labels of each program axis, most significant first. */
  readonly groups: readonly (readonly number[])[];
  /** Wires and layers name labels. No `index` or `values` source. */
  readonly value: Expression;
}

/** A term's or a label's objects, in pairs that take as much time and memory. */
const TERM_COST = 16;

/** Labels are unique within one program, so that readings can be merged; all of its planning is paid for here. */
export class Labels {
  private next = BATCH_LABEL + 1;
  private spent = 0;

  fresh(): number {
    return this.next++;
  }

  /**
   * To be called before so many pairs of wires, or what costs as much, are made or read: a hostile program is small and its
   * wires are not.
   *
   * @throws TensorproofError `program.tablesTooLarge`
   */
  spend(pairs: number, node: string): void {
    this.spent += pairs;
    if (this.spent <= MAX_PLAN_COST) return;
    throw new TensorproofError(
      "program.tablesTooLarge",
      `${node}: operators, and what moves and adds up elements, take more than ${MAX_PLAN_COST} entries; use fewer operators or smaller windows`,
      { where: node },
    );
  }

  spendOnTerms(terms: number, node: string): void {
    this.spend(TERM_COST * terms, node);
  }

  /** `spend` for all that a reading reads. Labels of length 1 may pile up in it without any pairs. */
  spendOn({ value, lengths }: Reading, node: string): void {
    const pairs = value.terms.flatMap(({ source }) =>
      source.kind === "tensor" ? source.wires.map(({ map }) => map?.from.length ?? 0) : [],
    );
    this.spend(
      pairs.reduce((sum, count) => sum + count, 0),
      node,
    );
    this.spendOnTerms(value.terms.length + lengths.size, node);
  }
}

export function layoutError(node: string, problem: string): TensorproofError {
  return new TensorproofError(
    "program.unsupportedLayout",
    `${node}: ${problem}; such a layout cannot be proven yet. Reshape the model so that the operator reads whole axes.`,
    { where: node },
  );
}

/** Reading of a tensor stored over [batch, …shape without lengths of 1]; constants have no batch axis. */
export function storedReading(
  labels: Labels,
  tensor: PlanTensorId,
  batch: number,
  groups: readonly (readonly number[])[],
  hasBatch: boolean,
): Reading {
  const lengths = new Map([[BATCH_LABEL, batch]]);
  const named = groups.map((group) =>
    group.map((length) => {
      const label = labels.fresh();
      lengths.set(label, length);
      return label;
    }),
  );
  const read = [...(hasBatch ? [BATCH_LABEL] : []), ...named.flat()];
  const wires = read.map((label) => ({ axes: [label], map: null }));
  return { lengths, groups: named, value: expression(0, [1, { kind: "tensor", tensor, wires }]) };
}

export function groupLengths(reading: Reading, group: readonly number[]): number[] {
  return group.map((label) => reading.lengths.get(label) as number);
}

/** All labels: batch, then those of the program axes in order, then what is left (lengths of 1). */
export function orderedLabels(reading: Reading): number[] {
  return [...new Set([BATCH_LABEL, ...reading.groups.flat(), ...reading.lengths.keys()])];
}

/** The expression over positions in `labels` instead of labels. */
export function placed(value: Expression, labels: readonly number[]): Expression {
  const positions = new Map(labels.map((label, position) => [label, position]));
  const at = (label: number): number => {
    const position = positions.get(label);
    if (position === undefined) throw new RangeError(`label ${label} has no place`);
    return position;
  };
  return mapSources(value, (source) => {
    if (source.kind === "tensor")
      return { ...source, wires: source.wires.map(({ axes, map }) => ({ axes: axes.map(at), map })) };
    if (source.kind === "layer") return { ...source, axes: source.axes.map(at) };
    return source;
  });
}

export function mapSources(value: Expression, change: (source: Source) => Source): Expression {
  return {
    constant: value.constant,
    terms: value.terms.map(({ source, factor }) => ({ source: change(source), factor })),
  };
}

export function hasLayers(reading: Reading): boolean {
  return reading.value.terms.some(({ source }) => source.kind === "layer");
}

export function permuted(reading: Reading, permutation: readonly number[]): Reading {
  return { ...reading, groups: permutation.map((axis) => reading.groups[axis]) };
}

export function scaled(reading: Reading, factor: number, offset: number): Reading {
  const value = scaleExpression(reading.value, factor);
  return { ...reading, value: { ...value, constant: fromInteger(value.constant + offset) } };
}

/** Sum of two readings with the same labels. */
export function summed(a: Reading, b: Reading): Reading {
  return {
    lengths: new Map([...a.lengths, ...b.lengths]),
    groups: a.groups,
    value: addExpressions(a.value, b.value),
  };
}

/** Pairs (old index, index along each new axis) that replace one view axis by others. */
export interface AxisRelation {
  readonly old: Int32Array;
  readonly lengths: readonly number[];
  readonly to: readonly Int32Array[];
}

/**
 * Replaces a label (null: a program axis of length 1 without one) by as many new ones as the relation has axes; new axes
 * of length 1 get no label. Returns the new labels, null where the length is 1.
 */
export function replaceAxis(
  labels: Labels,
  reading: Reading,
  label: number | null,
  relation: AxisRelation,
  node: string,
): { readonly reading: Reading; readonly labels: readonly (number | null)[] } {
  const length = label === null ? 1 : (reading.lengths.get(label) as number);
  const [only, ...others] = relation.lengths.flatMap((size, i) => (size === 1 ? [] : [i]));
  if (label !== null && others.length === 0 && only !== undefined && isIdentity(relation, only, length)) {
    return { reading, labels: relation.lengths.map((_, i) => (i === only ? label : null)) };
  }
  const fresh = relation.lengths.map((size) => (size === 1 ? null : labels.fresh()));
  const lengths = new Map(reading.lengths);
  if (label !== null) lengths.delete(label);
  fresh.forEach((name, i) => {
    if (name !== null) lengths.set(name, relation.lengths[i]);
  });
  labels.spend(relation.old.length, node);
  const isEverywhereOnce = coversOnce(relation);
  const unit = restriction(relation, fresh);
  const value: { source: Source; factor: number }[] = reading.value.terms.map(({ source, factor }) => {
    if (source.kind !== "tensor") {
      throw layoutError(node, "reads accumulators that were not requantised");
    }
    const at = source.wires.findIndex(({ axes }) => label !== null && axes.includes(label));
    if (at < 0) {
      if (isEverywhereOnce) return { source, factor };
      return { source: { ...source, wires: [...source.wires, unit] }, factor };
    }
    const wires = [...source.wires];
    labels.spend(joinedPairs(wires[at], label as number, relation), node);
    wires[at] = joinWire(wires[at], label as number, relation, fresh);
    return { source: { ...source, wires }, factor };
  });
  let { constant } = reading.value;
  if (constant !== 0 && !isEverywhereOnce) {
    value.push({ source: { kind: "tensor", tensor: null, wires: [unit] }, factor: constant });
    constant = 0;
  }
  const groups = reading.groups.map((group) =>
    group.flatMap((name) => (name === label ? fresh.filter((other) => other !== null) : [name])),
  );
  return { reading: { lengths, groups, value: { constant, terms: value } }, labels: fresh };
}

function isIdentity(relation: AxisRelation, axis: number, length: number): boolean {
  return (
    relation.lengths[axis] === length &&
    relation.old.length === length &&
    relation.old.every((old, e) => old === e && relation.to[axis][e] === e)
  );
}

/** Every tuple of new indices occurs exactly once. */
function coversOnce({ lengths, to, old }: AxisRelation): boolean {
  const size = lengths.reduce((product, length) => product * length, 1);
  if (old.length !== size) return false;
  const seen = new Uint8Array(size);
  for (let e = 0; e < old.length; e++) {
    let index = 0;
    for (let i = 0; i < lengths.length; i++) index = index * lengths[i] + to[i][e];
    if (seen[index] === 1) return false;
    seen[index] = 1;
  }
  return true;
}

/** The places where the relation has a pair, as a wire of the constant 1. */
function restriction(relation: AxisRelation, fresh: readonly (number | null)[]): Wire {
  const kept = fresh.flatMap((name, i) => (name === null ? [] : [i]));
  return {
    axes: kept.map((i) => fresh[i] as number),
    map: { from: new Int32Array(relation.old.length), to: kept.map((i) => relation.to[i]) },
  };
}

/** Pairs that `joinWire` makes. */
function joinedPairs({ axes, map }: Wire, label: number, relation: AxisRelation): number {
  if (map === null) return relation.old.length;
  const counts = new Map<number, number>();
  for (const old of relation.old) counts.set(old, (counts.get(old) ?? 0) + 1);
  let pairs = 0;
  for (const index of map.to[axes.indexOf(label)]) pairs += counts.get(index) ?? 0;
  return pairs;
}

function joinWire(
  wire: Wire,
  label: number,
  relation: AxisRelation,
  fresh: readonly (number | null)[],
): Wire {
  const kept = fresh.flatMap((name, i) => (name === null ? [] : [i]));
  const names = kept.map((i) => fresh[i] as number);
  const { map } = wire;
  if (map === null) {
    return { axes: names, map: { from: relation.old, to: kept.map((i) => relation.to[i]) } };
  }
  const position = wire.axes.indexOf(label);
  const others = wire.axes.flatMap((_, i) => (i === position ? [] : [i]));
  const byOld = new Map<number, number[]>();
  relation.old.forEach((old, e) => {
    const list = byOld.get(old);
    if (list === undefined) byOld.set(old, [e]);
    else list.push(e);
  });
  const from: number[] = [];
  const to: number[][] = [...others, ...kept].map(() => []);
  for (let e = 0; e < map.from.length; e++) {
    for (const r of byOld.get(map.to[position][e]) ?? []) {
      from.push(map.from[e]);
      others.forEach((i, k) => {
        to[k].push(map.to[i][e]);
      });
      kept.forEach((i, k) => {
        to[others.length + k].push(relation.to[i][r]);
      });
    }
  }
  return {
    axes: [...others.map((i) => wire.axes[i]), ...names],
    map: { from: Int32Array.from(from), to: to.map((list) => Int32Array.from(list)) },
  };
}
