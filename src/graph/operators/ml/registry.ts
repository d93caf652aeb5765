/** Operators of the domain ai.onnx.ml. */

import type { Node } from "../../node.ts";
import type { OperatorDefinition } from "../../operator.ts";
import { type Expand, expanding } from "../expansion.ts";
import {
  arrayFeatureExtractor,
  binarizer,
  linearClassifier,
  linearRegressor,
  normalizer,
  scaler,
  zipMap,
} from "./small.ts";
import { svmClassifier, svmRegressor } from "./svm.ts";
import { treeEnsembleClassifier, treeEnsembleRegressor } from "./trees.ts";

export const ML_DOMAIN = "ai.onnx.ml";

const BODIES: readonly (readonly [string, Expand])[] = [
  ["TreeEnsembleClassifier", treeEnsembleClassifier],
  ["TreeEnsembleRegressor", treeEnsembleRegressor],
  ["Scaler", scaler],
  ["Binarizer", binarizer],
  ["ArrayFeatureExtractor", arrayFeatureExtractor],
  ["Normalizer", normalizer],
  ["LinearRegressor", linearRegressor],
  ["LinearClassifier", linearClassifier],
  ["SVMClassifier", svmClassifier],
  ["SVMRegressor", svmRegressor],
];

/** `find` knows the operators that the bodies use. */
export function mlOperators(
  find: (node: Node) => OperatorDefinition | undefined,
): ReadonlyMap<string, OperatorDefinition> {
  const expanded = BODIES.map(([operator, body]) => [operator, expanding(find, operator, body)] as const);
  return new Map([...expanded, [zipMap.operator, zipMap]]);
}
