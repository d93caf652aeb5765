/** The rule of every operator that can become part of an integer program. */

import type { Node } from "../../graph/node.ts";
import { INTERNAL_DOMAIN } from "../../graph/operators/internal.ts";
import { KERNEL_FUNCTION } from "../../graph/operators/kernelFunction.ts";
import { TREE_ENSEMBLE } from "../../graph/operators/treeEnsemble.ts";
import { WIDE_LINEAR } from "../../graph/operators/wideLinear.ts";
import { WIDE_QUADRATIC } from "../../graph/operators/wideQuadratic.ts";
import { lowerClip, lowerPointwise, lowerPRelu, lowerRelu } from "./activation.ts";
import {
  lowerAdd,
  lowerBatchNormalization,
  lowerDiv,
  lowerMax,
  lowerMin,
  lowerMul,
  lowerSub,
} from "./affine.ts";
import {
  lowerAnd,
  lowerEqual,
  lowerFloorDivide,
  lowerGreater,
  lowerGreaterOrEqual,
  lowerLess,
  lowerLessOrEqual,
  lowerOr,
  lowerPairs,
  lowerXor,
} from "./comparison.ts";
import type { LoweringContext, LoweringRule } from "./context.ts";
import { lowerContract } from "./contract.ts";
import { lowerConv } from "./conv.ts";
import { lowerConvTranspose } from "./convTranspose.ts";
import { lowerGemm, lowerMatMul } from "./dense.ts";
import { lowerArgMax, lowerSoftmax } from "./head.ts";
import { lowerKernelFunction } from "./kernelFunction.ts";
import { lowerAveragePool, lowerMaxPool, lowerReduceMax, lowerReduceMean, lowerReduceSum } from "./pool.ts";
import { lowerConcat, lowerDepthToSpace, lowerSpaceToDepth } from "./rearrange.ts";
import { lowerBitCast, lowerCast, lowerIdentity, lowerReshape, lowerTranspose } from "./shape.ts";
import { lowerTrees } from "./trees.ts";
import { lowerWideLinear } from "./wideLinear.ts";
import { lowerWideQuadratic } from "./wideQuadratic.ts";
import { lowerByAxis, lowerResize } from "./wiring.ts";

/** Each computes every element from that element alone; the graph's own definition says how. */
const POINTWISE: readonly string[] = [
  ...[
    "LeakyRelu",
    "Sigmoid",
    "Tanh",
    "HardSwish",
    "HardSigmoid",
    "Elu",
    "Selu",
    "Celu",
    "Softplus",
    "Softsign",
  ],
  ...[
    "Gelu",
    "Mish",
    "Erf",
    "Exp",
    "Log",
    "Sqrt",
    "Reciprocal",
    "Where",
    "IsNaN",
    "IsInf",
    "Not",
    "BitwiseNot",
    "Acosh",
    "Asinh",
    "Atanh",
    "Shrink",
    "Abs",
    "Neg",
    "Sign",
    "Floor",
    "Ceil",
  ],
  ...["Round", "Sin", "Cos", "Tan", "Asin", "Acos", "Atan", "Sinh", "Cosh", "ThresholdedRelu", "Swish"],
];

/** Of two tensors of integers, element by element: by a table of all pairs where those are few. */
const PAIRS: readonly string[] = ["BitwiseAnd", "BitwiseOr", "BitwiseXor", "BitShift", "Mod", "Pow"];

const RULES: ReadonlyMap<string, LoweringRule> = new Map([
  ["Gemm", lowerGemm],
  ["MatMul", lowerProduct],
  ["Conv", lowerConv],
  ["ConvTranspose", lowerConvTranspose],
  ["Add", lowerAdd],
  ["Sub", lowerSub],
  ["Mul", lowerMul],
  ["Div", lowerDiv],
  ["Max", lowerMax],
  ["Min", lowerMin],
  ["BatchNormalization", lowerBatchNormalization],
  ["Relu", lowerRelu],
  ["Clip", lowerClip],
  ["Equal", lowerEqual],
  ["Less", lowerLess],
  ["LessOrEqual", lowerLessOrEqual],
  ["Greater", lowerGreater],
  ["GreaterOrEqual", lowerGreaterOrEqual],
  ["And", lowerAnd],
  ["Or", lowerOr],
  ["Xor", lowerXor],
  ...PAIRS.map((operator) => [operator, lowerPairs] as const),
  ["PRelu", lowerPRelu],
  ...POINTWISE.map((operator) => [operator, lowerPointwise] as const),
  ["MaxPool", lowerMaxPool],
  ["GlobalMaxPool", lowerMaxPool],
  ["AveragePool", lowerAveragePool],
  ["GlobalAveragePool", lowerAveragePool],
  ["ReduceMax", lowerReduceMax],
  ["ReduceMean", lowerReduceMean],
  ["ReduceSum", lowerReduceSum],
  ["Reshape", lowerReshape],
  ["Flatten", lowerReshape],
  ["Squeeze", lowerReshape],
  ["Unsqueeze", lowerReshape],
  ["Transpose", lowerTranspose],
  ["Slice", lowerByAxis],
  ["Split", lowerByAxis],
  ["Gather", lowerByAxis],
  ["Pad", lowerByAxis],
  ["Expand", lowerByAxis],
  ["Tile", lowerByAxis],
  ["Resize", lowerResize],
  ["Upsample", lowerResize],
  ["Concat", lowerConcat],
  ["DepthToSpace", lowerDepthToSpace],
  ["SpaceToDepth", lowerSpaceToDepth],
  ["Identity", lowerIdentity],
  ["Dropout", lowerIdentity],
  ["Cast", lowerCast],
  ["CastLike", lowerCast],
  ["BitCast", lowerBitCast],
  ["Softmax", lowerSoftmax],
  ["LogSoftmax", lowerSoftmax],
  ["ArgMax", lowerArgMax],
]);

const INTERNAL_RULES: ReadonlyMap<string, LoweringRule> = new Map([
  ["FloorDivide", lowerFloorDivide],
  [TREE_ENSEMBLE, lowerTrees],
  [WIDE_LINEAR, lowerWideLinear],
  [WIDE_QUADRATIC, lowerWideQuadratic],
  [KERNEL_FUNCTION, lowerKernelFunction],
]);

/** By a constant matrix, or of two computed ones. */
function lowerProduct(context: LoweringContext, node: Node): void {
  if (node.inputs.every((name) => context.isData(name))) lowerContract(context, node);
  else lowerMatMul(context, node);
}

export function loweringRuleOf(node: Pick<Node, "operator" | "domain">): LoweringRule | undefined {
  if (node.domain === INTERNAL_DOMAIN) return INTERNAL_RULES.get(node.operator);
  return node.domain === "" ? RULES.get(node.operator) : undefined;
}
