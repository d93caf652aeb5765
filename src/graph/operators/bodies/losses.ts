/** Losses as bodies of simpler operators. */

import { attribute } from "../../attributes.ts";
import type { Node } from "../../node.ts";
import { requiredFacts } from "../../operator.ts";
import type { Body, Expand } from "../expansion.ts";

/** −weight[target] · input[target], reduced as the node says; targets of the ignored index count nothing. */
function likelihoodLoss(body: Body, node: Node, input: string, target: string, weight: string): string {
  const ignored = attribute(node, "ignore_index", "int");
  const one = body.integers(1);
  let labels = target;
  let counted: string | null = null;
  if (ignored !== undefined) {
    const isIgnored = body.add("Equal", [target, body.integers(ignored)]);
    labels = body.add("Where", [isIgnored, body.integers(0), target]);
    counted = body.add("Where", [isIgnored, body.real(0), body.real(1)]);
  }
  const picked = body.add("GatherElements", [input, body.add("Unsqueeze", [labels, one])], { axis: 1 });
  let loss = body.add("Neg", [body.add("Squeeze", [picked, one])]);
  let weights = counted;
  if (weight !== "") {
    const ofLabel = body.add("Gather", [weight, labels], { axis: 0 });
    weights = counted === null ? ofLabel : body.add("Mul", [ofLabel, counted]);
  }
  if (weights !== null) loss = body.add("Mul", [loss, weights]);
  const reduction = attribute(node, "reduction", "string") ?? "mean";
  if (reduction === "none") return loss;
  if (reduction === "sum") return body.add("ReduceSum", [loss], { keepdims: 0 });
  if (weights === null) return body.add("ReduceMean", [loss], { keepdims: 0 });
  const total = body.add("ReduceSum", [weights], { keepdims: 0 });
  return body.add("Div", [body.add("ReduceSum", [loss], { keepdims: 0 }), total]);
}

export const negativeLogLikelihoodLoss: Expand = (body, node) => {
  const [input, target, weight = ""] = node.inputs;
  return [likelihoodLoss(body, node, input, target, weight)];
};

export const softmaxCrossEntropyLoss: Expand = (body, node, inputs) => {
  requiredFacts(node, inputs, 0);
  const [scores, target, weight = ""] = node.inputs;
  const logarithms = body.add("LogSoftmax", [scores], { axis: 1 });
  return [likelihoodLoss(body, node, logarithms, target, weight), logarithms];
};
