/** The trained network as an ONNX file, written by the built library: Gemm, Relu, Gemm, and a Softmax at the head. */

import { PIXELS } from "./dataset.mjs";
import { library } from "./library.mjs";
import { CLASSES, HIDDEN } from "./network.mjs";

const OPSET = 13;

const node = (operator, inputs, output, attributes = []) => ({
  name: output,
  operator,
  domain: "",
  opset: OPSET,
  inputs,
  outputs: [output],
  attributes: new Map(attributes),
});

/**
 * @param {import("./network.mjs").Parameters} parameters
 * @returns {Promise<Uint8Array>}
 */
export async function exportOnnx(parameters) {
  const { writeOnnx } = await library("formats/onnx/write.js");
  const value = (name, length) => ({ name, shape: [length], type: "float32" });
  const values = [
    value("image", PIXELS),
    value("hidden", HIDDEN),
    value("activations", HIDDEN),
    value("scores", CLASSES),
    value("probabilities", CLASSES),
  ];
  return writeOnnx({
    name: "mnist",
    batched: true,
    inputs: [values[0]],
    outputs: [values[4]],
    values: new Map(values.map((entry) => [entry.name, entry])),
    nodes: [
      node("Gemm", ["image", "hidden.weights", "hidden.bias"], "hidden"),
      node("Relu", ["hidden"], "activations"),
      node("Gemm", ["activations", "scores.weights", "scores.bias"], "scores"),
      node("Softmax", ["scores"], "probabilities", [["axis", { type: "int", value: -1 }]]),
    ],
    initializers: new Map([
      ["hidden.weights", { shape: [PIXELS, HIDDEN], data: parameters.hiddenWeights }],
      ["hidden.bias", { shape: [HIDDEN], data: parameters.hiddenBias }],
      ["scores.weights", { shape: [HIDDEN, CLASSES], data: parameters.scoreWeights }],
      ["scores.bias", { shape: [CLASSES], data: parameters.scoreBias }],
    ]),
    problems: [],
  });
}
