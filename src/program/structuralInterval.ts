import { elementCount } from "../tensor/shape.ts";
import { foldInterval, type Interval, repeatInterval } from "./interval.ts";
import type { Concat, Take, Transpose, WindowSum } from "./program.ts";
import { runConcat } from "./run/concat.ts";
import { runTake } from "./run/take.ts";
import { runTranspose } from "./run/transpose.ts";
import { runWindowSum } from "./run/windowSum.ts";

// Operators that move or add elements do to the bounds what they do to the values, so bounds go through the interpreter.
// They fit its 32 bits: they lie within declared ranges.

/** Up to this many elements are told apart; in larger tensors only the channels are. */
const MAX_TOLD_APART = 2 ** 16;

type Kernel = (inputs: Int32Array[]) => Int32Array;

function throughKernel(inputs: readonly Interval[], kernel: Kernel): Interval {
  const lo = kernel(inputs.map((input) => Int32Array.from(input.lo)));
  const hi = kernel(inputs.map((input) => Int32Array.from(input.hi)));
  return { lo: Float64Array.from(lo), hi: Float64Array.from(hi) };
}

/** What an operator along one axis sees: that axis, and how many elements one entry of it holds. */
interface AxisView {
  readonly input: Interval;
  readonly length: number;
  readonly inner: number;
}

/** A large tensor is seen as if it had no other axes than this one and the last. */
function viewAxis(input: Interval, shape: readonly number[], axis: number, isLarge: boolean): AxisView {
  const length = shape[axis];
  if (!isLarge) {
    const inner = elementCount(shape.slice(axis + 1));
    return { input: repeatInterval(input, elementCount(shape)), length, inner };
  }
  const inner = axis === shape.length - 1 ? 1 : shape[shape.length - 1];
  return {
    input: repeatInterval(foldInterval(input, shape[shape.length - 1]), length * inner),
    length,
    inner,
  };
}

/** Bounds of an operator along one axis; all inputs and the output are treated alike, by the size of the largest. */
function alongAxis(
  inputs: readonly Interval[],
  shapes: readonly (readonly number[])[],
  axis: number,
  output: readonly number[],
  kernel: (views: readonly AxisView[], inputs: readonly Int32Array[]) => Int32Array,
): Interval {
  const isLarge = [...shapes, output].some((shape) => elementCount(shape) > MAX_TOLD_APART);
  const views = inputs.map((input, index) => viewAxis(input, shapes[index], axis, isLarge));
  const result = throughKernel(
    views.map((view) => view.input),
    (arrays) => kernel(views, arrays),
  );
  return isLarge ? foldInterval(result, output[output.length - 1]) : result;
}

/** Bounds of a take; `shape` is its input's. */
export function takeInterval(
  input: Interval,
  operator: Take,
  shape: readonly number[],
  output: readonly number[],
): Interval {
  return alongAxis([input], [shape], operator.axis, output, ([{ length, inner }], [values]) =>
    runTake(values, operator, length, inner),
  );
}

/** Bounds of a sum over windows; `shape` is its input's. */
export function windowSumInterval(
  input: Interval,
  operator: WindowSum,
  shape: readonly number[],
  output: readonly number[],
): Interval {
  return alongAxis([input], [shape], operator.axis, output, ([{ length, inner }], [values]) =>
    runWindowSum(values, operator, length, inner),
  );
}

/** Bounds of a concatenation; `shapes` are its inputs'. */
export function concatInterval(
  inputs: readonly Interval[],
  operator: Concat,
  shapes: readonly (readonly number[])[],
  output: readonly number[],
): Interval {
  return alongAxis(inputs, shapes, operator.axis, output, (views, values) =>
    runConcat(
      values,
      views.map(({ length, inner }) => length * inner),
    ),
  );
}

/** Bounds of a transpose; `shape` is its input's. */
export function transposeInterval(input: Interval, operator: Transpose, shape: readonly number[]): Interval {
  const { permutation } = operator;
  const size = elementCount(shape);
  if (size <= MAX_TOLD_APART) {
    return throughKernel([repeatInterval(input, size)], ([values]) =>
      runTranspose(values, shape, permutation),
    );
  }
  const last = shape.length - 1;
  return foldInterval(input, permutation[last] === last ? shape[last] : 1);
}
