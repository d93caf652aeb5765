/** The function of a support vector machine's kernel, with more bits than activations have: it is weighed afterwards. */

import { kernelFunctionOf } from "../../graph/operators/kernelFunction.ts";
import { applyToEach } from "./activation.ts";
import type { LoweringRule } from "./context.ts";

const KERNEL_BITS = 15;

export const lowerKernelFunction: LoweringRule = (context, node) => {
  const f = kernelFunctionOf(node);
  applyToEach(context, node, node.inputs[0], { kind: "map", apply: (x) => x.map(f), bits: KERNEL_BITS });
};
