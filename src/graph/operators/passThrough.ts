/** Operators that hand their input on: Identity and Dropout (at inference). */

import { type OperatorDefinition, requiredFacts, requiredTensor } from "../operator.ts";

export const identity: OperatorDefinition = {
  operator: "Identity",
  infer: (node, inputs) => [requiredFacts(node, inputs, 0)],
  evaluate: (node, inputs) => [requiredTensor(node, inputs, 0)],
};

export const dropout: OperatorDefinition = {
  operator: "Dropout",
  unsupported: (node) => (node.outputs[1] ? "its mask output is used" : undefined),
  shapeOnlyInputs: [1, 2],
  infer: (node, inputs) => [requiredFacts(node, inputs, 0)],
  evaluate: (node, inputs) => [requiredTensor(node, inputs, 0)],
};
