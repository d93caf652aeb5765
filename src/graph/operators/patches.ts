/** Col2Im, MaxUnpool and DeformConv: patches put back into planes, and windows whose taps are moved by data. */

import { elementCount, type Shape } from "../../tensor/shape.ts";
import { elementTypeOf, type Tensor, zeros } from "../../tensor/tensor.ts";
import { attribute, intAttribute } from "../attributes.ts";
import type { Node } from "../node.ts";
import { type OperatorDefinition, requiredFacts, requiredIntegers, requiredTensor } from "../operator.ts";
import { windowAxes, windowSettings } from "./windows.ts";

/** Sums of columns [N, C·K, L] at the places of the image that their windows cover. */
export const col2Im: OperatorDefinition = {
  operator: "Col2Im",
  infer(node, inputs) {
    const { shape, type } = requiredFacts(node, inputs, 0);
    const image = requiredIntegers(node, inputs, 1);
    const block = requiredIntegers(node, inputs, 2);
    return [{ shape: [shape[0], shape[1] / elementCount(block), ...image], type }];
  },
  evaluate(node, inputs, [outputShape]) {
    const input = requiredTensor(node, inputs, 0);
    const block = Array.from(requiredTensor(node, inputs, 2).data);
    const [samples, channels, ...image] = outputShape;
    const windows = windowAxes(node, image, windowSettings(node, block));
    const places = windows.map((axis) => axis.windows);
    const [numTaps, numPlaces, area] = [elementCount(block), elementCount(places), elementCount(image)];
    const output = zeros(elementTypeOf(input), outputShape);
    for (let plane = 0; plane < samples * channels; plane++) {
      for (let tap = 0; tap < numTaps; tap++) {
        for (let place = 0; place < numPlaces; place++) {
          let [restOfTap, restOfPlace, stride, at] = [tap, place, 1, 0];
          for (let axis = image.length - 1; axis >= 0 && at >= 0; axis--) {
            const { stride: step, dilation, padBegin } = windows[axis];
            const index =
              (restOfPlace % places[axis]) * step + (restOfTap % block[axis]) * dilation - padBegin;
            restOfPlace = Math.floor(restOfPlace / places[axis]);
            restOfTap = Math.floor(restOfTap / block[axis]);
            at = index < 0 || index >= image[axis] ? -1 : at + index * stride;
            stride *= image[axis];
          }
          if (at >= 0)
            output.data[plane * area + at] += input.data[(plane * numTaps + tap) * numPlaces + place];
        }
      }
    }
    return [output];
  },
};

function unpooledShape(node: Node, shape: Shape): number[] {
  const kernel = attribute(node, "kernel_shape", "ints") ?? [];
  const strides = attribute(node, "strides", "ints") ?? kernel.map(() => 1);
  const pads = attribute(node, "pads", "ints") ?? [...kernel, ...kernel].fill(0);
  const spatial = kernel.map(
    (size, axis) => (shape[axis + 2] - 1) * strides[axis] + size - pads[axis] - pads[axis + kernel.length],
  );
  return [shape[0], shape[1], ...spatial];
}

/** Elements at the places in the whole tensor that their indices name, 0 elsewhere. */
export const maxUnpool: OperatorDefinition = {
  operator: "MaxUnpool",
  infer(node, inputs) {
    const { shape, type } = requiredFacts(node, inputs, 0);
    const stated = inputs[2] === undefined ? undefined : requiredIntegers(node, inputs, 2);
    return [{ shape: stated ?? unpooledShape(node, shape), type }];
  },
  evaluate(node, inputs, [outputShape]) {
    const input = requiredTensor(node, inputs, 0);
    const indices = requiredTensor(node, inputs, 1).data;
    const given = unpooledShape(node, input.shape);
    const output = zeros(elementTypeOf(input), outputShape);
    // Indices count in the tensor that the strides give; a stated shape may be wider.
    indices.forEach((index, i) => {
      let [rest, at, stride] = [index, 0, 1];
      for (let axis = given.length - 1; axis >= 0; axis--) {
        at += (rest % given[axis]) * stride;
        rest = Math.floor(rest / given[axis]);
        stride *= outputShape[axis];
      }
      output.data[at] = input.data[i];
    });
    return [output];
  },
};

/** The plane at a position between its elements; 0 outside. */
function between(
  data: Tensor["data"],
  plane: number,
  rows: number,
  columns: number,
  y: number,
  x: number,
): number {
  const [top, left] = [Math.floor(y), Math.floor(x)];
  let sum = 0;
  for (const [row, vertical] of [
    [top, 1 - (y - top)],
    [top + 1, y - top],
  ]) {
    for (const [column, horizontal] of [
      [left, 1 - (x - left)],
      [left + 1, x - left],
    ]) {
      if (row < 0 || row >= rows || column < 0 || column >= columns) continue;
      sum += vertical * horizontal * data[plane + row * columns + column];
    }
  }
  return sum;
}

/** A convolution over two spatial axes whose taps are moved by offsets and weighed by a mask. */
export const deformConv: OperatorDefinition = {
  operator: "DeformConv",
  unsupported: (node) =>
    (attribute(node, "kernel_shape", "ints") ?? [1, 1]).length === 2
      ? undefined
      : "other than two spatial axes",
  infer(node, inputs) {
    const { shape, type } = requiredFacts(node, inputs, 0);
    const weight = requiredFacts(node, inputs, 1).shape;
    const windows = windowAxes(node, shape.slice(2), windowSettings(node, weight.slice(2)));
    return [{ shape: [shape[0], weight[0], ...windows.map((axis) => axis.windows)], type }];
  },
  evaluate(node, inputs, [outputShape]) {
    const [input, weight, offsets] = [0, 1, 2].map((i) => requiredTensor(node, inputs, i));
    const [bias, mask] = [inputs[3]?.data, inputs[4]?.data];
    const [, channels, rows, columns] = input.shape;
    const [numOutputs, perGroup, tall, wide] = weight.shape;
    const groups = intAttribute(node, "group", 1);
    const offsetGroups = intAttribute(node, "offset_group", 1);
    const [down, across] = windowAxes(node, [rows, columns], windowSettings(node, [tall, wide]));
    const [, , height, width] = outputShape;
    const [taps, area] = [tall * wide, height * width];
    const output = zeros(elementTypeOf(input), outputShape);
    for (let at = 0; at < output.data.length; at++) {
      const sample = Math.floor(at / (numOutputs * area));
      const m = Math.floor(at / area) % numOutputs;
      const [row, column] = [Math.floor(at / width) % height, at % width];
      let sum = bias?.[m] ?? 0;
      for (let c = 0; c < perGroup; c++) {
        const channel = Math.floor(m / (numOutputs / groups)) * perGroup + c;
        const group = Math.floor(channel / (channels / offsetGroups));
        for (let tap = 0; tap < taps; tap++) {
          const place = row * width + column;
          const offset = ((sample * offsetGroups + group) * taps + tap) * 2 * area + place;
          const y =
            row * down.stride + Math.floor(tap / wide) * down.dilation - down.padBegin + offsets.data[offset];
          const x =
            column * across.stride +
            (tap % wide) * across.dilation -
            across.padBegin +
            offsets.data[offset + area];
          const share = mask?.[((sample * offsetGroups + group) * taps + tap) * area + place] ?? 1;
          const plane = (sample * channels + channel) * rows * columns;
          sum +=
            share *
            weight.data[(m * perGroup + c) * taps + tap] *
            between(input.data, plane, rows, columns, y, x);
        }
      }
      output.data[at] = sum;
    }
    return [output];
  },
};
