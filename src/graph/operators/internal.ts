/** Operators that only bodies and other formats use: no model file can name their domain. */

import type { OperatorDefinition } from "../operator.ts";
import { broadcasting } from "./broadcasting.ts";
import { KERNEL_FUNCTION, kernelFunction } from "./kernelFunction.ts";
import { TREE_ENSEMBLE, treeEnsemble } from "./treeEnsemble.ts";
import { WIDE_LINEAR, wideLinear } from "./wideLinear.ts";
import { WIDE_QUADRATIC, wideQuadratic } from "./wideQuadratic.ts";

/** A space: names of domains in files are identifiers. */
export const INTERNAL_DOMAIN = "internal ";

/** Of integers, towards −∞; by 1 where the divisor is less than 1. */
const floorDivide: OperatorDefinition = broadcasting("FloorDivide", {
  combineOf: () => (a, b) => Math.floor(a / Math.max(1, b)),
});

export const INTERNAL: ReadonlyMap<string, OperatorDefinition> = new Map([
  ["FloorDivide", floorDivide],
  [TREE_ENSEMBLE, treeEnsemble],
  [WIDE_LINEAR, wideLinear],
  [WIDE_QUADRATIC, wideQuadratic],
  [KERNEL_FUNCTION, kernelFunction],
]);
