/** Operators of the domain ai.onnx.ml. */

import type { Node } from "../../node.ts";
import type { OperatorDefinition } from "../../operator.ts";
import { type Expand, expanding } from "../expansion.ts";
import { MISSING_VALUES_NOTE } from "../treeEnsemble.ts";
import { imputer } from "./imputer.ts";
import { numbersOf } from "./labels.ts";
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
import { DIRECTIONS } from "./treeAttributes.ts";
import { treeEnsemble5, treeEnsembleClassifier, treeEnsembleRegressor } from "./trees.ts";

export const ML_DOMAIN = "ai.onnx.ml";

const BODIES: readonly (readonly [string, Expand])[] = [
  ["TreeEnsembleClassifier", treeEnsembleClassifier],
  ["TreeEnsembleRegressor", treeEnsembleRegressor],
  ["TreeEnsemble", treeEnsemble5],
  ["Imputer", imputer],
  ["Scaler", scaler],
  ["Binarizer", binarizer],
  ["ArrayFeatureExtractor", arrayFeatureExtractor],
  ["Normalizer", normalizer],
  ["LinearRegressor", linearRegressor],
  ["LinearClassifier", linearClassifier],
  ["SVMClassifier", svmClassifier],
  ["SVMRegressor", svmRegressor],
];

/** Only trees have that attribute. */
function directionsNote(node: Node): string | undefined {
  return numbersOf(node, DIRECTIONS).includes(1) ? MISSING_VALUES_NOTE : undefined;
}

/** `find` knows the operators that the bodies use. */
export function mlOperators(
  find: (node: Node) => OperatorDefinition | undefined,
): ReadonlyMap<string, OperatorDefinition> {
  const expanded = BODIES.map(
    ([operator, body]) => [operator, { ...expanding(find, operator, body), note: directionsNote }] as const,
  );
  return new Map([...expanded, [zipMap.operator, zipMap]]);
}
