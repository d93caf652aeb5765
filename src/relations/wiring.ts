/** Readings of the operators that only move, repeat or add up elements along one axis. */
import type { Take, WindowSum } from "../program/program.ts";
import { expression } from "./expressions.ts";
import { type AxisRelation, type Labels, layoutError, type Reading, replaceAxis, summed } from "./reading.ts";
import { aligned } from "./reshapeReading.ts";

/** The only label of a program axis, null for a length of 1. */
export function axisLabel(reading: Reading, axis: number, node: string): number | null {
  const group = reading.groups[axis].filter((label) => (reading.lengths.get(label) as number) > 1);
  if (group.length > 1) throw layoutError(node, `works along an axis that is made of ${group.length} others`);
  return group[0] ?? null;
}

/** Replaces the entries of one program axis: pairs (index before, index after). */
function mapped(
  labels: Labels,
  reading: Reading,
  axis: number,
  relation: AxisRelation,
  node: string,
): Reading {
  const label = axisLabel(reading, axis, node);
  const replaced = replaceAxis(labels, reading, label, relation, node);
  const groups = [...replaced.reading.groups];
  groups[axis] = replaced.labels.filter((name) => name !== null);
  return { ...replaced.reading, groups };
}

export function takeReading(labels: Labels, reading: Reading, operator: Take): Reading {
  const { indices, axis, fill, name } = operator;
  labels.spend(indices.length, name);
  const valid = [...indices.keys()].filter((j) => indices[j] >= 0);
  const taken = mapped(
    labels,
    reading,
    axis,
    {
      old: Int32Array.from(valid, (j) => indices[j]),
      lengths: [indices.length],
      to: [Int32Array.from(valid)],
    },
    name,
  );
  if (fill === 0 || valid.length === indices.length) return taken;
  // Where nothing is taken, the constant 1 times the fill.
  const [label] = taken.groups[axis];
  const empty = Int32Array.from([...indices.keys()].filter((j) => indices[j] < 0));
  const wires =
    label === undefined ? [] : [{ axes: [label], map: { from: new Int32Array(empty.length), to: [empty] } }];
  const filled = expression(0, [fill, { kind: "tensor", tensor: null, wires }]);
  return summed(taken, { ...taken, value: filled });
}

export function windowSumReading(
  labels: Labels,
  reading: Reading,
  operator: WindowSum,
  length: number,
  outputLength: number,
): Reading {
  const { size, stride, padBegin, axis, name } = operator;
  labels.spend(outputLength * size, name);
  const old: number[] = [];
  const to: number[] = [];
  for (let o = 0; o < outputLength; o++) {
    for (let k = 0; k < size; k++) {
      const at = stride * o + k - padBegin;
      if (at < 0 || at >= length) continue;
      old.push(at);
      to.push(o);
    }
  }
  const relation = { old: Int32Array.from(old), lengths: [outputLength], to: [Int32Array.from(to)] };
  return mapped(labels, reading, axis, relation, name);
}

/** `lengths`: of the inputs along the axis. */
export function concatReading(
  labels: Labels,
  readings: readonly Reading[],
  lengths: readonly number[],
  axis: number,
  node: string,
): Reading {
  const total = lengths.reduce((sum, length) => sum + length, 0);
  labels.spend(total, node);
  let offset = 0;
  const widened = readings.map((reading, i) => {
    const at = offset;
    offset += lengths[i];
    const old = Int32Array.from({ length: lengths[i] }, (_, j) => j);
    return mapped(labels, reading, axis, { old, lengths: [total], to: [old.map((j) => at + j)] }, node);
  });
  return widened.reduce((sum, reading) => summed(...aligned(labels, sum, reading, node)));
}
