/** Where the samples of a resized axis lie on the original one, as ONNX's Resize defines it. */

import { attribute } from "../attributes.ts";
import type { Node } from "../node.ts";

/** One axis to be resized; `scale` is the stated one, from which the length was rounded down. */
export interface ResizedAxis {
  readonly from: number;
  readonly to: number;
  readonly scale: number;
}

/** The position, in elements of the original axis, of element `i` of the resized one. */
type Coordinates = (i: number, axis: ResizedAxis) => number;

const halfPixel: Coordinates = (i, { scale }) => (i + 0.5) / scale - 0.5;

const COORDINATES: ReadonlyMap<string, Coordinates> = new Map<string, Coordinates>([
  ["half_pixel", halfPixel],
  [
    "half_pixel_symmetric",
    (i, axis) => {
      const adjustment = axis.to / (axis.scale * axis.from);
      return (axis.from / 2) * (1 - adjustment) + halfPixel(i, axis);
    },
  ],
  ["pytorch_half_pixel", (i, axis) => (axis.to > 1 ? halfPixel(i, axis) : 0)],
  ["align_corners", (i, { from, to }) => (to > 1 ? (i * (from - 1)) / (to - 1) : 0)],
  ["asymmetric", (i, { scale }) => i / scale],
  ["tf_half_pixel_for_nn", (i, { scale }) => (i + 0.5) / scale],
]);

const ROUNDINGS: ReadonlyMap<string, (x: number) => number> = new Map([
  ["round_prefer_floor", (x: number) => Math.ceil(x - 0.5)],
  ["round_prefer_ceil", (x: number) => Math.floor(x + 0.5)],
  ["floor", Math.floor],
  ["ceil", Math.ceil],
]);

/** The first definition, in operator set 10, had one way of its own. */
function coordinateMode(node: Node): string {
  if (node.opset < 11) return "asymmetric";
  return attribute(node, "coordinate_transformation_mode", "string") ?? "half_pixel";
}

function nearestMode(node: Node): string {
  if (node.opset < 11) return "floor";
  return attribute(node, "nearest_mode", "string") ?? "round_prefer_floor";
}

export function coordinateProblem(node: Node): string | undefined {
  if (!COORDINATES.has(coordinateMode(node))) return `coordinate mode "${coordinateMode(node)}"`;
  return ROUNDINGS.has(nearestMode(node)) ? undefined : `nearest_mode "${nearestMode(node)}"`;
}

export function coordinatesOf(node: Node, axis: ResizedAxis): Float64Array {
  const coordinates = COORDINATES.get(coordinateMode(node)) ?? halfPixel;
  return Float64Array.from({ length: axis.to }, (_, i) => coordinates(i, axis));
}

/** For every element of the resized axis the one that it copies. */
export function nearestIndices(node: Node, axis: ResizedAxis): Int32Array {
  const round = ROUNDINGS.get(nearestMode(node)) ?? Math.floor;
  const positions = coordinatesOf(node, axis);
  return Int32Array.from(positions, (x) => Math.min(Math.max(round(x), 0), axis.from - 1));
}
