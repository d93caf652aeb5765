/** Float reference of a draft whose every input is given: nothing has to be known beforehand, shapes least of all. */

import { TensorproofError } from "../errors/tensorproofError.ts";
import { elementTypeOf, type Tensor } from "../tensor/tensor.ts";
import type { GraphDraft } from "./draft.ts";
import type { Node } from "./node.ts";
import type { ValueFacts } from "./operator.ts";
import { operatorOf } from "./operators/registry.ts";
import { orderNodes } from "./passes/order.ts";
import type { GraphProblem } from "./problem.ts";

/**
 * Runs the draft's nodes one by one on these inputs (shapes as in the file, batch included) and returns its outputs in
 * order. Unlike `runGraph` it also runs models whose shapes depend on data or whose outputs depend on no input.
 *
 * @throws TensorproofError `model.unsupportedOperator`, `model.missingTensor`, or what inference throws
 */
export function evaluateDraft(draft: GraphDraft, inputs: ReadonlyMap<string, Tensor>): readonly Tensor[] {
  const problems: GraphProblem[] = [];
  const ordered = orderNodes(draft, problems);
  if (ordered === undefined) {
    const { code, where, reason } = problems[0];
    throw new TensorproofError(code, `"${where}" ${reason}`, { where });
  }
  const tensors = new Map<string, Tensor>([...draft.initializers, ...inputs]);
  for (const node of ordered) runNode(draft, node, tensors);
  return draft.outputs.map((name) => {
    const tensor = tensors.get(name);
    if (tensor === undefined) {
      throw new TensorproofError("model.missingTensor", `output "${name}" was not computed`, { where: name });
    }
    return tensor;
  });
}

function runNode(draft: GraphDraft, node: Node, tensors: Map<string, Tensor>): void {
  const definition = operatorOf(node);
  const reason =
    definition === undefined
      ? "the operator is not supported"
      : (draft.unsupported?.get(node.name) ?? definition.unsupported?.(node));
  if (definition === undefined || reason !== undefined) {
    const message = `unsupported operator ${node.operator} in node "${node.name}": ${reason}`;
    throw new TensorproofError("model.unsupportedOperator", message, { where: node.name });
  }
  const given = node.inputs.map((name) => tensors.get(name));
  const facts = given.map(
    (tensor): ValueFacts | undefined =>
      tensor && { shape: tensor.shape, type: elementTypeOf(tensor), value: tensor },
  );
  const shapes = definition.infer(node, facts, { batch: undefined }).map(({ shape }) => shape);
  definition.evaluate(node, given, shapes).forEach((tensor, i) => {
    const name = node.outputs[i] ?? "";
    if (name !== "") tensors.set(name, tensor);
  });
}
