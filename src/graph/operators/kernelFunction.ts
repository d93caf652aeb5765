/** The function of a support vector machine's kernel: exp(t), t^degree or tanh(t), by attribute `kernel`. */

import { attribute, intAttribute } from "../attributes.ts";
import type { Node } from "../node.ts";
import type { OperatorDefinition } from "../operator.ts";
import { pointwise } from "./pointwise.ts";

export const KERNEL_FUNCTION = "KernelFunction";

export function kernelFunctionOf(node: Node): (t: number) => number {
  const degree = intAttribute(node, "degree", 1);
  switch (attribute(node, "kernel", "string")) {
    case "rbf":
      // −γ|x − v|² is at most 0, whatever its roundings add up to.
      return (t) => Math.exp(Math.min(t, 0));
    case "poly":
      return (t) => t ** degree;
    default:
      return Math.tanh;
  }
}

export const kernelFunction: OperatorDefinition = pointwise(KERNEL_FUNCTION, kernelFunctionOf);
