/** Steps that move integers, add them or compare them: their results keep the scale of what they read. */

import { TensorproofError } from "../../errors/tensorproofError.ts";
import { farthestFromZero, weightRange } from "../integerLinear.ts";
import type {
  ConcatStep,
  ConstantStep,
  MaxPoolStep,
  MaxStep,
  RealId,
  TakeStep,
  WindowSumStep,
} from "../realProgram.ts";
import type { Emission, Emitted } from "./emission.ts";
import { emitRequantise, IDENTITY } from "./requantise.ts";

/** A constant tensor at this scale. */
export function emitConstantAt(emission: Emission, step: ConstantStep, scale: number): Emitted {
  const data = Int32Array.from(step.data, (value) => Math.round(value / scale));
  const farthest = data.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  const { hi } = weightRange(2 + Math.floor(Math.log2(farthest)));
  const constant = {
    name: step.name,
    shape: step.shape,
    range: { lo: -hi, hi },
    quant: { scale, zeroPoint: 0 },
    data,
  };
  const id = emission.addConstant(constant);
  return emission.add({ kind: "constant", name: step.name, constant: id }, { name: step.result, scale });
}

/** A constant tensor at the finest scale that 12 bits allow. */
export function emitConstant(emission: Emission, step: ConstantStep): Emitted {
  const farthest = farthestFromZero(step.data);
  return emitConstantAt(emission, step, farthest > 0 ? farthest / weightRange(12).hi : 1);
}

/** Integers of a constant that is compared or joined. */
const MAX_CONSTANT = 2 ** 15;

/** What has been emitted for a value, requantised if its scale is another one. */
function atScale(emission: Emission, id: RealId, scale: number, where: string): Emitted {
  const constant = emission.constantStep(id);
  if (constant !== undefined && farthestFromZero(constant.data) / scale < MAX_CONSTANT)
    return emitConstantAt(emission, constant, scale);
  const input = emission.of(id);
  if (input.tensor.quant.scale === scale) return input;
  const bits = emission.options.activationBits;
  const isSigned = input.tensor.range.lo < 0;
  const range = isSigned ? { lo: -(2 ** (bits - 1)), hi: 2 ** (bits - 1) - 1 } : { lo: 0, hi: 2 ** bits - 1 };
  const name = `${input.tensor.name} (rescaled)`;
  const form = { range, quant: { scale, zeroPoint: 0 } };
  const rescaled = emitRequantise(emission, { name, result: name }, input, IDENTITY, form, 1);
  if (rescaled !== null) return rescaled;
  const message = `node "${where}": "${input.tensor.name}" cannot be brought to the scale of what it is joined with`;
  throw new TensorproofError("program.rangeTooLarge", message, { where: `node "${where}"` });
}

/** The scale on which all agreed, or the coarsest. */
function commonScale(emission: Emission, step: ConcatStep | MaxStep, inputs: readonly RealId[]): number {
  if (step.exact === true) return 1;
  const known = emission.groups.get(step.id);
  if (known !== undefined) return known;
  // Constants take the scale of what they are joined with, and what is 0 throughout any.
  const deciding = inputs.filter(
    (id) => emission.constantStep(id) === undefined && emission.of(id).q.some((q) => q !== 0),
  );
  const scales = (deciding.length > 0 ? deciding : inputs).map((id) => emission.of(id).tensor.quant.scale);
  return Math.max(...scales);
}

export function emitConcat(emission: Emission, step: ConcatStep, name: string): Emitted {
  const scale = commonScale(emission, step, step.inputs);
  const inputs = step.inputs.map((id) => atScale(emission, id, scale, step.name).id);
  return emission.add({ kind: "concat", name: step.name, inputs, axis: step.axis }, { name, scale });
}

export function emitMax(emission: Emission, step: MaxStep, name: string): Emitted {
  const scale = commonScale(emission, step, [step.left, step.right]);
  const [left, right] = [step.left, step.right].map((id) => atScale(emission, id, scale, step.name).id);
  return emission.add({ kind: "max", name: step.name, left, right }, { name, scale });
}

export function emitTake(emission: Emission, step: TakeStep, name: string): Emitted {
  const input = emission.of(step.input);
  const fill = Math.round(step.fill / input.tensor.quant.scale);
  const { axis, indices } = step;
  return emission.add(
    { kind: "take", name: step.name, input: input.id, axis, indices, fill },
    { name, scale: null },
  );
}

/** The largest over all entries of an axis: halves against each other. */
export function emitMaxOfAxis(emission: Emission, node: string, input: Emitted, axis: number): Emitted {
  let current = input;
  while (current.tensor.shape[axis] > 1) {
    const length = current.tensor.shape[axis];
    const half = Math.ceil(length / 2);
    const part = (what: string, first: number): Emitted => {
      const indices = Int32Array.from({ length: half }, (_, j) => first + j);
      const name = `${node} (${what} of ${length} along axis ${axis})`;
      return emission.add(
        { kind: "take", name, input: current.id, axis, indices, fill: 0 },
        { name, scale: null },
      );
    };
    const [left, right] = [part("first half", 0), part("last half", length - half)];
    const name = `${node} (${half} along axis ${axis})`;
    current = emission.add(
      { kind: "max", name, left: left.id, right: right.id },
      { name, scale: current.tensor.quant.scale },
    );
  }
  return current;
}

const coversAxis = (taps: readonly Int32Array[], length: number): boolean =>
  taps.length === length && taps.every((indices, k) => indices.length === 1 && indices[0] === k);

export function emitMaxPool(emission: Emission, step: MaxPoolStep, name: string): Emitted {
  let current = emission.of(step.input);
  const { scale } = current.tensor.quant;
  if (step.axes.length === 0) {
    const { shape } = step;
    return emission.add(
      { kind: "reshape", name: step.name, input: current.id },
      { name, scale: null, shape },
    );
  }
  step.axes.forEach(({ axis, taps }, at) => {
    const isLastAxis = at === step.axes.length - 1;
    if (coversAxis(taps, current.tensor.shape[axis]) && taps.length > 1) {
      current = emitMaxOfAxis(emission, step.name, current, axis);
      return;
    }
    // Outside the input stands the least integer that there is, which is never larger than another.
    const fill = current.tensor.range.lo;
    const source = current;
    taps.forEach((indices, k) => {
      const takeName = `${step.name} (position ${k} along axis ${axis})`;
      const isFilled = indices.includes(-1);
      const taken = emission.add(
        { kind: "take", name: takeName, input: source.id, axis, indices, fill: isFilled ? fill : 0 },
        { name: takeName, scale: null },
      );
      if (k === 0) {
        current = taken;
        return;
      }
      const isLast = isLastAxis && k === taps.length - 1;
      const maxName = `${step.name} (up to position ${k} along axis ${axis})`;
      current = emission.add(
        { kind: "max", name: isLast ? step.name : maxName, left: current.id, right: taken.id },
        { name: isLast ? name : maxName, scale },
      );
    });
  });
  return current;
}

/** The sum of k integers at scale s means their mean at scale s / k: nothing is rounded. */
export function emitWindowSum(emission: Emission, step: WindowSumStep, name: string): Emitted {
  let current = emission.of(step.input);
  const { scale } = current.tensor.quant;
  if (step.axes.length === 0) {
    const operator = {
      kind: "combine",
      name: step.name,
      inputs: [current.id],
      factors: [1],
      offset: 0,
    } as const;
    return emission.add(operator, { name, scale: scale * step.factor });
  }
  step.axes.forEach((window, at) => {
    const isLast = at === step.axes.length - 1;
    const partial = `${step.name} (along axis ${window.axis})`;
    current = emission.add(
      { kind: "windowSum", name: isLast ? step.name : partial, input: current.id, ...window },
      { name: isLast ? name : partial, scale: isLast ? scale * step.factor : scale },
    );
  });
  return current;
}
