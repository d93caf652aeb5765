/** Every operator that graphs can be run with, by ONNX name. */

import type { Node } from "../node.ts";
import type { OperatorDefinition } from "../operator.ts";
import {
  celu,
  clip,
  elu,
  gelu,
  hardSigmoid,
  hardSwish,
  leakyRelu,
  mish,
  relu,
  selu,
  shrink,
  sigmoid,
  softplus,
  softsign,
  swish,
  tanh,
  thresholdedRelu,
} from "./activations.ts";
import { argmax, argmin } from "./argmax.ts";
import { batchNormalization } from "./batchNormalization.ts";
import { BODIES } from "./bodies/bodies.ts";
import { bitCast, cast, castLike } from "./cast.ts";
import { constant } from "./constant.ts";
import { constantOfShape } from "./constantOfShape.ts";
import { conv } from "./conv.ts";
import { convTranspose } from "./convTranspose.ts";
import { depthToSpace, spaceToDepth } from "./depthToSpace.ts";
import { det, einsum } from "./einsum.ts";
import { add, div, max, mean, min, mod, mul, pow, prelu, sub, sum, where } from "./elementwise.ts";
import { expanding } from "./expansion.ts";
import { FUNCTIONS } from "./functions.ts";
import {
  gatherElements,
  gatherND,
  scatterElements,
  scatterND,
  scatterOld,
  tensorScatter,
} from "./gatherScatter.ts";
import { gemm } from "./gemm.ts";
import { globalAveragePool, globalMaxPool } from "./globalPool.ts";
import { INTERNAL, INTERNAL_DOMAIN } from "./internal.ts";
import { LOGIC } from "./logic.ts";
import { matmul } from "./matmul.ts";
import { ML_DOMAIN, mlOperators } from "./ml/registry.ts";
import { hardmax, topK, unique } from "./ordering.ts";
import { pad } from "./pad.ts";
import { dropout, identity } from "./passThrough.ts";
import { col2Im, deformConv, maxUnpool } from "./patches.ts";
import { averagePool, maxPool } from "./pool.ts";
import { dequantizeLinear, quantizeLinear } from "./quantize.ts";
import {
  reduceL1,
  reduceL2,
  reduceLogSum,
  reduceLogSumExp,
  reduceMax,
  reduceMean,
  reduceMin,
  reduceProd,
  reduceSum,
  reduceSumSquare,
} from "./reduce.ts";
import { expand, tile } from "./repetition.ts";
import { flatten, reshape, squeeze, unsqueeze } from "./reshape.ts";
import { resize, upsample } from "./resize.ts";
import { affineGrid, gridSample, roiAlign } from "./sampling.ts";
import {
  compress,
  cumProd,
  cumSum,
  eyeLike,
  nonZero,
  oneHot,
  range,
  reverseSequence,
  trilu,
} from "./selection.ts";
import { concat, gather, shape, size, slice } from "./shapeArithmetic.ts";
import { logSoftmax, softmax } from "./softmax.ts";
import { dft, melWeightMatrix, stft, WINDOWS } from "./spectral.ts";
import { split } from "./split.ts";
import { transpose } from "./transpose.ts";

const DIRECT: readonly OperatorDefinition[] = [
  ...[gemm, matmul, einsum, det, conv, convTranspose],
  ...[maxPool, averagePool, globalMaxPool, globalAveragePool],
  ...[add, sub, mul, div, max, min, sum, mean, pow, mod, prelu, where],
  ...FUNCTIONS,
  ...LOGIC,
  ...[relu, leakyRelu, elu, selu, celu, softplus, softsign, sigmoid, hardSigmoid, hardSwish, swish, tanh],
  ...[mish, gelu, thresholdedRelu, shrink, clip],
  ...[softmax, logSoftmax, argmax, argmin, hardmax, topK, unique],
  ...[reduceMean, reduceSum, reduceMax, reduceMin, reduceProd, reduceSumSquare],
  ...[reduceL1, reduceL2, reduceLogSum, reduceLogSumExp],
  ...[quantizeLinear, dequantizeLinear, batchNormalization],
  ...[reshape, flatten, squeeze, unsqueeze, transpose, pad, split, expand, tile, resize, upsample],
  ...[depthToSpace, spaceToDepth, identity, dropout, cast, castLike, bitCast],
  ...[constant, constantOfShape, shape, size, range, eyeLike, gather, slice, concat],
  ...[gatherElements, gatherND, scatterElements, scatterOld, scatterND, tensorScatter],
  ...[nonZero, compress, oneHot, trilu, reverseSequence, cumSum, cumProd],
  ...[dft, stft, melWeightMatrix],
  ...[gridSample, affineGrid, roiAlign, col2Im, maxUnpool, deformConv],
  ...WINDOWS,
];

const DEFINITIONS: readonly OperatorDefinition[] = [
  ...DIRECT,
  ...BODIES.map(([operator, body]) => expanding(operatorOf, operator, body)),
];

/** ONNX's own operators before they are standard. */
const PREVIEW = "ai.onnx.preview";

const BY_NAME = new Map(DEFINITIONS.map((definition) => [definition.operator, definition]));

const ML = mlOperators(operatorOf);

/** The definition of a node's operator, or `undefined` for an unknown operator or a domain other than ONNX's own. */
export function operatorOf(node: Pick<Node, "operator" | "domain">): OperatorDefinition | undefined {
  if (node.domain === ML_DOMAIN) return ML.get(node.operator);
  if (node.domain === INTERNAL_DOMAIN) return INTERNAL.get(node.operator);
  const isStandard = node.domain === "" || node.domain === PREVIEW;
  return isStandard ? BY_NAME.get(node.operator) : undefined;
}

/** Names of all operators, in alphabetical order. */
export function supportedOperators(): string[] {
  return [...BY_NAME.keys()].sort();
}
