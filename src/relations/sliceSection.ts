/**
 * Cuts the rows of a large lookup into aligned slices where padding to powers of two would waste much: 96 channels
 * take 64 + 32 leaves instead of 128. Every slice is a section of its own, which reads its tensors at their points with
 * the high coordinates of the cut axis fixed, so it costs one more evaluation of each and nothing else.
 */
import { axisBits, totalBits } from "../claims/axes.ts";
import type { AlignedSlice, Expression, Source, Wire, WireMap } from "../claims/plan.ts";
import { fromInteger, mul } from "../field/m31.ts";
import { MAX_PIECES } from "./tableLimits.ts";

/** How much is cut: sections of at least 2^minBits padded cells where an axis saves this part of them. */
export interface SliceRule {
  readonly minBits: number;
  readonly minSaving: number;
}

/** From none to many slices; each costs another claim. */
const RULES: readonly SliceRule[] = [
  { minBits: Number.POSITIVE_INFINITY, minSaving: 1 },
  { minBits: 19, minSaving: 0.15 },
  { minBits: 15, minSaving: 0.15 },
  { minBits: 19, minSaving: 0.12 },
  { minBits: 13, minSaving: 0.12 },
];

/** Slices of one axis. */
const MAX_SLICES = 3;

export interface SectionSlice {
  readonly axes: readonly number[];
  readonly columns: readonly Expression[];
}

/**
 * The first rule with which the leaves of all sections, `others` more and a dummy take the fewest bits: padding only
 * matters where it crosses a power of two. A rule that makes too many pieces is passed over.
 */
export function chooseSliceRule(sections: readonly (readonly number[])[], others: number): SliceRule {
  const [whole, ...cutting] = RULES;
  const uncut = sections.reduce((sum, axes) => sum + 2 ** totalBits(axes), 0);
  let best = { rule: whole, bits: axisBits(uncut + others + 1) };
  for (const rule of cutting) {
    const cells = slicedCells(sections, rule);
    if (cells === null) continue;
    const bits = axisBits(cells + others + 1);
    if (bits < best.bits) best = { rule, bits };
  }
  return best.rule;
}

/** Padded cells of all pieces; null if they are more than `MAX_PIECES`. */
function slicedCells(sections: readonly (readonly number[])[], rule: SliceRule): number | null {
  let pieces = 0;
  let cells = 0;
  const add = (axes: readonly number[]): boolean => {
    const axis = cutAxis(axes, rule);
    if (axis !== null)
      return sliceLengths(axes[axis]).every((length) =>
        add(axes.map((own, i) => (i === axis ? length : own))),
      );
    cells += 2 ** totalBits(axes);
    return ++pieces <= MAX_PIECES;
  };
  return sections.every(add) ? cells : null;
}

/** The axis that the rule cuts; null for none. */
function cutAxis(axes: readonly number[], rule: SliceRule): number | null {
  const savings = axes.map(saving);
  const axis = savings.lastIndexOf(Math.max(...savings));
  return axis < 0 || totalBits(axes) < rule.minBits || savings[axis] < rule.minSaving ? null : axis;
}

export function sliceSection(
  axes: readonly number[],
  columns: readonly Expression[],
  rule: SliceRule,
): SectionSlice[] {
  const axis = cutAxis(axes, rule);
  if (axis === null) return [{ axes, columns }];
  let start = 0;
  return sliceLengths(axes[axis]).flatMap((length) => {
    const slice = cut(axes, columns, axis, start, length);
    start += length;
    return sliceSection(slice.axes, slice.columns, rule);
  });
}

/** Descending powers of two and a rest, each of which stands at a multiple of its padded length. */
function sliceLengths(length: number): number[] {
  const lengths: number[] = [];
  let rest = length;
  while (lengths.length < MAX_SLICES - 1 && 2 ** axisBits(rest) !== rest) {
    const power = 2 ** axisBits(rest) / 2;
    lengths.push(power);
    rest -= power;
  }
  return [...lengths, rest];
}

/** Part of an axis's padded length that its slices save. */
function saving(length: number): number {
  const padded = sliceLengths(length).reduce((sum, own) => sum + 2 ** axisBits(own), 0);
  return 1 - padded / 2 ** axisBits(length);
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
      return {
        ...source,
        slices: source.axes.map((own, i) =>
          own === axis ? within(source.slices?.[i], slice) : source.slices?.[i],
        ),
      };
    case "tensor":
      return { ...source, wires: source.wires.map((wire) => restrictedWire(wire, axis, slice, length)) };
    default:
      return source;
  }
}

/** A slice of what is a slice already. */
function within(outer: AlignedSlice | undefined, inner: AlignedSlice): AlignedSlice {
  if (outer === undefined) return inner;
  return { start: outer.start + inner.start, axisLength: outer.axisLength };
}

function restrictedWire(wire: Wire, axis: number, slice: AlignedSlice, length: number): Wire {
  const position = wire.axes.indexOf(axis);
  if (position < 0) return wire;
  if (wire.map === null) return { ...wire, slice: within(wire.slice, slice) };
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
