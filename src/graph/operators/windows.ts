/** The attributes that Conv, ConvTranspose and the pools share: kernel_shape, strides, dilations, pads, auto_pad. */

import { TensorproofError } from "../../errors/tensorproofError.ts";
import { formatShape, type Shape } from "../../tensor/shape.ts";
import { attribute, intAttribute } from "../attributes.ts";
import type { Node } from "../node.ts";
import { shapeMismatch } from "../operator.ts";
import { maxRuns, type WindowAxis } from "./windowRuns.ts";

/** Longer than any tensor, and short enough for sums and products of lengths to be exact. */
export const MAX_REACH: number = 2 ** 31;
/** Far more than networks have, and little enough to be listed. */
const MAX_RUNS = 2 ** 20;

export interface WindowSettings {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** `undefined` where `autoPad` decides. */
  readonly pads: readonly number[] | undefined;
  readonly autoPad: AutoPad;
}

type AutoPad = "NOTSET" | "VALID" | "SAME_UPPER" | "SAME_LOWER";
const AUTO_PADS: readonly string[] = ["NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER"];

/** Why the padding mode of a node is not supported. */
export function autoPadProblem(node: Node): string | undefined {
  const mode = attribute(node, "auto_pad", "string") ?? "NOTSET";
  return AUTO_PADS.includes(mode) ? undefined : `auto_pad "${mode}"`;
}

/** Throws `model.shapeMismatch` for lists of a wrong length or with numbers that make no sense. */
export function windowSettings(node: Node, kernel: Shape): WindowSettings {
  const rank = kernel.length;
  const list = (name: string, length: number, least: number): readonly number[] | undefined => {
    const given = attribute(node, name, "ints");
    if (given === undefined || given.length === 0) return undefined;
    if (given.length !== length || given.some((x) => !Number.isSafeInteger(x) || x < least || x > MAX_REACH))
      throw shapeMismatch(node, `${name} ${formatShape(given)} does not fit ${rank} spatial axes`);
    return given;
  };
  if (rank === 0 || kernel.some((length) => !(length >= 1) || length > MAX_REACH))
    throw shapeMismatch(node, `has a kernel of shape ${formatShape(kernel)}`);
  const autoPad = (attribute(node, "auto_pad", "string") ?? "NOTSET") as AutoPad;
  const ones = kernel.map(() => 1);
  const dilations = list("dilations", rank, 1) ?? ones;
  if (kernel.some((length, axis) => (length - 1) * dilations[axis] >= MAX_REACH))
    throw shapeMismatch(node, `dilations ${formatShape(dilations)} reach too far`);
  return {
    kernel,
    strides: list("strides", rank, 1) ?? ones,
    dilations,
    pads: autoPad === "NOTSET" ? (list("pads", 2 * rank, 0) ?? [...ones, ...ones].fill(0)) : undefined,
    autoPad,
  };
}

/** How far the positions of one window reach. */
export function extentOf({ kernel, dilations }: WindowSettings, axis: number): number {
  return (kernel[axis] - 1) * dilations[axis] + 1;
}

/** `total` padding on the two ends of an axis. */
export function splitPadding(total: number, more: "begin" | "end"): { begin: number; end: number } {
  const less = Math.floor(total / 2);
  return more === "end" ? { begin: less, end: total - less } : { begin: total - less, end: less };
}

/** The windows of a convolution or a pool over an input of spatial shape `spatial`. */
export function windowAxes(node: Node, spatial: Shape, settings: WindowSettings): readonly WindowAxis[] {
  if (spatial.length !== settings.kernel.length) {
    throw shapeMismatch(
      node,
      `a kernel of shape ${formatShape(settings.kernel)} does not fit spatial axes ${formatShape(spatial)}`,
    );
  }
  const roundUp = intAttribute(node, "ceil_mode", 0) === 1;
  return checkedAxes(
    node,
    spatial.map((length, axis) => windowAxis(length, axis, settings, roundUp)),
  );
}

function windowAxis(length: number, axis: number, settings: WindowSettings, roundUp: boolean): WindowAxis {
  const { kernel, strides, dilations, pads, autoPad } = settings;
  const stride = strides[axis];
  const extent = extentOf(settings, axis);
  const shared = { length, kernel: kernel[axis], stride, dilation: dilations[axis] };
  if (autoPad === "SAME_UPPER" || autoPad === "SAME_LOWER") {
    const windows = Math.ceil(length / stride);
    const total = Math.max(0, (windows - 1) * stride + extent - length);
    const { begin, end } = splitPadding(total, autoPad === "SAME_UPPER" ? "end" : "begin");
    return { ...shared, windows, padBegin: begin, padEnd: end };
  }
  const padBegin = pads?.[axis] ?? 0;
  const padEnd = pads?.[axis + kernel.length] ?? 0;
  const room = length + padBegin + padEnd - extent;
  let windows = (roundUp ? Math.ceil(room / stride) : Math.floor(room / stride)) + 1;
  // A window that would begin in the padding at the end is left out.
  if (roundUp && (windows - 1) * stride >= length + padBegin) windows--;
  return { ...shared, windows: room < 0 ? 0 : windows, padBegin, padEnd };
}

/** Throws for windows that do not fit or are too many. */
export function checkedAxes(node: Node, axes: readonly WindowAxis[]): readonly WindowAxis[] {
  if (axes.some(({ windows, length }) => windows < 1 || length < 1)) {
    const shape = formatShape(axes.map(({ length }) => length));
    throw shapeMismatch(
      node,
      `a kernel of ${axes.map(({ kernel }) => kernel).join("×")} does not fit ${shape}`,
    );
  }
  if (maxRuns(axes) > MAX_RUNS)
    throw new TensorproofError("model.tooLarge", "has too many windows", { where: node.name });
  return axes;
}
