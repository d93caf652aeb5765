/** Expressions cell by cell, from the definitions in plan.ts and as plainly as possible: what clever code is compared with. */
import { add, type Ext, scale, ZERO } from "../../field/ext.ts";
import { add as addF, fromInteger, mul as mulF } from "../../field/m31.ts";
import { eqAtIndex, type Point } from "../../poly/eq.ts";
import { axisBits, realCells } from "../axes.ts";
import type { Expression, LayerId, PlanTensorId, Source, Wire } from "../plan.ts";

/** Integers over the real cells of the axes, row-major. */
export interface NaiveTensor {
  readonly axes: readonly number[];
  readonly values: ArrayLike<number>;
}

export interface NaiveSources {
  tensor(id: PlanTensorId): NaiveTensor;
  layer(id: LayerId): NaiveTensor;
}

/** All index tuples of the axes, in row-major order. */
export function allIndices(axes: readonly number[]): number[][] {
  return axes.reduce<number[][]>(
    (tuples, length) => tuples.flatMap((tuple) => Array.from({ length }, (_, i) => [...tuple, i])),
    [[]],
  );
}

export function cellAt({ axes, values }: NaiveTensor, index: readonly number[]): number {
  return values[axes.reduce((at, length, axis) => at * length + index[axis], 0)];
}

/** Where a cell stands in the virtual index space. */
export function virtualIndex(axes: readonly number[], index: readonly number[]): number {
  return axes.reduce((at, length, axis) => at * 2 ** axisBits(length) + index[axis], 0);
}

/** Residues of the expression on every real cell of a view. */
export function naiveColumn(sources: NaiveSources, axes: readonly number[], value: Expression): number[] {
  return allIndices(axes).map((index) =>
    value.terms.reduce(
      (sum, { source, factor }) => addF(sum, mulF(factor, naiveSource(sources, source, index))),
      value.constant,
    ),
  );
}

function naiveSource(sources: NaiveSources, source: Source, index: readonly number[]): number {
  switch (source.kind) {
    case "index":
      return index[source.axis];
    case "values":
      return source.values[index[0]];
    case "layer":
      return fromInteger(
        cellAt(
          sources.layer(source.layer),
          source.axes.map((axis, i) => index[axis] + (source.slices?.[i]?.start ?? 0)),
        ),
      );
    case "tensor": {
      const entries = allTuples(source.wires.map((wire) => entriesAt(wire, index)));
      if (source.tensor === null) return entries.length;
      const tensor = sources.tensor(source.tensor);
      return entries.reduce((sum, tuple) => addF(sum, fromInteger(cellAt(tensor, tuple))), 0);
    }
  }
}

/** The entries that a wire reads at a cell, as often as it reads them. */
function entriesAt({ axes, map, slice }: Wire, index: readonly number[]): number[] {
  if (map === null) return [index[axes[0]] + (slice?.start ?? 0)];
  return [...map.from].filter((_, e) => axes.every((axis, i) => map.to[i][e] === index[axis]));
}

function allTuples(lists: readonly (readonly number[])[]): number[][] {
  return lists.reduce<number[][]>(
    (tuples, list) => tuples.flatMap((tuple) => list.map((entry) => [...tuple, entry])),
    [[]],
  );
}

/** Multilinear extension, at a point, of residues over the real cells of the axes. */
export function naiveEvaluation(axes: readonly number[], column: ArrayLike<number>, point: Point): Ext {
  if (column.length !== realCells(axes)) throw new RangeError(`${column.length} values for [${axes}]`);
  return allIndices(axes).reduce(
    (sum, index, real) => add(sum, scale(eqAtIndex(point, virtualIndex(axes, index)), column[real])),
    ZERO,
  );
}
