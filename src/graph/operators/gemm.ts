/** Gemm: alpha · A' · B' + beta · C, where A' and B' are A and B or their transposes. */

import { broadcastShapes, broadcastStrides, formatShape, type Shape, sameShape } from "../../tensor/shape.ts";
import { walkStrided } from "../../tensor/strided.ts";
import { type FloatTensor, isFloatTensor, type Tensor } from "../../tensor/tensor.ts";
import { floatAttribute, intAttribute } from "../attributes.ts";
import type { Node } from "../node.ts";
import { type OperatorDefinition, requiredFacts, requiredTensor, shapeMismatch } from "../operator.ts";
import { multiplyByTransposed, transposed } from "./matrixProduct.ts";

interface GemmSizes {
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
}

function sizesOf(node: Node, a: Shape, b: Shape): GemmSizes {
  if (a.length !== 2 || b.length !== 2) {
    throw shapeMismatch(node, `needs two matrices but got ${formatShape(a)} and ${formatShape(b)}`);
  }
  const [rows, inner] = intAttribute(node, "transA", 0) ? [a[1], a[0]] : [a[0], a[1]];
  const [innerB, columns] = intAttribute(node, "transB", 0) ? [b[1], b[0]] : [b[0], b[1]];
  if (inner !== innerB) {
    throw shapeMismatch(
      node,
      `inner lengths differ: ${formatShape(a)} times ${formatShape(b)}, ${inner} against ${innerB}`,
    );
  }
  return { rows, inner, columns };
}

export const gemm: OperatorDefinition = {
  operator: "Gemm",
  infer(node, inputs) {
    const a = requiredFacts(node, inputs, 0);
    const b = requiredFacts(node, inputs, 1);
    const c = inputs[2];
    const { rows, columns } = sizesOf(node, a.shape, b.shape);
    const shape = [rows, columns];
    if (c !== undefined && !sameShape(broadcastShapes(c.shape, shape) ?? [], shape)) {
      throw shapeMismatch(node, `bias ${formatShape(c.shape)} does not broadcast to ${formatShape(shape)}`);
    }
    if (a.type !== "float32" || b.type !== "float32")
      throw shapeMismatch(node, "integer matrices are not supported");
    return [{ shape, type: "float32" }];
  },
  evaluate(node, inputs, [shape]) {
    const a = requiredTensor(node, inputs, 0) as FloatTensor;
    const b = requiredTensor(node, inputs, 1) as FloatTensor;
    const size = sizesOf(node, a.shape, b.shape);
    const left = viewOf(a, intAttribute(node, "transA", 0) === 1);
    const right = viewOf(b, intAttribute(node, "transB", 0) === 0);
    const sums = new Float64Array(size.rows * size.columns);
    multiplyByTransposed(left, right, size, sums);
    const alpha = floatAttribute(node, "alpha", 1);
    if (alpha !== 1) for (let i = 0; i < sums.length; i++) sums[i] *= alpha;
    addBias(sums, inputs[2], shape, floatAttribute(node, "beta", 1));
    return [{ shape, data: Float32Array.from(sums) }];
  },
  multiplyAccumulates: ([a], output, node) =>
    a === undefined ? 0 : output[0] * output[1] * (intAttribute(node, "transA", 0) ? a[0] : a[1]),
};

function viewOf(matrix: FloatTensor, transpose: boolean): { data: Float32Array; offset: number } {
  const view = { data: matrix.data, offset: 0 };
  return transpose ? transposed(view, matrix.shape[0], matrix.shape[1]) : view;
}

function addBias(sums: Float64Array, bias: Tensor | undefined, shape: Shape, beta: number): void {
  if (bias === undefined || !isFloatTensor(bias)) return;
  walkStrided(shape, broadcastStrides(bias.shape, shape), (position, offset) => {
    sums[position] += beta * bias.data[offset];
  });
}
