/** Adds a wired tensor to a column, cell by cell. */
import { axisBits, totalBits } from "../../claims/axes.ts";
import type { Wire } from "../../claims/plan.ts";
import { add, mul } from "../../field/m31.ts";
import type { KernelSet } from "../../kernels/kernelSet.ts";
import { addDirect } from "./addDirect.ts";
import type { PaddedTensor } from "./paddedTensors.ts";

/** Where along one wire a view cell reads: an offset into the tensor per joint index of the wire's axes, −1 for nothing. */
interface WireOffsets {
  readonly axes: readonly number[];
  readonly offsets: Int32Array;
}

/** `tensor` null: the constant 1. `column` covers the virtual cells of the axes. */
export function addWired(
  kernels: KernelSet,
  axes: readonly number[],
  tensor: PaddedTensor | null,
  wires: readonly Wire[],
  factor: number,
  column: Uint32Array,
): void {
  const own = tensor?.axes ?? [];
  const strides = own.map((_, k) => 2 ** totalBits(own.slice(k + 1)));
  const stored = tensor?.ptr ?? null;
  const values =
    stored === null ? null : kernels.words.subarray(stored / 4, stored / 4 + 2 ** totalBits(own));
  if (values !== null && wires.every(({ map }) => map === null)) {
    addDirect(axes, values, strides, wires, factor, column);
    return;
  }
  // A wire that reads several entries at one place, as a sum does, takes one pass for each.
  let passes: WireOffsets[][] = [[]];
  wires.forEach((wire, k) => {
    const layers = offsetsOf(wire, axes, strides[k] ?? 0);
    passes = passes.flatMap((pass) => layers.map((layer) => [...pass, layer]));
  });
  for (const pass of passes) addPass(axes, values, pass, factor, column);
}

/** The wire as functions: its pairs, sorted into as many layers as one place has entries. */
function offsetsOf(wire: Wire, axes: readonly number[], stride: number): WireOffsets[] {
  const size = wire.axes.reduce((product, axis) => product * axes[axis], 1);
  if (wire.map === null) {
    const start = wire.slice?.start ?? 0;
    return [{ axes: wire.axes, offsets: Int32Array.from({ length: size }, (_, i) => (start + i) * stride) }];
  }
  const { from, to } = wire.map;
  const used = new Int32Array(size);
  const layers: WireOffsets[] = [];
  for (let e = 0; e < from.length; e++) {
    let index = 0;
    wire.axes.forEach((axis, i) => {
      index = index * axes[axis] + to[i][e];
    });
    const layer = used[index]++;
    layers[layer] ??= { axes: wire.axes, offsets: new Int32Array(size).fill(-1) };
    layers[layer].offsets[index] = from[e] * stride;
  }
  return layers;
}

/** Walks the real cells row by row along the last axis. */
function addPass(
  axes: readonly number[],
  values: Uint32Array | null,
  wires: readonly WireOffsets[],
  factor: number,
  column: Uint32Array,
): void {
  const last = axes.length - 1;
  const inner = wires.filter((wire) => wire.axes.includes(last));
  const outer = wires.filter((wire) => !wire.axes.includes(last));
  const strides = axes.map((_, axis) =>
    axes.slice(axis + 1).reduce((bits, length) => bits * 2 ** axisBits(length), 1),
  );
  const index = axes.map(() => 0);
  const offsetAt = (wire: WireOffsets): number => {
    let joint = 0;
    for (const axis of wire.axes) joint = joint * axes[axis] + index[axis];
    return wire.offsets[joint];
  };
  const sumOf = (list: readonly WireOffsets[]): number => {
    let sum = 0;
    for (const wire of list) {
      const offset = offsetAt(wire);
      if (offset < 0) return -1;
      sum += offset;
    }
    return sum;
  };
  const length = axes.length === 0 ? 1 : axes[last];
  // Along the last axis alone the offsets are the same in every row.
  const [only, ...others] = inner;
  const row = others.length === 0 && only !== undefined && only.axes.length === 1 ? only.offsets : null;
  const numRows = axes.slice(0, -1).reduce((product, n) => product * n, 1);
  for (let r = 0; r < numRows; r++) {
    let cell = 0;
    for (let axis = 0; axis < last; axis++) cell += index[axis] * strides[axis];
    const base = sumOf(outer);
    if (base >= 0 && row !== null && values !== null && factor === 1) {
      for (let i = 0; i < length; i++) {
        if (row[i] >= 0) column[cell + i] = add(column[cell + i], values[base + row[i]]);
      }
    } else if (base >= 0) {
      for (let i = 0; i < length; i++) {
        let offset: number;
        if (row !== null) offset = row[i];
        else {
          if (last >= 0) index[last] = i;
          offset = sumOf(inner);
        }
        if (offset < 0) continue;
        const value = values === null ? 1 : values[base + offset];
        column[cell + i] = add(column[cell + i], factor === 1 ? value : mul(factor, value));
      }
    }
    for (let axis = last - 1; axis >= 0; axis--) {
      if (++index[axis] < axes[axis]) break;
      index[axis] = 0;
    }
  }
}
