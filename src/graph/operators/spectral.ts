/** DFT, STFT, window functions and the mel filter bank. */

import { elementCount, type Shape } from "../../tensor/shape.ts";
import { type Tensor, zeros } from "../../tensor/tensor.ts";
import { intAttribute } from "../attributes.ts";
import type { Node } from "../node.ts";
import {
  type OperatorDefinition,
  requiredFacts,
  requiredIntegers,
  requiredTensor,
  type ValueFacts,
} from "../operator.ts";
import { axisView, requiredAxis } from "./axes.ts";
import { elementTypeOfOnnx } from "./cast.ts";

/** The axis is an attribute before operator set 20 and an input since; −2 is the last before the complex parts. */
function dftAxis(node: Node, shape: Shape, given: number | undefined): number {
  return requiredAxis(node, node.opset < 20 ? intAttribute(node, "axis", 1) : (given ?? -2), shape);
}

function numberOf(
  node: Node,
  inputs: readonly (ValueFacts | undefined)[],
  index: number,
): number | undefined {
  return inputs[index] === undefined ? undefined : requiredIntegers(node, inputs, index)[0];
}

/** out[k] = Σ_n in[n] · e^(∓2πi·k·n / count), real parts and imaginary ones in the last axis. */
export const dft: OperatorDefinition = {
  operator: "DFT",
  infer(node, inputs) {
    const { shape } = requiredFacts(node, inputs, 0);
    const axis = dftAxis(node, shape, numberOf(node, inputs, 2));
    const count = numberOf(node, inputs, 1) ?? shape[axis];
    const isOneSided = intAttribute(node, "onesided", 0) === 1;
    const kept = isOneSided ? Math.floor(count / 2) + 1 : count;
    return [{ shape: [...shape.with(axis, kept).slice(0, -1), 2], type: "float32" }];
  },
  evaluate(node, inputs, [outputShape]) {
    const input = requiredTensor(node, inputs, 0);
    const axis = dftAxis(node, input.shape, inputs[2]?.data[0]);
    const count = inputs[1]?.data[0] ?? input.shape[axis];
    const isInverse = intAttribute(node, "inverse", 0) === 1;
    const parts = input.shape[input.shape.length - 1];
    const from = axisView(input.shape.slice(0, -1), axis);
    const to = axisView(outputShape.slice(0, -1), axis);
    const output = new Float32Array(elementCount(outputShape));
    const terms = Math.min(count, from.length);
    for (let line = 0; line < to.outer * to.inner; line++) {
      const [outer, inner] = [Math.floor(line / to.inner), line % to.inner];
      for (let k = 0; k < to.length; k++) {
        let [real, imaginary] = [0, 0];
        for (let n = 0; n < terms; n++) {
          const angle = ((isInverse ? 2 : -2) * Math.PI * ((k * n) % count)) / count;
          const at = ((outer * from.length + n) * from.inner + inner) * parts;
          const [x, y] = [input.data[at], parts === 2 ? input.data[at + 1] : 0];
          real += x * Math.cos(angle) - y * Math.sin(angle);
          imaginary += x * Math.sin(angle) + y * Math.cos(angle);
        }
        const at = ((outer * to.length + k) * to.inner + inner) * 2;
        output[at] = isInverse ? real / count : real;
        output[at + 1] = isInverse ? imaginary / count : imaginary;
      }
    }
    return [{ shape: outputShape, data: output }];
  },
};

/** The DFT of frames of the signal [N, L, 1 or 2], each times the window. */
export const stft: OperatorDefinition = {
  operator: "STFT",
  infer(node, inputs) {
    const { shape } = requiredFacts(node, inputs, 0);
    const step = requiredIntegers(node, inputs, 1)[0];
    const length = numberOf(node, inputs, 3) ?? requiredFacts(node, inputs, 2).shape[0];
    const frames = Math.floor((shape[1] - length) / step) + 1;
    const isOneSided = intAttribute(node, "onesided", 1) === 1;
    return [
      { shape: [shape[0], frames, isOneSided ? Math.floor(length / 2) + 1 : length, 2], type: "float32" },
    ];
  },
  evaluate(node, inputs, [outputShape]) {
    const signal = requiredTensor(node, inputs, 0);
    const step = requiredTensor(node, inputs, 1).data[0];
    const window = inputs[2]?.data;
    const length = inputs[3]?.data[0] ?? (window?.length as number);
    const [, samples, parts = 1] = signal.shape;
    const [batch, frames, kept] = outputShape;
    const output = new Float32Array(elementCount(outputShape));
    for (let frame = 0; frame < batch * frames; frame++) {
      const start = Math.floor(frame / frames) * samples + (frame % frames) * step;
      for (let k = 0; k < kept; k++) {
        let [real, imaginary] = [0, 0];
        for (let n = 0; n < length; n++) {
          const angle = (-2 * Math.PI * ((k * n) % length)) / length;
          const weight = window?.[n] ?? 1;
          const at = (start + n) * parts;
          const [x, y] = [weight * signal.data[at], parts === 2 ? weight * signal.data[at + 1] : 0];
          real += x * Math.cos(angle) - y * Math.sin(angle);
          imaginary += x * Math.sin(angle) + y * Math.cos(angle);
        }
        output[(frame * kept + k) * 2] = real;
        output[(frame * kept + k) * 2 + 1] = imaginary;
      }
    }
    return [{ shape: outputShape, data: output }];
  },
};

/** Σ coefficients[j] · cos(2π·j·n / N), N one less for the symmetric kind. */
function cosineWindow(operator: string, coefficients: readonly number[]): OperatorDefinition {
  return {
    operator,
    infer: (node, inputs) => [
      {
        shape: [requiredIntegers(node, inputs, 0)[0]],
        type: elementTypeOfOnnx(intAttribute(node, "output_datatype", 1)) ?? "float32",
      },
    ],
    evaluate(node, _, [shape]) {
      const [size] = shape;
      const period = intAttribute(node, "periodic", 1) === 1 ? size : size - 1;
      const output = zeros(elementTypeOfOnnx(intAttribute(node, "output_datatype", 1)) ?? "float32", shape);
      for (let n = 0; n < size; n++) {
        output.data[n] = coefficients.reduce(
          (sum, c, j) => sum + c * Math.cos((2 * Math.PI * j * n) / period),
          0,
        );
      }
      return [output];
    },
  };
}

export const WINDOWS: readonly OperatorDefinition[] = [
  cosineWindow("HannWindow", [0.5, -0.5]),
  cosineWindow("HammingWindow", [25 / 46, -21 / 46]),
  cosineWindow("BlackmanWindow", [0.42, -0.5, 0.08]),
];

function melOf(hertz: number): number {
  return 2595 * Math.log10(1 + hertz / 700);
}

function hertzOf(mel: number): number {
  return 700 * (10 ** (mel / 2595) - 1);
}

/** Triangles, evenly spaced in mel, over the bins of a one-sided DFT. */
export const melWeightMatrix: OperatorDefinition = {
  operator: "MelWeightMatrix",
  infer(node, inputs) {
    const [bins] = requiredIntegers(node, inputs, 0);
    const [length] = requiredIntegers(node, inputs, 1);
    for (const i of [2, 3, 4]) requiredIntegers(node, inputs, i);
    return [{ shape: [Math.floor(length / 2) + 1, bins], type: "float32" }];
  },
  evaluate(node, inputs, [shape]) {
    const [, length, rate, lower, upper] = [0, 1, 2, 3, 4].map(
      (i) => requiredTensor(node, inputs, i).data[0],
    );
    const [rows, bins] = shape;
    const [from, to] = [melOf(lower), melOf(upper)];
    const edges = Array.from({ length: bins + 2 }, (_, i) =>
      Math.floor(((length + 1) * hertzOf(from + (i * (to - from)) / (bins + 2))) / rate),
    );
    const output: Tensor = zeros("float32", shape);
    for (let bin = 0; bin < bins; bin++) {
      const [low, centre, high] = edges.slice(bin, bin + 3);
      if (low === centre && centre < rows) output.data[centre * bins + bin] = 1;
      else
        for (let j = low; j <= centre && j < rows; j++)
          output.data[j * bins + bin] = (j - low) / (centre - low);
      for (let j = centre; j < high && j < rows; j++)
        output.data[j * bins + bin] = (high - j) / (high - centre);
    }
    return [output];
  },
};
