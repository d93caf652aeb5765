/** TFLite operators that move elements or compute shapes. */

import type { Conversion } from "./conversion.ts";
import {
  ACTIVATION,
  CONCATENATION_OPTIONS,
  PACK_OPTIONS,
  RESHAPE_OPTIONS,
  SQUEEZE_OPTIONS,
  STRIDED_SLICE_OPTIONS,
} from "./schema.ts";

export const reshape: Conversion = (step) => {
  const fixed = step.operator.options?.int32s(RESHAPE_OPTIONS.newShape);
  const given = step.input(1);
  if (given === "" && fixed === undefined) return "it has no target shape";
  const target = given === "" ? step.integerConstant("shape", fixed ?? []) : given;
  step.emit("Reshape", [step.input(0), target], step.output);
  return undefined;
};

export const expandDims: Conversion = (step) => {
  const axis = step.integers(1)?.[0];
  if (axis === undefined) return "its axis is not a constant";
  step.emit("Unsqueeze", [step.input(0), step.integerConstant("axes", [axis])], step.output);
  return undefined;
};

export const squeeze: Conversion = (step) => {
  const axes = step.operator.options?.int32s(SQUEEZE_OPTIONS.axes) ?? [];
  const inputs = axes.length === 0 ? [] : [step.integerConstant("axes", axes)];
  step.emit("Squeeze", [step.input(0), ...inputs], step.output);
  return undefined;
};

export const transpose: Conversion = (step) => {
  const order = step.integers(1);
  if (order === undefined) return "its order of axes is not a constant";
  step.emit("Transpose", [step.input(0)], step.output, { perm: { type: "ints", value: order } });
  return undefined;
};

export const shape: Conversion = (step) => {
  step.emit("Shape", [step.input(0)], step.output);
  return undefined;
};

/** Stacks its inputs along a new axis. */
export const pack: Conversion = (step) => {
  const axis = step.operator.options?.int32(PACK_OPTIONS.axis) ?? 0;
  const axes = step.integerConstant("axes", [axis]);
  const parts = step.operator.inputs.map((_, i) => {
    const part = step.intermediate(`part${i}`);
    step.emit("Unsqueeze", [step.input(i), axes], part);
    return part;
  });
  step.emit("Concat", parts, step.output, { axis: { type: "int", value: axis } });
  return undefined;
};

export const concatenation: Conversion = (step) => {
  const { options } = step.operator;
  if ((options?.int8(CONCATENATION_OPTIONS.activation) ?? 0) !== ACTIVATION.none)
    return "it has a fused activation";
  const axis = options?.int32(CONCATENATION_OPTIONS.axis) ?? 0;
  const parts = step.operator.inputs.map((_, i) => step.input(i));
  step.emit("Concat", parts, step.output, { axis: { type: "int", value: axis } });
  return undefined;
};

const TO_THE_END = Number.MAX_SAFE_INTEGER;

/** Python slices: bits of the masks leave a bound open or take a single index and drop its axis. */
export const stridedSlice: Conversion = (step) => {
  const { options } = step.operator;
  const mask = (id: number): number => options?.int32(id) ?? 0;
  if (mask(STRIDED_SLICE_OPTIONS.ellipsisMask) !== 0 || mask(STRIDED_SLICE_OPTIONS.newAxisMask) !== 0) {
    return "it inserts axes or an ellipsis";
  }
  const begins = step.integers(1);
  const ends = step.integers(2);
  const strides = step.integers(3);
  if (begins === undefined || ends?.length !== begins.length || strides?.length !== begins.length) {
    return "its bounds are not constants";
  }
  const has = (id: number, axis: number): boolean => (mask(id) & (1 << axis)) !== 0;
  const dropped: number[] = [];
  const from: number[] = [];
  const to: number[] = [];
  begins.forEach((begin, axis) => {
    const backwards = strides[axis] < 0;
    if (has(STRIDED_SLICE_OPTIONS.shrinkAxisMask, axis)) {
      dropped.push(axis);
      from.push(begin);
      to.push(begin === -1 ? TO_THE_END : begin + 1);
      return;
    }
    from.push(has(STRIDED_SLICE_OPTIONS.beginMask, axis) ? (backwards ? TO_THE_END : 0) : begin);
    to.push(has(STRIDED_SLICE_OPTIONS.endMask, axis) ? (backwards ? -TO_THE_END : TO_THE_END) : ends[axis]);
  });
  const bounds = [
    step.integerConstant("from", from),
    step.integerConstant("to", to),
    step.integerConstant("axes", [...begins.keys()]),
    step.integerConstant(
      "steps",
      strides.map((stride, axis) => (dropped.includes(axis) ? 1 : stride)),
    ),
  ];
  const slice = dropped.length === 0 ? step.output : step.intermediate("slice");
  step.emit("Slice", [step.input(0), ...bounds], slice);
  if (dropped.length > 0)
    step.emit("Squeeze", [slice, step.integerConstant("dropped", dropped)], step.output);
  return undefined;
};
