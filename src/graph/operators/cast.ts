/** Cast, CastLike and BitCast: the same elements, or the same bits, under another type. */

import {
  type ElementType,
  elementTypeOf,
  type IntegerType,
  type Tensor,
  zeros,
} from "../../tensor/tensor.ts";
import { attribute, intAttribute } from "../attributes.ts";
import { wrapped } from "../integers.ts";
import type { Node } from "../node.ts";
import { type OperatorDefinition, requiredFacts, requiredTensor, shapeMismatch } from "../operator.ts";

// Element types as the ONNX file format numbers them.
const REAL_TYPES = new Set([1, 10, 11, 16]);
const INTEGER_TYPES: ReadonlyMap<number, IntegerType> = new Map([
  [2, "uint8"],
  [3, "int8"],
  [4, "uint16"],
  [5, "int16"],
  [6, "int32"],
  [7, "int64"],
  [9, "bool"],
  [12, "uint32"],
  [13, "uint64"],
]);

/** The type that ONNX's number stands for; undefined for strings, complex numbers and types below 8 bits. */
export function elementTypeOfOnnx(to: number): ElementType | undefined {
  return REAL_TYPES.has(to) ? "float32" : INTEGER_TYPES.get(to);
}

function convert(type: IntegerType, x: number): number {
  if (type === "bool") return x === 0 ? 0 : 1;
  // Towards zero. ONNX leaves NaN and infinities undefined; 0 keeps them out of shape computations.
  return Number.isFinite(x) ? wrapped(type, Math.trunc(x)) : 0;
}

/** A copy of the tensor with elements of this type. */
export function castTo(input: Tensor, type: ElementType): Tensor {
  if (elementTypeOf(input) === type) return input;
  if (type === "float32") return { shape: input.shape, data: Float32Array.from(input.data) };
  return {
    shape: input.shape,
    data: Float64Array.from(input.data, (x) => convert(type, x)),
    integers: type,
  };
}

function targetOf(node: Node): ElementType | undefined {
  return elementTypeOfOnnx(intAttribute(node, "to", 0));
}

function unsupportedTarget(node: Node): string | undefined {
  return targetOf(node) === undefined
    ? `conversion to element type ${intAttribute(node, "to", 0)}`
    : undefined;
}

export const cast: OperatorDefinition = {
  operator: "Cast",
  unsupported: unsupportedTarget,
  infer(node, inputs) {
    const { shape } = requiredFacts(node, inputs, 0);
    return [{ shape, type: targetOf(node) ?? "float32" }];
  },
  evaluate: (node, inputs) => [castTo(requiredTensor(node, inputs, 0), targetOf(node) ?? "float32")],
};

export const castLike: OperatorDefinition = {
  operator: "CastLike",
  mayBeInfinite: [0],
  infer: (node, inputs) => [
    { shape: requiredFacts(node, inputs, 0).shape, type: requiredFacts(node, inputs, 1).type },
  ],
  evaluate: (node, inputs) => [
    castTo(requiredTensor(node, inputs, 0), elementTypeOf(requiredTensor(node, inputs, 1))),
  ],
};

/** Reads and writes the bit pattern of one element. */
interface Pattern {
  readonly bytes: number;
  readonly read: (view: DataView) => number;
  readonly write: (view: DataView, x: number) => void;
}

const PATTERNS: Readonly<Partial<Record<ElementType, Pattern>>> = {
  float32: { bytes: 4, read: (v) => v.getFloat32(0), write: (v, x) => v.setFloat32(0, x) },
  int32: { bytes: 4, read: (v) => v.getInt32(0), write: (v, x) => v.setInt32(0, x) },
  uint32: { bytes: 4, read: (v) => v.getUint32(0), write: (v, x) => v.setUint32(0, x) },
  int16: { bytes: 2, read: (v) => v.getInt16(0), write: (v, x) => v.setInt16(0, x) },
  uint16: { bytes: 2, read: (v) => v.getUint16(0), write: (v, x) => v.setUint16(0, x) },
  int8: { bytes: 1, read: (v) => v.getInt8(0), write: (v, x) => v.setInt8(0, x) },
  uint8: { bytes: 1, read: (v) => v.getUint8(0), write: (v, x) => v.setUint8(0, x) },
  bool: { bytes: 1, read: (v) => Math.min(v.getUint8(0), 1), write: (v, x) => v.setUint8(0, x) },
};

export const bitCast: OperatorDefinition = {
  operator: "BitCast",
  unsupported: (node) =>
    attribute(node, "to", "int") !== 1 && REAL_TYPES.has(intAttribute(node, "to", 0))
      ? "reals of another width than single precision"
      : unsupportedTarget(node),
  infer(node, inputs) {
    const { shape, type } = requiredFacts(node, inputs, 0);
    const target = targetOf(node) ?? "float32";
    if (PATTERNS[type] === undefined || PATTERNS[type].bytes !== PATTERNS[target]?.bytes)
      throw shapeMismatch(node, `cannot read the bits of ${type} as ${target}`);
    return [{ shape, type: target }];
  },
  evaluate(node, inputs) {
    const input = requiredTensor(node, inputs, 0);
    const target = targetOf(node) ?? "float32";
    const output = zeros(target, input.shape);
    const view = new DataView(new ArrayBuffer(4));
    const from = PATTERNS[elementTypeOf(input)];
    const to = PATTERNS[target];
    if (from === undefined || to === undefined) throw shapeMismatch(node, "has no bit pattern");
    for (let i = 0; i < output.data.length; i++) {
      from.write(view, input.data[i]);
      output.data[i] = to.read(view);
    }
    return [output];
  },
};
