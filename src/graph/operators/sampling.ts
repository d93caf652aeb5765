/** GridSample, AffineGrid and RoiAlign: elements between the elements of a plane. */

import { elementCount, type Shape, stridesOf } from "../../tensor/shape.ts";
import { elementTypeOf, zeros } from "../../tensor/tensor.ts";
import { attribute, floatAttribute, intAttribute } from "../attributes.ts";
import {
  type OperatorDefinition,
  requiredFacts,
  requiredIntegers,
  requiredTensor,
  shapeMismatch,
} from "../operator.ts";

/** An element beside a position and its share. */
interface Tap {
  readonly index: number;
  readonly share: number;
}

/** Keys' kernel: shares of the four elements around a position. */
export function cubicTaps(x: number, a: number): Tap[] {
  const floor = Math.floor(x);
  const t = x - floor;
  const near = (d: number): number => ((a + 2) * d - (a + 3)) * d * d + 1;
  const far = (d: number): number => ((a * d - 5 * a) * d + 8 * a) * d - 4 * a;
  return [far(1 + t), near(t), near(1 - t), far(2 - t)].map((share, i) => ({ index: floor - 1 + i, share }));
}

function linearTaps(x: number): Tap[] {
  const floor = Math.floor(x);
  return [
    { index: floor, share: 1 - (x - floor) },
    { index: floor + 1, share: x - floor },
  ];
}

const CUBIC = -0.75;

function tapsOf(mode: string, x: number): Tap[] {
  if (mode === "nearest") return [{ index: roundHalfEven(x), share: 1 }];
  return mode === "cubic" || mode === "bicubic" ? cubicTaps(x, CUBIC) : linearTaps(x);
}

function roundHalfEven(x: number): number {
  const lower = Math.floor(x);
  if (x - lower !== 0.5) return Math.round(x);
  return lower % 2 === 0 ? lower : lower + 1;
}

/** Folded back and forth between the two ends. */
function reflected(x: number, lo: number, hi: number): number {
  const span = hi - lo;
  if (span === 0) return lo;
  const turns = Math.abs(x - lo) % (2 * span);
  return lo + (turns > span ? 2 * span - turns : turns);
}

/** The element that an index outside stands for; null for 0. */
function padded(index: number, length: number, padding: string, aligns: boolean): number | null {
  if (index >= 0 && index < length) return index;
  if (padding === "zeros") return null;
  if (padding === "border") return Math.min(Math.max(index, 0), length - 1);
  const folded = aligns ? reflected(index, 0, length - 1) : reflected(index, -0.5, length - 0.5);
  return Math.min(Math.max(Math.round(folded), 0), length - 1);
}

/** Positions of the grid run from −1 to 1 over each axis, x first. */
export const gridSample: OperatorDefinition = {
  operator: "GridSample",
  infer(node, inputs) {
    const { shape, type } = requiredFacts(node, inputs, 0);
    const grid = requiredFacts(node, inputs, 1).shape;
    if (grid.length !== shape.length || grid[grid.length - 1] !== shape.length - 2)
      throw shapeMismatch(node, "has a grid that does not fit its input");
    return [{ shape: [shape[0], shape[1], ...grid.slice(1, -1)], type }];
  },
  evaluate(node, inputs, [outputShape]) {
    const input = requiredTensor(node, inputs, 0);
    const grid = requiredTensor(node, inputs, 1).data;
    const mode = attribute(node, "mode", "string") ?? "linear";
    const padding = attribute(node, "padding_mode", "string") ?? "zeros";
    const aligns = intAttribute(node, "align_corners", 0) === 1;
    const [samples, channels, ...spatial] = input.shape;
    const rank = spatial.length;
    const places = elementCount(outputShape.slice(2));
    const area = elementCount(spatial);
    const output = zeros(elementTypeOf(input), outputShape);
    for (let place = 0; place < samples * places; place++) {
      const taps = spatial.map((length, axis) => {
        const g = grid[place * rank + rank - 1 - axis];
        let x = aligns ? ((g + 1) / 2) * (length - 1) : ((g + 1) * length - 1) / 2;
        if (padding === "border") x = Math.min(Math.max(x, 0), length - 1);
        if (padding === "reflection")
          x = aligns ? reflected(x, 0, length - 1) : reflected(x, -0.5, length - 0.5);
        return tapsOf(mode, x);
      });
      const corners = cornersOf(taps, spatial, padding, aligns);
      const sample = Math.floor(place / places);
      for (let channel = 0; channel < channels; channel++) {
        const plane = (sample * channels + channel) * area;
        let sum = 0;
        for (const { index, share } of corners) sum += share * input.data[plane + index];
        output.data[(sample * channels + channel) * places + (place % places)] = sum;
      }
    }
    return [output];
  },
};

/** All combinations of one tap per axis, as positions in the plane. */
function cornersOf(taps: readonly Tap[][], spatial: Shape, padding: string, aligns: boolean): Tap[] {
  const strides = stridesOf(spatial);
  let corners: Tap[] = [{ index: 0, share: 1 }];
  taps.forEach((along, axis) => {
    corners = corners.flatMap((corner) =>
      along.flatMap(({ index, share }) => {
        const at = padded(index, spatial[axis], padding, aligns);
        return at === null ? [] : [{ index: corner.index + at * strides[axis], share: corner.share * share }];
      }),
    );
  });
  return corners;
}

/** Positions of an affine map for each element of an output [N, C, D…, H, W]. */
export const affineGrid: OperatorDefinition = {
  operator: "AffineGrid",
  infer(node, inputs) {
    const [samples, , ...spatial] = requiredIntegers(node, inputs, 1);
    return [{ shape: [samples, ...spatial, spatial.length], type: requiredFacts(node, inputs, 0).type }];
  },
  evaluate(node, inputs, [shape]) {
    const theta = requiredTensor(node, inputs, 0);
    const aligns = intAttribute(node, "align_corners", 0) === 1;
    const spatial = shape.slice(1, -1);
    const rank = spatial.length;
    const places = elementCount(spatial);
    const strides = stridesOf(spatial);
    const output = zeros(elementTypeOf(theta), shape);
    for (let at = 0; at < shape[0] * places; at++) {
      const place = at % places;
      // x first, as in the grid.
      const point = spatial
        .map((length, axis) => {
          const i = Math.floor(place / strides[axis]) % length;
          if (aligns) return length === 1 ? 0 : (2 * i) / (length - 1) - 1;
          return (2 * i + 1) / length - 1;
        })
        .reverse();
      for (let row = 0; row < rank; row++) {
        const from = (Math.floor(at / places) * rank + row) * (rank + 1);
        let sum = theta.data[from + rank];
        for (let k = 0; k < rank; k++) sum += theta.data[from + k] * point[k];
        output.data[at * rank + row] = sum;
      }
    }
    return [output];
  },
};

/** Averages (or maxima) of interpolated elements in each bin of each region. */
export const roiAlign: OperatorDefinition = {
  operator: "RoiAlign",
  infer(node, inputs) {
    const { shape, type } = requiredFacts(node, inputs, 0);
    const [count] = requiredFacts(node, inputs, 1).shape;
    const size = [intAttribute(node, "output_height", 1), intAttribute(node, "output_width", 1)];
    return [{ shape: [count, shape[1], ...size], type }];
  },
  evaluate(node, inputs, [outputShape]) {
    const [input, rois, batches] = [0, 1, 2].map((i) => requiredTensor(node, inputs, i));
    const [count, channels, height, width] = outputShape;
    const [, , rows, columns] = input.shape;
    const scale = floatAttribute(node, "spatial_scale", 1);
    const isOld =
      node.opset < 16 || attribute(node, "coordinate_transformation_mode", "string") === "output_half_pixel";
    const offset = isOld ? 0 : 0.5;
    const isMax = attribute(node, "mode", "string") === "max";
    const stated = intAttribute(node, "sampling_ratio", 0);
    const output = zeros(elementTypeOf(input), outputShape);
    for (let region = 0; region < count; region++) {
      const [x1, y1, x2, y2] = [0, 1, 2, 3].map((k) => rois.data[region * 4 + k] * scale - offset);
      const [tall, wide] = [y2 - y1, x2 - x1].map((length) => (isOld ? Math.max(length, 1) : length));
      const [binHeight, binWidth] = [tall / height, wide / width];
      const [down, across] = [stated || Math.ceil(binHeight), stated || Math.ceil(binWidth)];
      for (let at = 0; at < channels * height * width; at++) {
        const channel = Math.floor(at / (height * width));
        const [row, column] = [Math.floor(at / width) % height, at % width];
        const plane = (batches.data[region] * channels + channel) * rows * columns;
        const values: number[] = [];
        for (let k = 0; k < down * across; k++) {
          const y = y1 + binHeight * (row + (Math.floor(k / across) + 0.5) / down);
          const x = x1 + binWidth * (column + ((k % across) + 0.5) / across);
          const shares = bilinear(y, x, rows, columns);
          const terms = shares.map(({ index, share }) => share * input.data[plane + index]);
          values.push(
            isMax ? Math.max(...terms, terms.length === 0 ? 0 : terms[0]) : terms.reduce((a, b) => a + b, 0),
          );
        }
        const sum = values.reduce((a, b) => a + b, 0);
        output.data[region * channels * height * width + at] = isMax
          ? Math.max(...values)
          : sum / Math.max(values.length, 1);
      }
    }
    return [output];
  },
};

/** Four neighbours; none for a position more than one element outside. */
function bilinear(y: number, x: number, rows: number, columns: number): Tap[] {
  if (y < -1 || y > rows || x < -1 || x > columns) return [];
  const along = (position: number, length: number): Tap[] => {
    const at = Math.min(Math.max(position, 0), length - 1);
    const low = Math.min(Math.floor(at), length - 1);
    return [
      { index: low, share: 1 - (at - low) },
      { index: Math.min(low + 1, length - 1), share: at - low },
    ];
  };
  const vertical = along(y, rows);
  return vertical.flatMap((v) =>
    along(x, columns).map((h) => ({ index: v.index * columns + h.index, share: v.share * h.share })),
  );
}
