/** What each step means over real numbers, for a batch of samples. */

import { addLeaves } from "../../graph/operators/treeEnsemble.ts";
import { addQuadratic, joinedRows } from "../../graph/operators/wideQuadratic.ts";
import { runConcat } from "../../program/run/concat.ts";
import { runTake } from "../../program/run/take.ts";
import { runTranspose } from "../../program/run/transpose.ts";
import { numWindows } from "../../program/window.ts";
import { elementCount, type Shape } from "../../tensor/shape.ts";
import { applyFunction } from "../realFunction.ts";
import type {
  Activation,
  ConcatStep,
  ContractStep,
  MaxPoolStep,
  RealId,
  RealStep,
  SoftmaxStep,
  SumStep,
  TakeStep,
  TreesStep,
  WideLinearStep,
  WideQuadraticStep,
  WindowSumStep,
} from "../realProgram.ts";
import { addLinear } from "./linear.ts";

/** The result of a step; `sums` are those before its activation, the result itself where there is none. */
export interface StepValues {
  readonly sums: Float32Array;
  readonly result: Float32Array;
}

export interface KnownValues {
  readonly of: (id: RealId) => Float32Array;
  readonly shapeOf: (id: RealId) => Shape;
  readonly batch: number;
}

/** Programs move 32-bit integers; real numbers of single precision are moved as their bits. */
const bitsOf = (x: Float32Array): Int32Array => new Int32Array(x.buffer, x.byteOffset, x.length);
const fromBits = (bits: Int32Array): Float32Array =>
  new Float32Array(bits.buffer, bits.byteOffset, bits.length);

function activated(sums: Float32Array, activation: Activation | null): StepValues {
  const result = activation === null ? sums : Float32Array.from(applyFunction(activation.function, sums));
  return { sums, result };
}

function sum(step: SumStep, { of, shapeOf, batch }: KnownValues): StepValues {
  const out = new Float64Array(batch * elementCount(step.shape));
  for (const part of step.parts) addLinear(out, of(part.input), part, shapeOf(part.input));
  for (const { input, factor } of step.terms) {
    const x = of(input);
    for (let j = 0; j < out.length; j++) out[j] += factor * x[j];
  }
  return activated(Float32Array.from(out), step.activation);
}

function take(x: Float32Array, shape: Shape, axis: number, indices: Int32Array, fill: number): Float32Array {
  const operator = {
    kind: "take",
    name: "",
    input: 0,
    output: 0,
    axis,
    indices,
    fill: bitsOf(Float32Array.of(fill))[0],
  } as const;
  return fromBits(runTake(bitsOf(x), operator, shape[axis], elementCount(shape.slice(axis + 1))));
}

function maxPool(step: MaxPoolStep, { of, shapeOf }: KnownValues): Float32Array {
  let values = of(step.input);
  let shape = [...shapeOf(step.input)];
  for (const { axis, taps } of step.axes) {
    const read = taps.map((indices) => take(values, shape, axis, indices, Number.NEGATIVE_INFINITY));
    values = read.reduce((left, right) => left.map((value, j) => Math.max(value, right[j])));
    shape = shape.map((length, at) => (at === axis ? taps[0].length : length));
  }
  return values;
}

function windowSum(step: WindowSumStep, { of, shapeOf }: KnownValues): Float32Array {
  let values = Float64Array.from(of(step.input), (value) => step.factor * value);
  let shape = [...shapeOf(step.input)];
  for (const axis of step.axes) {
    const length = shape[axis.axis];
    const windows = numWindows({ ...axis, length, dilation: 1 });
    const inner = elementCount(shape.slice(axis.axis + 1));
    const outer = values.length / (length * inner);
    const sums = new Float64Array(outer * windows * inner);
    for (let block = 0; block < outer * windows; block++) {
      const first = (block % windows) * axis.stride - axis.padBegin;
      const start = Math.floor(block / windows) * length;
      for (let k = Math.max(0, first); k < Math.min(first + axis.size, length); k++) {
        for (let j = 0; j < inner; j++) sums[block * inner + j] += values[(start + k) * inner + j];
      }
    }
    values = sums;
    shape = shape.map((old, at) => (at === axis.axis ? windows : old));
  }
  return Float32Array.from(values);
}

function concat({ inputs, axis }: ConcatStep, { of, shapeOf }: KnownValues): Float32Array {
  const blocks = inputs.map((id) => elementCount(shapeOf(id).slice(axis)));
  return fromBits(
    runConcat(
      inputs.map((id) => bitsOf(of(id))),
      blocks,
    ),
  );
}

function contract(step: ContractStep, { of, shapeOf }: KnownValues): Float32Array {
  const [left, right] = [of(step.left), of(step.right)];
  const [rows, length] = shapeOf(step.left).slice(-2);
  const columns = shapeOf(step.right).at(-2) ?? 1;
  const out = new Float32Array((left.length / length) * columns);
  for (let at = 0; at < out.length; at++) {
    const row = Math.floor(at / columns);
    const other = Math.floor(row / rows) * columns + (at % columns);
    let sum = 0;
    for (let k = 0; k < length; k++) sum += left[row * length + k] * right[other * length + k];
    out[at] = sum;
  }
  return out;
}

function argMax(x: Float32Array, length: number): Float32Array {
  return Float32Array.from({ length: x.length / length }, (_, row) => {
    const scores = x.subarray(row * length, (row + 1) * length);
    return scores.indexOf(scores.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY));
  });
}

function softmax({ input, axis, shape }: SoftmaxStep, { of }: KnownValues): Float32Array {
  const x = of(input);
  const out = new Float32Array(x.length);
  const length = shape[axis];
  const inner = elementCount(shape.slice(axis + 1));
  for (let line = 0; line < x.length / length; line++) {
    const start = Math.floor(line / inner) * length * inner + (line % inner);
    const at = Array.from({ length }, (_, j) => start + j * inner);
    const largest = at.reduce((most, j) => Math.max(most, x[j]), Number.NEGATIVE_INFINITY);
    const sum = at.reduce((total, j) => total + Math.exp(x[j] - largest), 0);
    for (const j of at) out[j] = Math.exp(x[j] - largest) / sum;
  }
  return out;
}

function taken({ input, axis, indices, fill }: TakeStep, { of, shapeOf }: KnownValues): Float32Array {
  return take(of(input), shapeOf(input), axis, indices, fill);
}

function trees(step: TreesStep, { of, shapeOf, batch }: KnownValues): Float32Array {
  const x = of(step.input);
  const length = elementCount(shapeOf(step.input));
  const numTargets = elementCount(step.shape);
  const out = new Float32Array(batch * numTargets);
  for (let row = 0; row < batch; row++) {
    const sums = new Float64Array(numTargets);
    addLeaves(x.subarray(row * length, (row + 1) * length), step, { ...step, numTargets }, sums);
    out.set(sums, row * numTargets);
  }
  return out;
}

function wideLinear(step: WideLinearStep, { of, batch }: KnownValues): Float32Array {
  const numOutputs = step.bias.length;
  const total = step.weight.length / numOutputs;
  const out = new Float64Array(batch * numOutputs).map((_, at) => step.bias[at % numOutputs]);
  let first = 0;
  step.inputs.forEach((id, i) => {
    const [x, columns] = [of(id), step.columns[i]];
    for (let at = 0; at < out.length; at++) {
      const row = Math.floor(at / numOutputs) * columns;
      const weights = (at % numOutputs) * total + first;
      for (let j = 0; j < columns; j++) out[at] += step.weight[weights + j] * x[row + j];
    }
    first += columns;
  });
  return Float32Array.from(out);
}

function wideQuadratic(step: WideQuadraticStep, known: KnownValues): Float32Array {
  const sums = Float64Array.from(wideLinear({ ...step, kind: "wideLinear" }, known));
  const x = joinedRows(step.inputs.map(known.of), step.columns);
  addQuadratic(sums, x, step.quadratic, step.weight.length / step.bias.length);
  return Float32Array.from(sums);
}

function only(result: Float32Array): StepValues {
  return { sums: result, result };
}

export function runStep(step: RealStep, known: KnownValues): StepValues {
  const { of, shapeOf, batch } = known;
  switch (step.kind) {
    case "sum":
      return sum(step, known);
    case "product": {
      const right = of(step.right);
      return activated(
        of(step.left).map((value, j) => value * right[j]),
        step.activation,
      );
    }
    case "contract":
      return activated(contract(step, known), step.activation);
    case "pairs": {
      const right = of(step.right);
      return only(of(step.left).map((value, j) => step.apply(value, right[j])));
    }
    case "divide": {
      const denominator = of(step.denominator);
      return only(of(step.numerator).map((value, j) => Math.floor(value / Math.max(1, denominator[j]))));
    }
    case "function":
      return only(Float32Array.from(applyFunction(step.function, of(step.input))));
    case "channelAffine": {
      const { factor, offset } = step;
      return only(
        of(step.input).map((value, j) => factor[j % factor.length] * value + offset[j % factor.length]),
      );
    }
    case "maxPool":
      return only(maxPool(step, known));
    case "max": {
      const right = of(step.right);
      return only(of(step.left).map((value, j) => Math.max(value, right[j])));
    }
    case "windowSum":
      return only(windowSum(step, known));
    case "take":
      return only(taken(step, known));
    case "transpose":
      return only(fromBits(runTranspose(bitsOf(of(step.input)), shapeOf(step.input), step.permutation)));
    case "concat":
      return only(concat(step, known));
    case "reshape":
      return only(of(step.input));
    case "constant":
      return only(
        Float32Array.from({ length: batch * step.data.length }, (_, j) => step.data[j % step.data.length]),
      );
    case "softmax":
      return only(softmax(step, known));
    case "wideLinear":
      return only(wideLinear(step, known));
    case "wideQuadratic":
      return only(wideQuadratic(step, known));
    case "trees":
      return only(trees(step, known));
    case "argmax":
      return only(argMax(of(step.input), shapeOf(step.input).at(-1) ?? 1));
  }
}
