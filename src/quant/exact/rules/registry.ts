/** The rule of every operator whose integers can be reproduced. */

import type { Node } from "../../../graph/node.ts";
import type { ExactRule } from "../context.ts";
import { lowerAveragePool, lowerReduceMean } from "./averages.ts";
import { lowerConcat } from "./concat.ts";
import { lowerAdd, lowerMul, lowerPair, lowerSub } from "./elementwise.ts";
import { lowerArgMax, lowerSoftmax } from "./head.ts";
import { lowerMaxPool } from "./maxPool.ts";
import { lowerCast, lowerIdentity, lowerReshape, lowerTakes, lowerTranspose } from "./movement.ts";
import {
  lowerAnyFunction,
  lowerClip,
  lowerHardSwish,
  lowerLeakyRelu,
  lowerRelu,
  lowerSigmoid,
  lowerTanh,
} from "./pointwise.ts";
import { lowerDequantize, lowerQuantize } from "./quantisation.ts";
import { lowerConv, lowerGemm, lowerMatMul } from "./sums.ts";

const RULES: ReadonlyMap<string, ExactRule> = new Map([
  ["QuantizeLinear", lowerQuantize],
  ["DequantizeLinear", lowerDequantize],
  ["Conv", lowerConv],
  ["Gemm", lowerGemm],
  ["MatMul", lowerMatMul],
  ["Add", lowerAdd],
  ["Sub", lowerSub],
  ["Mul", lowerMul],
  ["Div", lowerPair],
  ["MaxPool", lowerMaxPool],
  ["AveragePool", lowerAveragePool],
  ["ReduceMean", lowerReduceMean],
  ["Relu", lowerRelu],
  ["Clip", lowerClip],
  ["LeakyRelu", lowerLeakyRelu],
  ["Sigmoid", lowerSigmoid],
  ["Tanh", lowerTanh],
  ["HardSwish", lowerHardSwish],
  ["HardSigmoid", lowerAnyFunction],
  ["Elu", lowerAnyFunction],
  ["Softplus", lowerAnyFunction],
  ["Concat", lowerConcat],
  ["Reshape", lowerReshape],
  ["Flatten", lowerReshape],
  ["Squeeze", lowerReshape],
  ["Unsqueeze", lowerReshape],
  ["Identity", lowerIdentity],
  ["Dropout", lowerIdentity],
  ["Cast", lowerCast],
  ["Transpose", lowerTranspose],
  ["Slice", lowerTakes],
  ["Pad", lowerTakes],
  ["Gather", lowerTakes],
  ["Split", lowerTakes],
  ["Tile", lowerTakes],
  ["Expand", lowerTakes],
  ["Resize", lowerTakes],
  ["Softmax", lowerSoftmax],
  ["ArgMax", lowerArgMax],
]);

export function exactRuleOf(node: Pick<Node, "operator" | "domain">): ExactRule | undefined {
  return node.domain === "" ? RULES.get(node.operator) : undefined;
}
