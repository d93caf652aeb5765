/** Operators that compute each element from that element alone: how they are defined. */

import { type ElementType, elementTypeOf, zeros } from "../../tensor/tensor.ts";
import { wrapped } from "../integers.ts";
import type { Node } from "../node.ts";
import { type OperatorDefinition, requiredFacts, requiredTensor } from "../operator.ts";

/** `functionOf` is asked once for each node and type; `result` is the type of the results where it is another. */
export function pointwise(
  operator: string,
  functionOf: (node: Node, type: ElementType) => (x: number) => number,
  result?: ElementType,
): OperatorDefinition {
  return {
    operator,
    infer(node, inputs) {
      const { shape, type } = requiredFacts(node, inputs, 0);
      return [{ shape, type: result ?? type }];
    },
    evaluate(node, inputs) {
      const input = requiredTensor(node, inputs, 0);
      const f = functionOf(node, elementTypeOf(input));
      const type = result ?? elementTypeOf(input);
      const output = zeros(type, input.shape);
      for (let i = 0; i < output.data.length; i++) output.data[i] = wrapped(type, f(input.data[i]));
      return [output];
    },
  };
}
