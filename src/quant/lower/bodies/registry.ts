/** Which operators become simpler ones on the way to integers, though the graph computes them directly. */

import type { Expand } from "../../../graph/operators/expansion.ts";
import {
  bitShift,
  bitwise,
  chained,
  clip,
  divide,
  mean,
  minimum,
  modulo,
  power,
  prelu,
  where,
} from "./arithmetic.ts";
import {
  argMax,
  gather,
  gatherElements,
  gatherND,
  hardmax,
  oneHot,
  scatterElements,
  scatterND,
  topK,
} from "./indexing.ts";
import { conv, dequantizeLinear, einsum, gemm, matMulInteger, quantizeLinear } from "./products.ts";
import {
  cumulativeProduct,
  logSoftmax,
  reduceL1,
  reduceL2,
  reduceLogSum,
  reduceLogSumExp,
  reduceMin,
  reduceProd,
  reduceSumSquare,
  softmax,
} from "./reductions.ts";
import { scatterByConstants, tensorScatter } from "./scatter.ts";

const LIMBS = 4;

/** Of one operator, the first that does not throw counts. */
const BODIES: ReadonlyMap<string, readonly Expand[]> = new Map<string, readonly Expand[]>([
  ["Sum", [chained("Add")]],
  ["Mean", [mean]],
  ["Max", [chained("Max")]],
  ["Min", [minimum]],
  ["Where", [where]],
  ["Div", [divide]],
  ["Mod", [modulo]],
  ["Pow", [power]],
  ["Clip", [clip]],
  ["PRelu", [prelu]],
  ["BitShift", [bitShift]],
  ["BitwiseAnd", [bitwise(LIMBS)]],
  ["BitwiseOr", [bitwise(LIMBS)]],
  ["BitwiseXor", [bitwise(LIMBS)]],
  ["ReduceL1", [reduceL1]],
  ["ReduceL2", [reduceL2]],
  ["ReduceSumSquare", [reduceSumSquare]],
  ["ReduceLogSum", [reduceLogSum]],
  ["ReduceLogSumExp", [reduceLogSumExp]],
  ["ReduceMin", [reduceMin]],
  ["ReduceProd", [reduceProd]],
  ["CumProd", [cumulativeProduct]],
  ["Softmax", [softmax]],
  ["LogSoftmax", [logSoftmax]],
  ["ArgMax", [argMax]],
  ["ArgMin", [argMax]],
  ["Hardmax", [hardmax]],
  ["OneHot", [oneHot]],
  ["Gather", [gather]],
  ["GatherElements", [gatherElements]],
  ["GatherND", [gatherND]],
  ["ScatterElements", [scatterByConstants, scatterElements]],
  ["Scatter", [scatterByConstants, scatterElements]],
  ["ScatterND", [scatterByConstants, scatterND]],
  ["TensorScatter", [tensorScatter]],
  ["TopK", [topK]],
  ["Gemm", [gemm]],
  ["Einsum", [einsum]],
  ["Conv", [conv]],
  ["MatMulInteger", [matMulInteger]],
  ["QuantizeLinear", [quantizeLinear]],
  ["DequantizeLinear", [dequantizeLinear]],
]);

export function integerBodiesOf(operator: string): readonly Expand[] {
  return BODIES.get(operator) ?? [];
}
