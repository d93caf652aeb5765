/** MatMul: the product of the last two axes, leading axes broadcast; vectors count as one row or one column. */

import { broadcastShapes, broadcastStrides, formatShape, type Shape } from "../../tensor/shape.ts";
import { walkStridedPair } from "../../tensor/strided.ts";
import { elementTypeOf, type FloatTensor, isFloatTensor } from "../../tensor/tensor.ts";
import type { Node } from "../node.ts";
import { type OperatorDefinition, requiredFacts, requiredTensor, shapeMismatch } from "../operator.ts";
import { castTo } from "./cast.ts";
import { type MatrixView, multiplyByTransposed, transposed } from "./matrixProduct.ts";

interface Layout {
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  /** Broadcast leading axes, and those of each operand. */
  readonly lead: readonly number[];
  readonly leadA: Shape;
  readonly leadB: Shape;
  readonly output: readonly number[];
}

function layoutOf(node: Node, a: Shape, b: Shape): Layout {
  const fail = (): never => {
    throw shapeMismatch(node, `operands ${formatShape(a)} and ${formatShape(b)} cannot be multiplied`);
  };
  if (a.length === 0 || b.length === 0) fail();
  const matrixA = a.length === 1 ? [1, a[0]] : a;
  const matrixB = b.length === 1 ? [b[0], 1] : b;
  const leadA = matrixA.slice(0, -2);
  const leadB = matrixB.slice(0, -2);
  const [rows, inner] = matrixA.slice(-2);
  const [innerB, columns] = matrixB.slice(-2);
  const lead = broadcastShapes(leadA, leadB) ?? fail();
  if (inner !== innerB) fail();
  const output = [...lead, ...(a.length === 1 ? [] : [rows]), ...(b.length === 1 ? [] : [columns])];
  return { rows, inner, columns, lead, leadA, leadB, output };
}

export const matmul: OperatorDefinition = {
  operator: "MatMul",
  infer(node, inputs) {
    const a = requiredFacts(node, inputs, 0);
    const b = requiredFacts(node, inputs, 1);
    // Integers times reals are reals: exporters of trees write such products.
    const type = a.type === "float32" ? b.type : a.type;
    const isReal = a.type === "float32" || b.type === "float32";
    return [{ shape: layoutOf(node, a.shape, b.shape).output, type: isReal ? "float32" : type }];
  },
  evaluate(node, inputs, [shape]) {
    const [given, other] = [0, 1].map((i) => requiredTensor(node, inputs, i));
    const [a, b] = [given, other].map((tensor) => castTo(tensor, "float32") as FloatTensor);
    const { rows, inner, columns, lead, leadA, leadB } = layoutOf(node, a.shape, b.shape);
    const data = new Float32Array(shape.reduce((count, length) => count * length, 1));
    const sums = new Float64Array(rows * columns);
    // The same right-hand matrix serves every sample as a rule: transpose it once.
    const turned = new Map<number, MatrixView>();
    walkStridedPair(
      lead,
      broadcastStrides(leadA, lead),
      broadcastStrides(leadB, lead),
      (position, indexA, indexB) => {
        let right = turned.get(indexB);
        if (right === undefined) {
          right = transposed({ data: b.data, offset: indexB * inner * columns }, inner, columns);
          turned.set(indexB, right);
        }
        multiplyByTransposed(
          { data: a.data, offset: indexA * rows * inner },
          right,
          { rows, inner, columns },
          sums,
        );
        data.set(sums, position * rows * columns);
      },
    );
    if (isFloatTensor(given) || isFloatTensor(other)) return [{ shape, data }];
    return [castTo({ shape, data }, elementTypeOf(given))];
  },
  multiplyAccumulates: ([a], output) =>
    output.reduce((count, length) => count * length, 1) * (a === undefined ? 0 : (a[a.length - 1] ?? 0)),
};
