/** Evaluates expressions on all virtual cells of a section; padding cells hold whatever the formula gives there. */
import { axisBits, totalBits } from "../../claims/axes.ts";
import { type Expression, readsWhole, type Source, type Wire } from "../../claims/plan.ts";
import { add, mul, P, sub } from "../../field/m31.ts";
import type { KernelSet } from "../../kernels/kernelSet.ts";
import { addWired } from "./addWired.ts";
import type { PaddedTensor } from "./paddedTensors.ts";

export interface ColumnSources {
  tensor(id: number): PaddedTensor;
  layer(id: number): PaddedTensor;
}

/** Pointer to 2^totalBits(axes) words. Shares the source's memory where the expression is a stored tensor as it is. */
export function expressionColumn(
  kernels: KernelSet,
  sources: ColumnSources,
  axes: readonly number[],
  expression: Expression,
): number {
  const [first] = expression.terms;
  if (expression.terms.length === 1 && expression.constant === 0 && first.factor === 1) {
    const direct = wholeSource(sources, axes, first.source);
    if (direct !== null) return direct.ptr;
  }
  const size = 2 ** totalBits(axes);
  const ptr = kernels.alloc(size);
  const column = kernels.words.subarray(ptr / 4, ptr / 4 + size);
  if (expression.constant !== 0) column.fill(expression.constant);
  for (const { source, factor } of expression.terms)
    addSource(kernels, sources, axes, source, factor, column);
  return ptr;
}

/** column += factor·values. */
function addMultiple(column: Uint32Array, values: Uint32Array, factor: number): void {
  const { length } = values;
  if (factor === 1) for (let i = 0; i < length; i++) column[i] = add(column[i], values[i]);
  else if (factor === P - 1) for (let i = 0; i < length; i++) column[i] = sub(column[i], values[i]);
  else for (let i = 0; i < length; i++) column[i] = add(column[i], mul(factor, values[i]));
}

/** The stored values of a source that is read as it is along all axes, in order. */
function wholeSource(sources: ColumnSources, axes: readonly number[], source: Source): PaddedTensor | null {
  if (source.kind === "layer") {
    const readsAll = source.axes.length === axes.length && source.axes.every((axis, i) => axis === i);
    const isWhole = source.slices === undefined && readsAll;
    return isWhole ? sources.layer(source.layer) : null;
  }
  if (source.kind !== "tensor" || source.tensor === null) return null;
  return readsWhole(source.wires, axes.length) ? sources.tensor(source.tensor) : null;
}

function addSource(
  kernels: KernelSet,
  sources: ColumnSources,
  axes: readonly number[],
  source: Source,
  factor: number,
  column: Uint32Array,
): void {
  const whole = wholeSource(sources, axes, source);
  if (whole !== null) {
    const values = kernels.words.subarray(whole.ptr / 4, whole.ptr / 4 + column.length);
    addMultiple(column, values, factor);
    return;
  }
  switch (source.kind) {
    case "values":
      addMultiple(column, source.values, factor);
      return;
    case "index": {
      const shift = axes.slice(source.axis + 1).reduce((bits, length) => bits + axisBits(length), 0);
      const mask = 2 ** axisBits(axes[source.axis]) - 1;
      for (let i = 0; i < column.length; i++) column[i] = add(column[i], mul(factor, (i >> shift) & mask));
      return;
    }
    case "layer": {
      const wires = source.axes.map((axis, i): Wire => {
        const slice = source.slices?.[i];
        return slice === undefined ? { axes: [axis], map: null } : { axes: [axis], map: null, slice };
      });
      addWired(kernels, axes, sources.layer(source.layer), wires, factor, column);
      return;
    }
    case "tensor": {
      const tensor = source.tensor === null ? null : sources.tensor(source.tensor);
      addWired(kernels, axes, tensor, source.wires, factor, column);
    }
  }
}
