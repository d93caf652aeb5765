/**
 * Operand tables of the layer sumcheck: an operand with its output coordinates bound to a claim's point, over the axes
 * that the sumcheck binds. A stored tensor's axes are bound one by one (bindAxis.ts); windows take one combination per
 * position in the kernel, never a copy per output position.
 */
import { axisBits, splitPoint, totalBits } from "../../claims/axes.ts";
import {
  type LinearLayer,
  layerAxes,
  type Operand,
  type PlanTensorId,
  type Source,
} from "../../claims/plan.ts";
import { add, EXT_WORDS, type Ext, equals, mul, ONE, scale, ZERO } from "../../field/ext.ts";
import { type ExtVector, getExt } from "../../field/extVector.ts";
import { extWords, readExt4, writeExt4, writeScalar } from "../../kernels/extLayout.ts";
import type { KernelSet } from "../../kernels/kernelSet.ts";
import { eqPrefixSum, eqTable, type Point } from "../../poly/eq.ts";
import type { PaddedTensor } from "../witness/paddedTensors.ts";
import { bindAxis, type PartlyBound } from "./bindAxis.ts";
import { type LeadAxis, leadAxis } from "./leadAxes.ts";
import { boundAxes } from "./shape.ts";

type TensorSource = Extract<Source, { kind: "tensor" }>;

/** Table over the layer's bound axes, all 2^boundBits virtual cells. */
export function bindOperand(
  kernels: KernelSet,
  layer: LinearLayer,
  operand: Operand,
  claim: Point,
  tensor: (id: PlanTensorId) => PaddedTensor,
): number {
  return new OperandBinder(kernels, layer, operand, claim, tensor).bind();
}

class OperandBinder {
  private readonly kernels: KernelSet;
  private readonly operand: Operand;
  private readonly tensor: (id: PlanTensorId) => PaddedTensor;
  /** Lengths of the view's axes. */
  private readonly lengths: readonly number[];
  /** eq table of each view axis that the claim's point fixes; null for axes of the sumcheck. */
  private readonly fixed: readonly (ExtVector | null)[];
  private readonly fixedSums: readonly Ext[];
  /** Position of each free view axis's index in a table index: the shift. */
  private readonly shifts: readonly number[];
  private readonly size: number;

  constructor(
    kernels: KernelSet,
    layer: LinearLayer,
    operand: Operand,
    claim: Point,
    tensor: (id: PlanTensorId) => PaddedTensor,
  ) {
    this.kernels = kernels;
    this.operand = operand;
    this.tensor = tensor;
    this.lengths = operand.axes.map((axis) => layer.axes[axis]);
    const outputs = splitPoint(layerAxes(layer), claim);
    const bound = boundAxes(layer);
    const isFree = (axis: number): boolean => bound.includes(axis);
    this.fixed = operand.axes.map((axis) => (isFree(axis) ? null : eqTable(outputs[axis], layer.axes[axis])));
    this.fixedSums = operand.axes.map((axis) =>
      isFree(axis) ? ONE : eqPrefixSum(outputs[axis], layer.axes[axis]),
    );
    let shift = 0;
    const shiftOf = new Map<number, number>();
    for (const axis of [...bound].reverse()) {
      shiftOf.set(axis, shift);
      shift += axisBits(layer.axes[axis]);
    }
    this.size = 2 ** shift;
    this.shifts = operand.axes.map((axis) => shiftOf.get(axis) ?? -1);
  }

  bind(): number {
    const { kernels, operand } = this;
    const table = kernels.alloc(extWords(this.size));
    const mark = kernels.mark();
    const { terms, constant } = operand.value;
    terms.forEach(({ source, factor }, i) => {
      if (source.kind !== "tensor") throw new TypeError(`a ${source.kind} cannot be a layer's operand`);
      this.addTerm(table, source, factor, i === 0);
    });
    if (constant !== 0) this.addEverywhere(table, scale(this.fixedSums.reduce(mul, ONE), constant));
    kernels.release(mark);
    return table;
  }

  /** `isFirst`: the table is still zero, so that results may be written straight into it. */
  private addTerm(table: number, source: TensorSource, factor: number, isFirst: boolean): void {
    const stored = source.tensor === null ? null : this.tensor(source.tensor);
    const axes = stored?.axes ?? [];
    const { wires } = source;
    const read = new Set(wires.flatMap((wire) => wire.axes));
    // Fixed axes along which the term is constant sum up; free ones repeat it.
    let scalar: Ext = [factor, 0, 0, 0];
    const repeated: number[] = [];
    this.lengths.forEach((_, axis) => {
      if (read.has(axis)) return;
      if (this.fixed[axis] === null) repeated.push(axis);
      else scalar = mul(scalar, this.fixedSums[axis]);
    });
    let tail = axes.length;
    while (tail > 0 && wires[tail - 1].map === null && this.fixed[wires[tail - 1].axes[0]] === null) tail--;
    const lead: LeadAxis[] = [];
    wires.forEach((wire, k) => {
      if (k < tail || k >= axes.length) {
        const size = k < tail ? 2 ** axisBits(axes[k]) : 1;
        lead.push(leadAxis(wire, axes[k] ?? 1, size, this.lengths, this.fixed));
      }
    });
    const tailAxes = wires.slice(tail, axes.length).map((wire) => wire.axes[0]);
    const tailLengths = axes.slice(tail);
    const targets = tailTargets(
      tailLengths,
      tailAxes.map((axis) => this.shifts[axis]),
    );
    const length = 2 ** totalBits(tailLengths);
    const isDirect = isFirst && targets === null && repeated.length === 0 && length % 4 === 0;
    this.bindLead(lead, this.beginning(stored, scalar), 2 ** totalBits(axes), 0, (bound, base) => {
      if (isDirect && base % 4 === 0) this.write(table + 16 * base, bound, length);
      else this.place(table, this.settled(bound, length), base, length, targets, repeated);
    });
  }

  private beginning(stored: PaddedTensor | null, factor: Ext): PartlyBound {
    if (stored !== null) return { ptr: stored.ptr, isExt: false, factor };
    const one = this.kernels.alloc(1);
    this.kernels.words[one / 4] = 1;
    return { ptr: one, isExt: false, factor };
  }

  /** Binds the axes in turn and visits what is left for every choice of free indices, with its offset in the table. */
  private bindLead(
    lead: readonly LeadAxis[],
    tensor: PartlyBound,
    numCells: number,
    base: number,
    visit: (bound: PartlyBound, base: number) => void,
  ): void {
    const [axis, ...rest] = lead;
    if (axis === undefined) {
      visit(tensor, base);
      return;
    }
    const inner = numCells / axis.size;
    for (const choice of axis.choices) {
      const mark = this.kernels.mark();
      const offset = axis.freeAxes.reduce(
        (sum, free, i) => sum + choice.indices[i] * 2 ** this.shifts[free],
        base,
      );
      this.bindLead(rest, bindAxis(this.kernels, tensor, inner, choice), inner, offset, visit);
      this.kernels.release(mark);
    }
  }

  /** The cells as an ext4 array of their own, perhaps where they are. */
  private settled(bound: PartlyBound, length: number): number {
    if (bound.isExt && equals(bound.factor, ONE)) return bound.ptr;
    const part = this.kernels.allocUnset(extWords(length));
    this.write(part, bound, length);
    return part;
  }

  private write(dst: number, { ptr, isExt, factor }: PartlyBound, length: number): void {
    const { kernels } = this;
    const coefficient = kernels.alloc(EXT_WORDS);
    writeScalar(kernels.words, coefficient, factor);
    if (isExt) kernels.combineExtRows(dst, ptr, extWords(length) / EXT_WORDS, 1, coefficient, length);
    else kernels.combineRows(dst, ptr, length, 1, coefficient, length);
  }

  /** Adds `length` cells at their places behind `base`, for every index of the repeated axes. */
  private place(
    table: number,
    part: number,
    base: number,
    length: number,
    targets: Int32Array | null,
    repeated: readonly number[],
  ): void {
    const { words } = this.kernels;
    this.forEachRepetition(repeated, base, (at) => {
      for (let i = 0; i < length; i++) {
        const target = at + (targets === null ? i : targets[i]);
        if (targets !== null && targets[i] < 0) continue;
        writeExt4(words, table, target, add(readExt4(words, table, target), readExt4(words, part, i)));
      }
    });
  }

  private addEverywhere(table: number, value: Ext): void {
    const free = this.lengths.map((_, axis) => axis).filter((axis) => this.fixed[axis] === null);
    const { words } = this.kernels;
    this.forEachRepetition(free, 0, (at) => {
      writeExt4(words, table, at, add(readExt4(words, table, at), value));
    });
  }

  private forEachRepetition(axes: readonly number[], base: number, visit: (at: number) => void): void {
    if (axes.length === 0) {
      visit(base);
      return;
    }
    const [axis, ...rest] = axes;
    for (let i = 0; i < this.lengths[axis]; i++) {
      this.forEachRepetition(rest, base + i * 2 ** this.shifts[axis], visit);
    }
  }
}

/** Table offset of each virtual cell of the tail, −1 for padding; null if cell i goes to offset i. */
function tailTargets(lengths: readonly number[], shifts: readonly number[]): Int32Array | null {
  let shift = 0;
  let isDirect = true;
  for (let i = lengths.length - 1; i >= 0; i--) {
    if (shifts[i] !== shift) isDirect = false;
    shift += axisBits(lengths[i]);
  }
  if (isDirect) return null;
  let targets = Int32Array.of(0);
  lengths.forEach((length, i) => {
    const size = 2 ** axisBits(length);
    const next = new Int32Array(targets.length * size).fill(-1);
    targets.forEach((target, at) => {
      if (target < 0) return;
      for (let j = 0; j < length; j++) next[at * size + j] = target + j * 2 ** shifts[i];
    });
    targets = next;
  });
  return targets;
}

/** Σ_x a[x]·b[x] of two tables of `length` elements, weighted by eq along their leading `groups` coordinates. */
export function weightedDot(kernels: KernelSet, a: number, b: number, groups: Point, length: number): Ext {
  const mark = kernels.mark();
  const out = kernels.alloc(EXT_WORDS);
  const eq = eqTable(groups);
  const block = length / 2 ** groups.length;
  let sum = ZERO;
  for (let g = 0; g < 2 ** groups.length; g++) {
    let value = ZERO;
    if (block % 4 === 0 || groups.length === 0) {
      kernels.dotExt(out, a + 16 * g * block, b + 16 * g * block, block);
      const at = out / 4;
      value = [kernels.words[at], kernels.words[at + 1], kernels.words[at + 2], kernels.words[at + 3]];
    } else {
      for (let i = 0; i < block; i++) {
        const x = g * block + i;
        value = add(value, mul(readExt4(kernels.words, a, x), readExt4(kernels.words, b, x)));
      }
    }
    sum = add(sum, mul(getExt(eq, g), value));
  }
  kernels.release(mark);
  return sum;
}
