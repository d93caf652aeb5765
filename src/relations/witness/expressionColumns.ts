/** Evaluates expressions on all virtual cells of a section; padding cells hold whatever the formula gives there. */
import { axisBits, totalBits } from "../../claims/axes.ts";
import type { Expression, Source } from "../../claims/plan.ts";
import { add, fromInteger, mul } from "../../field/m31.ts";
import type { KernelSet } from "../../kernels/kernelSet.ts";
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
    const direct = wholeTensor(sources, axes, first.source);
    if (direct !== null) return direct.ptr;
  }
  const size = 2 ** totalBits(axes);
  const ptr = kernels.alloc(size);
  const column = kernels.words.subarray(ptr / 4, ptr / 4 + size);
  column.fill(expression.constant);
  for (const { source, factor } of expression.terms)
    addSource(kernels, sources, axes, source, factor, column);
  return ptr;
}

function wholeTensor(sources: ColumnSources, axes: readonly number[], source: Source): PaddedTensor | null {
  if (source.kind === "layer") return sources.layer(source.layer);
  if (source.kind === "tensor" && source.axes.length === axes.length) return sources.tensor(source.tensor);
  return null;
}

function addSource(
  kernels: KernelSet,
  sources: ColumnSources,
  axes: readonly number[],
  source: Source,
  factor: number,
  column: Uint32Array,
): void {
  const whole = wholeTensor(sources, axes, source);
  if (whole !== null) {
    const values = kernels.words.subarray(whole.ptr / 4, whole.ptr / 4 + column.length);
    if (factor === 1) for (let i = 0; i < column.length; i++) column[i] = add(column[i], values[i]);
    else for (let i = 0; i < column.length; i++) column[i] = add(column[i], mul(factor, values[i]));
    return;
  }
  const fields = axisFields(axes);
  switch (source.kind) {
    case "values":
      for (let i = 0; i < source.values.length; i++) {
        column[i] = add(column[i], mul(factor, fromInteger(source.values[i])));
      }
      return;
    case "index": {
      const { shift, mask } = fields[source.axis];
      for (let i = 0; i < column.length; i++) column[i] = add(column[i], mul(factor, (i >> shift) & mask));
      return;
    }
    case "tensor": {
      const tensor = sources.tensor(source.tensor);
      const values = kernels.words.subarray(tensor.ptr / 4, tensor.ptr / 4 + 2 ** totalBits(tensor.axes));
      const own = axisFields(tensor.axes);
      for (let i = 0; i < column.length; i++) {
        let index = 0;
        source.axes.forEach((axis, position) => {
          index |= ((i >> fields[axis].shift) & fields[axis].mask) << own[position].shift;
        });
        column[i] = add(column[i], mul(factor, values[index]));
      }
    }
  }
}

/** Bit field of each axis in a virtual index. */
function axisFields(axes: readonly number[]): { shift: number; mask: number }[] {
  let shift = totalBits(axes);
  return axes.map((length) => {
    const bits = axisBits(length);
    shift -= bits;
    return { shift, mask: 2 ** bits - 1 };
  });
}
