/**
 * How a graph says that its model computes on integers.
 *
 * A quantised model is a graph of real operators in which integers stand between them: every tensor that the file
 * keeps as integers is the output of a `QuantizeLinear` (or a graph input of an integer type), and every operator reads
 * it through a `DequantizeLinear`:
 *
 *     T (integers) → DequantizeLinear → Conv → Clip → QuantizeLinear → U (integers) → DequantizeLinear → …
 *
 * - Integer tensors bear the names of the file; the real tensors beside them are named after them ("T/real"). Their
 *   axes may stand in another order than in the file (`passes/sinkTransposes.ts`). A graph output keeps its order: where
 *   the integers are computed in another one they are called "T/turned", and a Transpose of integers gives T.
 * - An activation that the file fuses into an operator stands between it and the `QuantizeLinear`.
 * - Weights and biases are integer initialisers, exactly as in the file but in the order of axes that ONNX wants, each
 *   followed by its own `DequantizeLinear`. That node is kept although it reads constants alone: its output is neither
 *   in `Graph.initializers` nor in `Graph.values`. `quantizedConstant` reads all of it at once.
 * - Scales are initialisers of single precision, bit for bit those of the file: a scalar, or one for every index of
 *   the attribute `axis`. Zero points have the shape of the scales and the type of the integers; a zero point that is
 *   left out is 0, of type uint8.
 * - `IntTensor.integers` and `GraphValue.type` say how wide the integers are.
 * - As a rule no Transpose stands between an operator, its activation and its `QuantizeLinear`. One may follow the
 *   `DequantizeLinear` of a graph input and precede a Reshape.
 * - Operators that only move elements have the pair around them as well; where both sides have the same scale and zero
 *   point, it is the identity.
 *
 * Evaluated as it stands, such a graph is the model with its rounding imitated ("fake quantised"): the reference in
 * reals, within a step or two of the integers that a device computes. `Graph.arithmetic` says whose integer arithmetic
 * is meant by it, where an exact result is wanted:
 *
 * - "float": none. There are no computed integer tensors; weights may still be stored as integers. (TensorFlow Lite
 *   rounds the activations that meet such weights to 8 bits, with a scale for each input; that is not imitated.)
 * - "tflite": the reference kernels of TensorFlow Lite (int32 sums, then a fixed-point multiplier and a shift).
 * - "onnx": each operator as ONNX defines it (`QLinearConv`, … or the pattern above): real scales, round half to even.
 */

import type { IntegerType, IntTensor, Tensor } from "../tensor/tensor.ts";
import { elementTypeOf, isFloatTensor } from "../tensor/tensor.ts";
import { intAttribute } from "./attributes.ts";
import type { Graph } from "./graph.ts";
import type { Node } from "./node.ts";

export type Arithmetic = "float" | "tflite" | "onnx";

export interface Quantization {
  readonly type: IntegerType;
  /** One, or one for each index of `axis`. */
  readonly scales: Float32Array;
  /** As many as scales. */
  readonly zeroPoints: Float64Array;
  /** As the node states it, that is counting the batch axis of computed tensors; meaningless for a single scale. */
  readonly axis: number;
}

export interface QuantizedConstant extends Quantization {
  /** Name of the initialiser. */
  readonly name: string;
  readonly integers: IntTensor;
}

type Constants = Pick<Graph, "initializers" | "values">;

/** Scales, zero points and type of a `QuantizeLinear` or `DequantizeLinear`; `undefined` if they are not constants. */
export function quantizationOf({ initializers, values }: Constants, node: Node): Quantization | undefined {
  const [subject, scaleName, zeroPointName = ""] = node.inputs;
  const scale = initializers.get(scaleName);
  const zeroPoint = initializers.get(zeroPointName);
  if (scale === undefined || !isFloatTensor(scale) || (zeroPointName !== "" && zeroPoint === undefined))
    return undefined;
  const integers = node.operator === "QuantizeLinear" ? node.outputs[0] : subject;
  const stored = initializers.get(integers);
  const type = stored === undefined ? values.get(integers)?.type : elementTypeOf(stored);
  if (type === undefined || type === "float32") return undefined;
  return {
    type,
    scales: scale.data,
    zeroPoints: zeroPointsOf(zeroPoint, scale.data.length),
    axis: intAttribute(node, "axis", 1),
  };
}

/** The integers behind a weight: `node` is the `DequantizeLinear` that computes it. `undefined` for any other node. */
export function quantizedConstant(graph: Constants, node: Node): QuantizedConstant | undefined {
  if (node.operator !== "DequantizeLinear" || node.domain !== "") return undefined;
  const integers = graph.initializers.get(node.inputs[0]);
  const quantization = quantizationOf(graph, node);
  if (integers === undefined || isFloatTensor(integers) || quantization === undefined) return undefined;
  return { ...quantization, name: node.inputs[0], integers };
}

function zeroPointsOf(zeroPoint: Tensor | undefined, count: number): Float64Array {
  return zeroPoint === undefined ? new Float64Array(count) : Float64Array.from(zeroPoint.data);
}
