import type { Conv, ProgramConstant } from "../program.ts";
import { biasRows } from "./accumulators.ts";
import { type ConvGeometry, convGeometry, isPointwise } from "./convGeometry.ts";
import { tapPositions } from "./convTaps.ts";
import { addDots } from "./dots.ts";

/** Integers of gathered input that the dot products then read again and again: few enough for the cache. */
const PATCH_INTEGERS = 2 ** 14;

/** One input channel per group: the products of a tap go to all channels at once, so nothing is gathered. */
function addDepthwise(out: Int32Array, input: Int32Array, geometry: ConvGeometry, w: Int32Array): void {
  const { numChannels, numOutputs, inputPositions, outputPositions } = geometry;
  const numTaps = w.length / numOutputs;
  const perChannel = numOutputs / numChannels;
  const byTap = new Int32Array(w.length);
  for (let m = 0; m < numOutputs; m++) {
    for (let tap = 0; tap < numTaps; tap++) byTap[tap * numOutputs + m] = w[m * numTaps + tap];
  }
  const taps = new Int32Array(numTaps);
  for (let position = 0; position < out.length / numOutputs; position++) {
    const sample = Math.floor(position / outputPositions);
    tapPositions(geometry, position % outputPositions, taps);
    const at = position * numOutputs;
    for (let tap = 0; tap < numTaps; tap++) {
      if (taps[tap] < 0) continue;
      const from = (sample * inputPositions + taps[tap]) * numChannels;
      const weights = tap * numOutputs;
      if (perChannel === 1) {
        for (let c = 0; c < numChannels; c++) out[at + c] += Math.imul(input[from + c], byTap[weights + c]);
        continue;
      }
      for (let m = 0; m < numOutputs; m++) {
        out[at + m] += Math.imul(input[from + Math.floor(m / perChannel)], byTap[weights + m]);
      }
    }
  }
}

/** Gathers what the windows of some output positions read of one group, then takes dot products. */
function addGathered(
  out: Int32Array,
  input: Int32Array,
  geometry: ConvGeometry,
  w: Int32Array,
  group: number,
): void {
  const { numChannels, groupChannels, groups, inputPositions, outputPositions } = geometry;
  const groupOutputs = geometry.numOutputs / groups;
  const length = w.length / geometry.numOutputs;
  const taps = new Int32Array(length / groupChannels);
  const numPositions = out.length / geometry.numOutputs;
  const chunk = Math.min(numPositions, Math.max(2, Math.floor(PATCH_INTEGERS / length)));
  const patches = new Int32Array(chunk * length);
  for (let first = 0; first < numPositions; first += chunk) {
    const numRows = Math.min(chunk, numPositions - first);
    let at = 0;
    for (let position = first; position < first + numRows; position++) {
      const sample = Math.floor(position / outputPositions);
      tapPositions(geometry, position % outputPositions, taps);
      for (const tap of taps) {
        const from = (sample * inputPositions + tap) * numChannels + group * groupChannels;
        if (tap < 0) patches.fill(0, at, at + groupChannels);
        else for (let c = 0; c < groupChannels; c++) patches[at + c] = input[from + c];
        at += groupChannels;
      }
    }
    addDots({
      out,
      outStart: first * geometry.numOutputs + group * groupOutputs,
      outStride: geometry.numOutputs,
      x: patches,
      xStart: 0,
      xStride: length,
      numRows,
      w,
      wStart: group * groupOutputs * length,
      numOutputs: groupOutputs,
      length,
    });
  }
}

/** A window of one position: the input's channels are the rows of a product, nothing is gathered. */
function addPointwise(
  out: Int32Array,
  x: Int32Array,
  geometry: ConvGeometry,
  w: Int32Array,
  group: number,
): void {
  const { numChannels, groupChannels, groups } = geometry;
  const numOutputs = geometry.numOutputs / groups;
  addDots({
    out,
    outStart: group * numOutputs,
    outStride: geometry.numOutputs,
    x,
    xStart: group * groupChannels,
    xStride: numChannels,
    numRows: x.length / numChannels,
    w,
    wStart: group * numOutputs * groupChannels,
    numOutputs,
    length: groupChannels,
  });
}

/** `shape` is the input's of one sample. The accumulators, bias included, must fit 32 bits. */
export function runConv(
  input: Int32Array,
  operator: Conv,
  shape: readonly number[],
  weight: ProgramConstant,
  bias: ProgramConstant | null,
): Int32Array {
  const geometry = convGeometry(operator, shape, weight.shape);
  const { numChannels, groupChannels, numOutputs, groups, inputPositions, outputPositions } = geometry;
  const batch = input.length / (inputPositions * numChannels);
  const out = biasRows(batch * outputPositions, numOutputs, bias);
  if (groupChannels === 1 && groups > 1) {
    addDepthwise(out, input, geometry, weight.data);
    return out;
  }
  const add = isPointwise(geometry) ? addPointwise : addGathered;
  for (let group = 0; group < groups; group++) add(out, input, geometry, weight.data, group);
  return out;
}
