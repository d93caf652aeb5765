/** The rule of every operator that can become part of an integer program. */

import type { Node } from "../../graph/node.ts";
import { lowerClip, lowerPointwise, lowerRelu } from "./activation.ts";
import { lowerAdd, lowerBatchNormalization, lowerDiv, lowerMul, lowerSub } from "./affine.ts";
import type { LoweringRule } from "./context.ts";
import { lowerGemm, lowerMatMul } from "./dense.ts";
import { lowerArgMax, lowerSoftmax } from "./head.ts";
import { lowerCast, lowerIdentity, lowerReshape } from "./shape.ts";

const RULES: ReadonlyMap<string, LoweringRule> = new Map([
  ["Gemm", lowerGemm],
  ["MatMul", lowerMatMul],
  ["Add", lowerAdd],
  ["Sub", lowerSub],
  ["Mul", lowerMul],
  ["Div", lowerDiv],
  ["BatchNormalization", lowerBatchNormalization],
  ["Relu", lowerRelu],
  ["Clip", lowerClip],
  ["LeakyRelu", lowerPointwise],
  ["Sigmoid", lowerPointwise],
  ["Tanh", lowerPointwise],
  ["Reshape", lowerReshape],
  ["Flatten", lowerReshape],
  ["Squeeze", lowerReshape],
  ["Unsqueeze", lowerReshape],
  ["Identity", lowerIdentity],
  ["Dropout", lowerIdentity],
  ["Cast", lowerCast],
  ["Softmax", lowerSoftmax],
  ["LogSoftmax", lowerSoftmax],
  ["ArgMax", lowerArgMax],
]);

export function loweringRuleOf(node: Pick<Node, "operator" | "domain">): LoweringRule | undefined {
  return node.domain === "" ? RULES.get(node.operator) : undefined;
}
