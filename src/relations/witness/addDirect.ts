/** Adds a tensor that is read as it is along its axes, or a slice of it: no tables, only strides. */
import { axisBits } from "../../claims/axes.ts";
import type { Wire } from "../../claims/plan.ts";
import { add, mul, P, sub } from "../../field/m31.ts";

/** `strides`: of the tensor's axes; no wire has a map. */
export function addDirect(
  axes: readonly number[],
  values: Uint32Array,
  strides: readonly number[],
  wires: readonly Wire[],
  factor: number,
  column: Uint32Array,
): void {
  // Steps through the tensor along the axes of the view; 0 along those that it does not depend on.
  const steps = axes.map(() => 0);
  let first = 0;
  wires.forEach(({ axes: [axis], slice }, k) => {
    const stride = strides[k] ?? 0;
    steps[axis] += stride;
    first += (slice?.start ?? 0) * stride;
  });
  const last = axes.length - 1;
  const sizes = axes.map((_, axis) =>
    axes.slice(axis + 1).reduce((product, length) => product * 2 ** axisBits(length), 1),
  );
  const visit = (axis: number, cell: number, at: number): void => {
    if (axis >= last) {
      addRow(column, cell, values, at, steps[last] ?? 0, axes[last] ?? 1, factor);
      return;
    }
    for (let i = 0; i < axes[axis]; i++) visit(axis + 1, cell + i * sizes[axis], at + i * steps[axis]);
  };
  visit(0, 0, first);
}

/** column[cell + i] += factor·values[at + i·step]. Most factors are 1 and −1. */
function addRow(
  column: Uint32Array,
  cell: number,
  values: Uint32Array,
  at: number,
  step: number,
  length: number,
  factor: number,
): void {
  const end = cell + length;
  let from = at;
  if (factor === 1)
    for (let to = cell; to < end; to++, from += step) column[to] = add(column[to], values[from]);
  else if (factor === P - 1)
    for (let to = cell; to < end; to++, from += step) column[to] = sub(column[to], values[from]);
  else
    for (let to = cell; to < end; to++, from += step) column[to] = add(column[to], mul(factor, values[from]));
}
