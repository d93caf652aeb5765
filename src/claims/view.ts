/**
 * Evaluation of what an expression reads of one tensor. With a point chosen along every axis of the view, the wires give
 * each axis of the tensor a weight vector, and the value is ⟨T, w_1 ⊗ … ⊗ w_m⟩. Where an axis is read as it is, its
 * weights are eq(point, ·): if all axes are, the value is an evaluation of the tensor's multilinear extension.
 */
import { add, EXT_WORDS, type Ext, mul, ONE, ZERO } from "../field/ext.ts";
import { dotBase, type ExtVector, getExt, makeExtVector, outerProduct, setExt } from "../field/extVector.ts";
import { fromInteger } from "../field/m31.ts";
import { eqAtIndex, eqPrefixSum, eqTable, type Point } from "../poly/eq.ts";
import { axisBits, realCells, sliceCoordinates } from "./axes.ts";
import type { PlanTensor, PlanTensorId, Source, Wire, WireMap } from "./plan.ts";

/** Weights along one axis of a tensor: eq(point, ·), or one per real entry. */
export type AxisWeights =
  | { readonly kind: "point"; readonly point: Point }
  | { readonly kind: "vector"; readonly values: ExtVector };

/** factor · ⟨T, ⊗ weights⟩. */
export interface ViewTerm {
  readonly tensor: PlanTensorId;
  readonly factor: Ext;
  /** One entry per axis of the tensor. */
  readonly weights: readonly AxisWeights[];
}

/** The axes that a sumcheck must bind before a tensor is evaluated at a point. */
export interface AxisBlock {
  /** First axis and the one after the last. */
  readonly from: number;
  readonly to: number;
  readonly bits: number;
}

/** From the first axis that is not read as it is to the last one; empty if there is none. */
export function blockOf(axes: readonly number[], isMapped: (axis: number) => boolean): AxisBlock {
  const mapped = axes.flatMap((_, axis) => (isMapped(axis) ? [axis] : []));
  if (mapped.length === 0) return { from: axes.length, to: axes.length, bits: 0 };
  const from = mapped[0];
  const to = mapped[mapped.length - 1] + 1;
  return { from, to, bits: axes.slice(from, to).reduce((bits, length) => bits + axisBits(length), 0) };
}

/** True if a hidden tensor is read otherwise than as it is, so that its evaluation takes a sumcheck. */
export function isMappedSource(tensors: readonly PlanTensor[], source: Source): boolean {
  if (source.kind !== "tensor" || source.tensor === null) return false;
  const { axes, holder } = tensors[source.tensor];
  return holder !== "public" && axes.some((_, axis) => source.wires[axis].map !== null);
}

/** Coordinates of each axis of a view, in order. */
export type PointParts = readonly Point[];

/** Weights of a source's tensor axes at a point of the view. `tensorAxes` is empty for the constant 1. */
export function resolveWires(
  viewAxes: readonly number[],
  tensorAxes: readonly number[],
  wires: readonly Wire[],
  parts: PointParts,
  factor: Ext,
): { readonly factor: Ext; readonly weights: AxisWeights[] } {
  let scaled = factor;
  const read = new Set(wires.flatMap(({ axes }) => axes));
  viewAxes.forEach((length, axis) => {
    if (!read.has(axis)) scaled = mul(scaled, eqPrefixSum(parts[axis], length));
  });
  const weights: AxisWeights[] = [];
  wires.forEach(({ axes, map, slice }, k) => {
    if (map === null) {
      weights.push({ kind: "point", point: sliceCoordinates(slice, parts[axes[0]]) });
      return;
    }
    const values = scatterWeights(viewAxes, tensorAxes[k] ?? 1, axes, map, parts);
    if (k < tensorAxes.length) weights.push({ kind: "vector", values });
    else scaled = mul(scaled, getExt(values, 0));
  });
  return { factor: scaled, weights };
}

/** Entry t: Σ over the pairs of entry t of Π eq(point of axis, index along it). */
function scatterWeights(
  viewAxes: readonly number[],
  length: number,
  axes: readonly number[],
  map: WireMap,
  parts: PointParts,
): ExtVector {
  const numPairs = map.from.length;
  const eqs = axes.map((axis) => eqAt(parts[axis], viewAxes[axis], numPairs));
  const values = makeExtVector(length);
  for (let e = 0; e < numPairs; e++) {
    let weight = eqs.length === 0 ? ONE : eqs[0](map.to[0][e]);
    for (let i = 1; i < eqs.length; i++) weight = mul(weight, eqs[i](map.to[i][e]));
    const t = map.from[e];
    setExt(values, t, add(getExt(values, t), weight));
  }
  return values;
}

/** Steps for eq at `count` indices below `length`: one for each bit of each, or for each entry of a table. */
export function eqCost(length: number, count: number): number {
  return Math.min(length, count * axisBits(length));
}

/** eq(point, ·) at `count` indices below `length`: no table of a long axis of which little is read. */
function eqAt(point: Point, length: number, count: number): (index: number) => Ext {
  if (eqCost(length, count) < length) return (index) => eqAtIndex(point, index);
  const table = eqTable(point, length);
  return (index) => getExt(table, index);
}

/** ⟨T, ⊗ weights⟩ of integers over real cells, row-major. */
export function evaluateWeighted(
  axes: readonly number[],
  values: Int32Array,
  weights: readonly AxisWeights[],
): Ext {
  if (values.length !== realCells(axes)) throw new RangeError(`${values.length} values for axes [${axes}]`);
  const residues = residuesOf(values);
  if (axes.length === 0) return [residues[0], 0, 0, 0];
  const { numAxes, length: last, dot } = dotInnermost(axes, weights);
  const outer = axes.length - numAxes;
  const vectors = weights.slice(0, outer).map((weight, axis) => weightVector(axes[axis], weight));
  let rows = residues.length / last;
  let current = makeExtVector(rows);
  for (let row = 0; row < rows; row++) {
    setExt(current, row, dot(residues.subarray(row * last, (row + 1) * last)));
  }
  for (let axis = outer - 1; axis >= 0; axis--) {
    const length = axes[axis];
    rows /= length;
    const next = makeExtVector(rows);
    for (let row = 0; row < rows; row++) {
      const own = current.subarray(row * length * EXT_WORDS, (row + 1) * length * EXT_WORDS);
      let sum = ZERO;
      for (let i = 0; i < length; i++) sum = add(sum, mul(getExt(own, i), getExt(vectors[axis], i)));
      setExt(next, row, sum);
    }
    current = next;
  }
  return getExt(current, 0);
}

function residuesOf(values: Int32Array): Uint32Array {
  const residues = new Uint32Array(values.length);
  for (let i = 0; i < values.length; i++) residues[i] = fromInteger(values[i]);
  return residues;
}

/** A row of cells this long or longer costs what its cells do, not what calling for a row does. */
const LONG_ROW = 64;

/** ⟨cells, weights⟩ along the last axes together, as few as make a long row. */
function dotInnermost(
  axes: readonly number[],
  weights: readonly AxisWeights[],
): { readonly numAxes: number; readonly length: number; readonly dot: (cells: Uint32Array) => Ext } {
  let at = axes.length - 1;
  let length = axes[at];
  if (length >= LONG_ROW || at === 0) return { numAxes: 1, length, dot: dotAlong(length, weights[at]) };
  let vector = weightVector(length, weights[at]);
  while (at > 0 && length < LONG_ROW && length * axes[at - 1] <= LONG_ROW ** 2) {
    at--;
    vector = outerProduct(weightVector(axes[at], weights[at]), vector);
    length *= axes[at];
  }
  if (length >= LONG_ROW || at === 0) {
    return { numAxes: axes.length - at, length, dot: (cells) => dotBase(cells, vector) };
  }
  // A long axis before a few short ones: along it first, for each of their entries.
  const count = length;
  const long = axes[at - 1];
  const dotLong = dotAlong(long, weights[at - 1]);
  const column = new Uint32Array(long);
  const dot = (cells: Uint32Array): Ext => {
    let sum = ZERO;
    for (let j = 0; j < count; j++) {
      for (let i = 0; i < long; i++) column[i] = cells[i * count + j];
      sum = add(sum, mul(getExt(vector, j), dotLong(column)));
    }
    return sum;
  };
  return { numAxes: axes.length - at + 1, length: long * count, dot };
}

function weightVector(length: number, weight: AxisWeights): ExtVector {
  return weight.kind === "vector" ? weight.values : eqTable(weight.point, length);
}

/** Low coordinates of a point that are tabulated apart from the high ones on long axes. */
const LOW_VARIABLES = 10;

/** ⟨cells, weights⟩ along one axis. A table for a whole long axis would cost more than the cells themselves. */
function dotAlong(length: number, weight: AxisWeights): (cells: Uint32Array) => Ext {
  if (weight.kind === "vector" || weight.point.length <= LOW_VARIABLES) {
    const vector = weightVector(length, weight);
    return (cells) => dotBase(cells, vector);
  }
  const size = 2 ** LOW_VARIABLES;
  const numBlocks = Math.ceil(length / size);
  const high = eqTable(weight.point.slice(0, -LOW_VARIABLES), numBlocks);
  const low = eqTable(weight.point.slice(-LOW_VARIABLES));
  return (cells) => {
    let sum = ZERO;
    for (let block = 0; block < numBlocks; block++) {
      const own = cells.subarray(block * size, (block + 1) * size);
      sum = add(sum, mul(getExt(high, block), dotBase(own, low)));
    }
    return sum;
  };
}
