/** Every operator that graphs can be run with, by ONNX name. */

import type { Node } from "../node.ts";
import type { OperatorDefinition } from "../operator.ts";
import {
  clip,
  elu,
  hardSigmoid,
  hardSwish,
  leakyRelu,
  relu,
  sigmoid,
  softplus,
  tanh,
} from "./activations.ts";
import { argmax } from "./argmax.ts";
import { batchNormalization } from "./batchNormalization.ts";
import { constant } from "./constant.ts";
import { constantOfShape } from "./constantOfShape.ts";
import { conv } from "./conv.ts";
import { convTranspose } from "./convTranspose.ts";
import { depthToSpace, spaceToDepth } from "./depthToSpace.ts";
import { add, div, max, min, mul, prelu, sub } from "./elementwise.ts";
import { gemm } from "./gemm.ts";
import { globalAveragePool, globalMaxPool } from "./globalPool.ts";
import { matmul } from "./matmul.ts";
import { pad } from "./pad.ts";
import { cast, dropout, identity } from "./passThrough.ts";
import { averagePool, maxPool } from "./pool.ts";
import { dequantizeLinear, quantizeLinear } from "./quantize.ts";
import { reduceMax, reduceMean, reduceMin, reduceSum } from "./reduce.ts";
import { expand, tile } from "./repetition.ts";
import { flatten, reshape, squeeze, unsqueeze } from "./reshape.ts";
import { resize, upsample } from "./resize.ts";
import { concat, gather, shape, slice } from "./shapeArithmetic.ts";
import { logSoftmax, softmax } from "./softmax.ts";
import { split } from "./split.ts";
import { transpose } from "./transpose.ts";

const DEFINITIONS: readonly OperatorDefinition[] = [
  gemm,
  matmul,
  conv,
  convTranspose,
  maxPool,
  averagePool,
  globalMaxPool,
  globalAveragePool,
  add,
  sub,
  mul,
  div,
  max,
  min,
  relu,
  leakyRelu,
  prelu,
  elu,
  softplus,
  sigmoid,
  hardSigmoid,
  hardSwish,
  tanh,
  clip,
  softmax,
  logSoftmax,
  argmax,
  reduceMean,
  reduceSum,
  reduceMax,
  reduceMin,
  quantizeLinear,
  dequantizeLinear,
  batchNormalization,
  reshape,
  flatten,
  squeeze,
  unsqueeze,
  transpose,
  pad,
  split,
  expand,
  tile,
  resize,
  upsample,
  depthToSpace,
  spaceToDepth,
  identity,
  dropout,
  cast,
  constant,
  constantOfShape,
  shape,
  gather,
  slice,
  concat,
];

const BY_NAME = new Map(DEFINITIONS.map((definition) => [definition.operator, definition]));

/** The definition of a node's operator, or `undefined` for an unknown operator or a domain other than ONNX's own. */
export function operatorOf(node: Pick<Node, "operator" | "domain">): OperatorDefinition | undefined {
  return node.domain === "" ? BY_NAME.get(node.operator) : undefined;
}

/** Names of all operators, in alphabetical order. */
export function supportedOperators(): string[] {
  return [...BY_NAME.keys()].sort();
}
