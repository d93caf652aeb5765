/**
 * How a program tensor is read while a plan is made: docs/spec/11-plan.md, 11.4.
 *
 * In a reading, wires and layers name labels where a finished expression names view axes.
 */
import type { Expression, Source } from "./plan.ts";
import { refuse } from "./refusal.ts";

/** Label of the batch. */
export const BATCH = 0;

export interface Reading {
  /** Length of each label, in an order that matters. */
  readonly lengths: ReadonlyMap<number, number>;
  /** For each program axis the labels whose row-major product it is. */
  readonly groups: readonly (readonly number[])[];
  readonly value: Expression;
}

export function lengthOf(reading: Reading, label: number): number {
  const length = reading.lengths.get(label);
  if (length === undefined) throw new Error(`label ${label} has no length`);
  return length;
}

/** 0, the labels of all groups, the keys of lengths; each once. */
export function ordered(reading: Reading): number[] {
  return [...new Set([BATCH, ...reading.groups.flat(), ...reading.lengths.keys()])];
}

/** Labels of length above 1. */
export function essential(reading: Reading, labels: readonly number[]): number[] {
  return labels.filter((label) => lengthOf(reading, label) > 1);
}

/** The only essential label of a program axis, or none. */
export function axisLabel(reading: Reading, axis: number): number | undefined {
  const labels = essential(reading, reading.groups[axis]!);
  if (labels.length > 1) refuse("program.unsupportedLayout", `axis ${axis} has ${labels.length} parts`);
  return labels[0];
}

export function hasLayers(reading: Reading): boolean {
  return reading.value.terms.some(({ source }) => source.kind === "layer");
}

/** The expression with other names for its axes. */
export function rename(expression: Expression, newName: (label: number) => number): Expression {
  const renamed = (source: Source): Source => {
    if (source.kind === "tensor") {
      const wires = source.wires.map((wire) => ({ ...wire, axes: wire.axes.map(newName) }));
      return { ...source, wires };
    }
    if (source.kind === "layer") return { ...source, axes: source.axes.map(newName) };
    throw new Error(`${source.kind} in a reading`);
  };
  const terms = expression.terms.map(({ factor, source }) => ({ factor, source: renamed(source) }));
  return { constant: expression.constant, terms };
}

/** The expression with labels replaced by their positions in an order: the last, where one of length 1 stands twice. */
export function placedBy(expression: Expression, order: readonly number[]): Expression {
  return rename(expression, (label) => {
    const position = order.lastIndexOf(label);
    if (position < 0) throw new Error(`label ${label} has no place`);
    return position;
  });
}

/** place(R) */
export function place(reading: Reading): { axes: number[]; value: Expression } {
  const order = ordered(reading);
  return { axes: order.map((label) => lengthOf(reading, label)), value: placedBy(reading.value, order) };
}

/** 1·tensor(T, one wire without map per label) */
export function wiredTo(tensor: number, labels: readonly number[]): Expression {
  const wires = labels.map((label) => ({ axes: [label] }));
  return { constant: 0n, terms: [{ factor: 1n, source: { kind: "tensor", tensor, wires } }] };
}

/** 1·layer(id, labels) */
export function layerValue(layer: number, labels: readonly number[]): Expression {
  const source = { kind: "layer", layer, axes: labels, slices: labels.map(() => undefined) } as const;
  return { constant: 0n, terms: [{ factor: 1n, source }] };
}

/** The lengths of the labels named, in their order, from the first reading that has them. */
export function lengthsOf(labels: readonly number[], ...readings: Reading[]): Map<number, number> {
  const result = new Map<number, number>();
  for (const label of labels) {
    const owner = readings.find(({ lengths }) => lengths.has(label));
    if (owner === undefined) throw new Error(`label ${label} has no length`);
    result.set(label, lengthOf(owner, label));
  }
  return result;
}

/** All lengths of the first, then those of the second that are new. */
export function mergedLengths(first: Reading, second: Reading): Map<number, number> {
  return new Map([...first.lengths, ...[...second.lengths].filter(([label]) => !first.lengths.has(label))]);
}
