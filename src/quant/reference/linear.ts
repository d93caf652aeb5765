import { convGeometry } from "../../program/run/convGeometry.ts";
import { tapPositions } from "../../program/run/convTaps.ts";
import type { Shape } from "../../tensor/shape.ts";
import type { LinearPart } from "../realProgram.ts";

/** Dot products of one row with `numOutputs` rows of weights, four at a time, added to `out`. */
function addDots(
  out: Float64Array,
  outAt: number,
  row: Float64Array,
  weight: Float64Array,
  weightAt: number,
  numOutputs: number,
): void {
  const { length } = row;
  let m = 0;
  for (; m + 4 <= numOutputs; m += 4) {
    let at = weightAt + m * length;
    let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
    for (let k = 0; k < length; k++, at++) {
      const x = row[k];
      sum0 += x * weight[at];
      sum1 += x * weight[at + length];
      sum2 += x * weight[at + 2 * length];
      sum3 += x * weight[at + 3 * length];
    }
    out[outAt + m] += sum0;
    out[outAt + m + 1] += sum1;
    out[outAt + m + 2] += sum2;
    out[outAt + m + 3] += sum3;
  }
  for (; m < numOutputs; m++) {
    let sum = 0;
    for (let k = 0; k < length; k++) sum += row[k] * weight[weightAt + m * length + k];
    out[outAt + m] += sum;
  }
}

function addMatrixProduct(out: Float64Array, x: Float32Array, { weight, weightShape }: LinearPart): void {
  const [numOutputs, length] = weightShape;
  const row = new Float64Array(length);
  for (let at = 0, outAt = 0; at < x.length; at += length, outAt += numOutputs) {
    row.set(x.subarray(at, at + length));
    addDots(out, outAt, row, weight, 0, numOutputs);
  }
}

function addConvolution(out: Float64Array, x: Float32Array, part: LinearPart, inputShape: Shape): void {
  const { weight, weightShape } = part;
  if (part.geometry === null) throw new RangeError("expected a convolution");
  const operator = {
    kind: "conv",
    name: "",
    input: 0,
    output: 0,
    weight: 0,
    bias: null,
    ...part.geometry,
  } as const;
  const geometry = convGeometry(operator, inputShape, weightShape);
  const { numChannels, groupChannels, numOutputs, groups, inputPositions, outputPositions } = geometry;
  const length = weight.length / numOutputs;
  const taps = new Int32Array(length / groupChannels);
  const row = new Float64Array(length);
  const groupOutputs = numOutputs / groups;
  for (let position = 0; position < out.length / numOutputs; position++) {
    const sample = Math.floor(position / outputPositions) * inputPositions;
    tapPositions(geometry, position % outputPositions, taps);
    for (let group = 0; group < groups; group++) {
      for (let tap = 0; tap < taps.length; tap++) {
        const to = tap * groupChannels;
        const from = (sample + taps[tap]) * numChannels + group * groupChannels;
        if (taps[tap] < 0) row.fill(0, to, to + groupChannels);
        else for (let c = 0; c < groupChannels; c++) row[to + c] = x[from + c];
      }
      const first = group * groupOutputs;
      addDots(out, position * numOutputs + first, row, weight, first * length, groupOutputs);
    }
  }
}

/** Adds the part's outputs, bias included, to `out`. `inputShape` is of one sample. */
export function addLinear(out: Float64Array, x: Float32Array, part: LinearPart, inputShape: Shape): void {
  const { bias, geometry } = part;
  if (bias !== null) for (let j = 0; j < out.length; j++) out[j] += bias[j % bias.length];
  if (geometry === null) addMatrixProduct(out, x, part);
  else addConvolution(out, x, part, inputShape);
}
