/** Every operator that is defined by a body of others. */

import type { Expand } from "../expansion.ts";
import { attention, flexAttention, rotaryEmbedding } from "./attention.ts";
import { causalConvWithState, linearAttention } from "./linearAttention.ts";
import { negativeLogLikelihoodLoss, softmaxCrossEntropyLoss } from "./losses.ts";
import {
  groupNormalization,
  instanceNormalization,
  layerNormalization,
  localResponseNormalization,
  lpNormalization,
  meanVarianceNormalization,
  rmsNormalization,
} from "./norms.ts";
import { recurrent } from "./recurrent.ts";
import { centerCropPad, convInteger, dynamicQuantizeLinear, lpPool, matMulInteger, swiGlu } from "./small.ts";

export const BODIES: readonly (readonly [operator: string, body: Expand])[] = [
  ["LayerNormalization", layerNormalization],
  ["RMSNormalization", rmsNormalization],
  ["InstanceNormalization", instanceNormalization],
  ["GroupNormalization", groupNormalization],
  ["MeanVarianceNormalization", meanVarianceNormalization],
  ["LpNormalization", lpNormalization],
  ["LRN", localResponseNormalization],
  ["NegativeLogLikelihoodLoss", negativeLogLikelihoodLoss],
  ["SoftmaxCrossEntropyLoss", softmaxCrossEntropyLoss],
  ["Attention", attention],
  ["FlexAttention", flexAttention],
  ["LinearAttention", linearAttention],
  ["RotaryEmbedding", rotaryEmbedding],
  ["CausalConvWithState", causalConvWithState],
  ["RNN", recurrent],
  ["GRU", recurrent],
  ["LSTM", recurrent],
  ["SwiGLU", swiGlu],
  ["LpPool", lpPool],
  ["CenterCropPad", centerCropPad],
  ["ConvInteger", convInteger],
  ["MatMulInteger", matMulInteger],
  ["DynamicQuantizeLinear", dynamicQuantizeLinear],
];
