/** TFLite operators on parts of a tensor: reductions, padding, slices, splits and resizing. */

import { floatTensor } from "../../tensor/tensor.ts";
import type { Conversion, ConversionStep } from "./conversion.ts";
import {
  MIRROR_PAD_OPTIONS,
  PACK_OPTIONS,
  REDUCER_OPTIONS,
  RESIZE_BILINEAR_OPTIONS,
  RESIZE_NEAREST_OPTIONS,
} from "./schema.ts";
import { TO_CHANNELS_FIRST, TO_CHANNELS_LAST } from "./windows.ts";

export function reduction(operator: "ReduceMean" | "ReduceSum" | "ReduceMax" | "ReduceMin"): Conversion {
  return (step) => {
    const axes = step.integers(1);
    if (axes === undefined) return "its axes are not constants";
    const keep = step.operator.options?.boolean(REDUCER_OPTIONS.keepDims) ? 1 : 0;
    const keepdims = { type: "int", value: keep } as const;
    const asInput = operator === "ReduceSum";
    const inputs = [step.input(0), ...(asInput ? [step.integerConstant("axes", axes)] : [])];
    const attributes = asInput ? { keepdims } : { keepdims, axes: { type: "ints", value: axes } as const };
    step.emit(operator, inputs, step.output, attributes);
    return undefined;
  };
}

/** The pairs of a constant [rank, 2], as ONNX lists them: all beginnings, then all ends. */
function padsOf(step: ConversionStep): string | undefined {
  const pairs = step.integers(1);
  if (pairs === undefined || pairs.length % 2 !== 0) return undefined;
  const begins = pairs.filter((_, i) => i % 2 === 0);
  const ends = pairs.filter((_, i) => i % 2 === 1);
  return step.integerConstant("pads", [...begins, ...ends]);
}

/** PAD and PADV2, which names the value. */
export const pad: Conversion = (step) => {
  if (step.input(2) !== "" && step.tensor(2)?.constant === undefined) return "its value is not a constant";
  const pads = padsOf(step);
  if (pads === undefined) return "its pads are not constants";
  const value = step.input(2);
  step.emit("Pad", [step.input(0), pads, ...(value === "" ? [] : [value])], step.output);
  return undefined;
};

const SYMMETRIC = 1;

export const mirrorPad: Conversion = (step) => {
  if (step.operator.options?.int8(MIRROR_PAD_OPTIONS.mode) === SYMMETRIC)
    return "it repeats the outermost elements";
  const pads = padsOf(step);
  if (pads === undefined) return "its pads are not constants";
  step.emit("Pad", [step.input(0), pads], step.output, { mode: { type: "string", value: "reflect" } });
  return undefined;
};

/** A size of −1 reaches to the end. Axes taken whole are left out, because the batch is written down as 1. */
export const slice: Conversion = (step) => {
  const begins = step.integers(1);
  const sizes = step.integers(2);
  if (begins === undefined || sizes?.length !== begins.length) return "its bounds are not constants";
  const shape = step.tensor(0)?.shape ?? [];
  const cut = [...begins.keys()].filter((axis) => begins[axis] !== 0 || sizes[axis] !== shape[axis]);
  const ends = cut.map((axis) => (sizes[axis] < 0 ? Number.MAX_SAFE_INTEGER : begins[axis] + sizes[axis]));
  const bounds = [
    step.integerConstant(
      "from",
      cut.map((axis) => begins[axis]),
    ),
    step.integerConstant("to", ends),
    step.integerConstant("axes", cut),
  ];
  step.emit("Slice", [step.input(0), ...bounds], step.output);
  return undefined;
};

/** Equal parts; the axis comes first. */
export const split: Conversion = (step) => {
  const axis = step.integers(0)?.[0];
  return axis === undefined ? "its axis is not a constant" : emitSplit(step, 1, axis, []);
};

export const splitV: Conversion = (step) => {
  const axis = step.integers(2)?.[0];
  const sizes = step.integers(1);
  if (axis === undefined || sizes === undefined || sizes.includes(-1))
    return "its axis and sizes are not all stated";
  return emitSplit(step, 0, axis, [step.integerConstant("sizes", sizes)]);
};

function emitSplit(step: ConversionStep, data: number, axis: number, sizes: readonly string[]): undefined {
  step.emitAll("Split", [step.input(data), ...sizes], step.outputs, { axis: { type: "int", value: axis } });
}

/** The slices along an axis, without that axis. */
export const unpack: Conversion = (step) => {
  const axis = step.operator.options?.int32(PACK_OPTIONS.axis) ?? 0;
  const parts = step.outputs.map((_, i) => step.intermediate(`part${i}`));
  step.emitAll("Split", [step.input(0)], parts, { axis: { type: "int", value: axis } });
  const axes = step.integerConstant("axes", [axis]);
  step.outputs.forEach((output, i) => {
    step.emit("Squeeze", [parts[i], axes], output);
  });
  return undefined;
};

export function resize(mode: "linear" | "nearest"): Conversion {
  const fields = mode === "linear" ? RESIZE_BILINEAR_OPTIONS : RESIZE_NEAREST_OPTIONS;
  return (step) => {
    const { options } = step.operator;
    const shape = step.tensor(0)?.shape ?? [];
    const size = step.integers(1);
    if (shape.length !== 4 || size?.length !== 2) return "its size is not a constant";
    const alignCorners = options?.boolean(fields.alignCorners) ?? false;
    const halfPixels = options?.boolean(fields.halfPixelCenters) ?? false;
    const nearestHalf = mode === "linear" ? "half_pixel" : "tf_half_pixel_for_nn";
    const coordinates = alignCorners ? "align_corners" : halfPixels ? nearestHalf : "asymmetric";
    const turned = step.turned(0, TO_CHANNELS_FIRST, "channelsFirst");
    const none = step.constant("scales", floatTensor([0], []));
    const sizes = step.integerConstant("sizes", [shape[0], shape[3], ...size]);
    const resized = step.intermediate("resized");
    step.emit("Resize", [turned, "", none, sizes], resized, {
      mode: { type: "string", value: mode },
      coordinate_transformation_mode: { type: "string", value: coordinates },
      nearest_mode: { type: "string", value: alignCorners ? "round_prefer_ceil" : "floor" },
    });
    step.emit("Transpose", [resized], step.output, { perm: { type: "ints", value: TO_CHANNELS_LAST } });
    return undefined;
  };
}
