/**
 * Cuts the rows of a large lookup into two aligned slices where padding to powers of two would waste much: 96 channels
 * take 64 + 32 leaves instead of 128. Every slice is a section of its own, which reads its tensors at their points with
 * the high coordinates of the cut axis fixed, so it costs one more evaluation of each and nothing else.
 */
import { axisBits, totalBits } from "../claims/axes.ts";
import type { AlignedSlice, Expression, Source, Wire, WireMap } from "../claims/plan.ts";
import { fromInteger, mul } from "../field/m31.ts";

/** Below this many padded cells another claim costs more than the leaves it saves. */
const MIN_BITS = 15;
/** Part of the padded cells that a cut must save. */
const MIN_SAVING = 0.15;

export interface SectionSlice {
  readonly axes: readonly number[];
  readonly columns: readonly Expression[];
}

export function sliceSection(axes: readonly number[], columns: readonly Expression[]): SectionSlice[] {
  if (totalBits(axes) < MIN_BITS) return [{ axes, columns }];
  const [axis] = axes
    .map((_, candidate) => candidate)
    .sort((a, b) => saving(axes[b]) - saving(axes[a]) || b - a);
  if (saving(axes[axis]) < MIN_SAVING) return [{ axes, columns }];
  const first = lowerPower(axes[axis]);
  return [cut(axes, columns, axis, 0, first), cut(axes, columns, axis, first, axes[axis] - first)];
}

function lowerPower(length: number): number {
  const power = 2 ** axisBits(length);
  return power === length ? length : power / 2;
}

/** Part of an axis's padded length that two slices save. */
function saving(length: number): number {
  const first = lowerPower(length);
  if (first === length) return 0;
  return 1 - (first + 2 ** axisBits(length - first)) / 2 ** axisBits(length);
}

function cut(
  axes: readonly number[],
  columns: readonly Expression[],
  axis: number,
  start: number,
  length: number,
): SectionSlice {
  const slice = { start, axisLength: axes[axis] };
  return {
    axes: axes.map((other, i) => (i === axis ? length : other)),
    columns: columns.map((column) => restricted(column, axis, slice, length)),
  };
}

function restricted(value: Expression, axis: number, slice: AlignedSlice, length: number): Expression {
  let { constant } = value;
  const terms = value.terms.map(({ source, factor }) => {
    if (source.kind === "index" && source.axis === axis) {
      constant = fromInteger(constant + mul(factor, slice.start));
    }
    return { factor, source: restrictedSource(source, axis, slice, length) };
  });
  return { constant, terms };
}

function restrictedSource(source: Source, axis: number, slice: AlignedSlice, length: number): Source {
  switch (source.kind) {
    case "layer":
      return { ...source, slices: source.axes.map((own) => (own === axis ? slice : undefined)) };
    case "tensor":
      return { ...source, wires: source.wires.map((wire) => restrictedWire(wire, axis, slice, length)) };
    default:
      return source;
  }
}

function restrictedWire(wire: Wire, axis: number, slice: AlignedSlice, length: number): Wire {
  const position = wire.axes.indexOf(axis);
  if (position < 0) return wire;
  if (wire.map === null) return { ...wire, slice };
  return { ...wire, map: restrictedMap(wire.map, position, slice.start, length) };
}

/** The pairs whose index along the cut axis lies in the slice. */
function restrictedMap(map: WireMap, position: number, start: number, length: number): WireMap {
  const kept = [...map.from.keys()].filter((e) => {
    const index = map.to[position][e] - start;
    return index >= 0 && index < length;
  });
  return {
    from: Int32Array.from(kept, (e) => map.from[e]),
    to: map.to.map((indices, i) => Int32Array.from(kept, (e) => indices[e] - (i === position ? start : 0))),
  };
}
