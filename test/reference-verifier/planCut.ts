/**
 * Cutting lookups into aligned slices: docs/spec/11-plan.md, 11.8.
 */
import { residue } from "./field.ts";
import { bits, bitsOfAxes } from "./multilinear.ts";
import { addConstant, type Expression, type Section, type Slice, type Term, type Wire } from "./plan.ts";

/** minSaving in hundredths. */
interface Rule {
  readonly minBits: number;
  readonly minSaving: number;
}

const RULES: readonly Rule[] = [
  { minBits: Number.POSITIVE_INFINITY, minSaving: 100 },
  { minBits: 19, minSaving: 15 },
  { minBits: 15, minSaving: 15 },
  { minBits: 19, minSaving: 12 },
  { minBits: 13, minSaving: 12 },
];

const MAX_PIECES = 2 ** 12;

/** All lookups in order, each cut by the rule that serves the plan best. */
export function cutLookups(tables: readonly Section[], lookups: readonly Section[]): Section[] {
  const tableLeaves = leaves(tables);
  let best: Section[] | undefined;
  for (const rule of RULES) {
    const pieces = lookups.flatMap((lookup) => cut(lookup, rule));
    if (best !== undefined && pieces.length > MAX_PIECES) continue;
    const isBetter =
      best === undefined || bits(leaves(pieces) + tableLeaves + 1) < bits(leaves(best) + tableLeaves + 1);
    if (isBetter) best = pieces;
  }
  return best!;
}

function leaves(sections: readonly Section[]): number {
  return sections.reduce((sum, { axes }) => sum + 2 ** bitsOfAxes(axes), 0);
}

/** Lengths of the slices of an axis. */
export function sliceLengths(length: number): number[] {
  const lengths: number[] = [];
  let rest = length;
  while (lengths.length < 2 && 2 ** bits(rest) !== rest) {
    const below = 2 ** (bits(rest) - 1);
    lengths.push(below);
    rest -= below;
  }
  return [...lengths, rest];
}

/** 1 − kept/2^bits: what is saved of the cells along an axis. Exact: a multiple of a power of two. */
function saving(length: number): number {
  const kept = sliceLengths(length).reduce((sum, slice) => sum + 2 ** bits(slice), 0);
  return 1 - kept / 2 ** bits(length);
}

function cut(lookup: Section, rule: Rule): Section[] {
  const { axes } = lookup;
  if (axes.length === 0 || bitsOfAxes(axes) < rule.minBits) return [lookup];
  const savings = axes.map(saving);
  const most = Math.max(...savings);
  if (most * 100 < rule.minSaving) return [lookup];
  const axis = savings.lastIndexOf(most);
  const pieces: Section[] = [];
  let start = 0;
  for (const length of sliceLengths(axes[axis]!)) {
    pieces.push(...cut(sliceSection(lookup, axis, start, length), rule));
    start += length;
  }
  return pieces;
}

function sliceSection(lookup: Section, axis: number, start: number, length: number): Section {
  const uncut = lookup.axes[axis]!;
  const columns = lookup.columns.map((column) => sliceExpression(column, axis, start, length, uncut));
  return { ...lookup, axes: lookup.axes.with(axis, length), columns };
}

function sliceExpression(
  expression: Expression,
  axis: number,
  start: number,
  length: number,
  uncut: number,
): Expression {
  let result: Expression = { constant: expression.constant, terms: [] };
  const push = (term: Term): void => {
    result = { ...result, terms: [...result.terms, term] };
  };
  const sliceOf = (before: Slice | undefined): Slice =>
    before === undefined ? { start, axisLength: uncut } : { ...before, start: before.start + start };
  for (const term of expression.terms) {
    const { source, factor } = term;
    if (source.kind === "index") {
      if (source.axis === axis) result = addConstant(result, residue(factor * BigInt(start)));
      push(term);
    } else if (source.kind === "layer") {
      const slices = source.slices.map((slice, i) => (source.axes[i] === axis ? sliceOf(slice) : slice));
      push({ factor, source: { ...source, slices } });
    } else if (source.kind === "tensor") {
      const wires = source.wires.map((wire): Wire => {
        if (!wire.axes.includes(axis)) return wire;
        if (wire.map === undefined) return { ...wire, slice: sliceOf(wire.slice) };
        return { ...wire, map: sliceMap(wire, axis, start, length) };
      });
      push({ factor, source: { ...source, wires } });
    } else throw new Error("a list of values in a lookup");
  }
  return result;
}

/** The pairs whose index along the axis is in the slice, less its start. */
function sliceMap(wire: Wire, axis: number, start: number, length: number): NonNullable<Wire["map"]> {
  const { from, to } = wire.map!;
  const along = wire.axes.indexOf(axis);
  const kept = [...from.keys()].filter((pair) => {
    const index = to[along]![pair]!;
    return start <= index && index < start + length;
  });
  return {
    from: kept.map((pair) => from[pair]!),
    to: to.map((indices, i) => kept.map((pair) => indices[pair]! - (i === along ? start : 0))),
  };
}
