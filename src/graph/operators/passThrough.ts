/** Operators that hand their input on: Identity, Dropout (at inference) and Cast. */

import type { ElementType, IntegerType } from "../../tensor/tensor.ts";
import { intAttribute } from "../attributes.ts";
import type { Node } from "../node.ts";
import { type OperatorDefinition, requiredFacts, requiredTensor } from "../operator.ts";

export const identity: OperatorDefinition = {
  operator: "Identity",
  infer: (node, inputs) => [requiredFacts(node, inputs, 0)],
  evaluate: (node, inputs) => [requiredTensor(node, inputs, 0)],
};

export const dropout: OperatorDefinition = {
  operator: "Dropout",
  unsupported: (node) => (node.outputs[1] ? "its mask output is used" : undefined),
  shapeOnlyInputs: [1, 2],
  infer: (node, inputs) => [requiredFacts(node, inputs, 0)],
  evaluate: (node, inputs) => [requiredTensor(node, inputs, 0)],
};

// Element types as the ONNX file format numbers them.
const ONNX_REAL_TYPES = new Set([1, 10, 11, 16]);
const ONNX_INTEGER_TYPES: ReadonlyMap<number, IntegerType> = new Map([
  [2, "uint8"],
  [3, "int8"],
  [4, "uint16"],
  [5, "int16"],
  [6, "int32"],
  [7, "int64"],
  [12, "uint32"],
  [13, "int64"],
]);
const ONNX_BOOLEAN = 9;

function targetOf(node: Node): ElementType | undefined {
  const to = intAttribute(node, "to", 0);
  if (ONNX_REAL_TYPES.has(to)) return "float32";
  return to === ONNX_BOOLEAN ? "int64" : ONNX_INTEGER_TYPES.get(to);
}

function toBoolean(x: number): number {
  return x === 0 ? 0 : 1;
}

/** Towards zero. ONNX leaves NaN and infinities undefined; 0 keeps them out of shape computations. */
function toInteger(x: number): number {
  return Number.isFinite(x) ? Math.trunc(x) : 0;
}

export const cast: OperatorDefinition = {
  operator: "Cast",
  unsupported: (node) =>
    targetOf(node) === undefined ? `conversion to element type ${intAttribute(node, "to", 0)}` : undefined,
  infer(node, inputs) {
    const { shape } = requiredFacts(node, inputs, 0);
    return [{ shape, type: targetOf(node) ?? "float32" }];
  },
  evaluate(node, inputs) {
    const input = requiredTensor(node, inputs, 0);
    const type = targetOf(node) ?? "float32";
    if (type === "float32") return [{ shape: input.shape, data: Float32Array.from(input.data) }];
    const convert = intAttribute(node, "to", 0) === ONNX_BOOLEAN ? toBoolean : toInteger;
    return [{ shape: input.shape, data: Float64Array.from(input.data, convert), integers: type }];
  },
};
