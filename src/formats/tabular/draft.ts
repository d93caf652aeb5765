/** Graphs of models that read rows of features: what is common to the formats of their libraries. */

import type { GraphDraft } from "../../graph/draft.ts";
import type { Attribute } from "../../graph/node.ts";
import { INTERNAL_DOMAIN } from "../../graph/operators/internal.ts";
import { ensembleAttributes, ensembleConstants, TREE_ENSEMBLE } from "../../graph/operators/treeEnsemble.ts";
import { type Ensemble, treeTable } from "../../graph/trees/treeTable.ts";
import { DraftBuilder } from "../draftBuilder.ts";

/**
 * What becomes of the scores. `regression`: they are the prediction. `probability`: the logistic function of the only one.
 * `classification`: a label, the index of the largest one, and their Softmax. `votes`: a label, and the scores themselves.
 */
export type Task = "regression" | "probability" | "classification" | "votes";

const int = (value: number): Attribute => ({ type: "int", value });

export const INPUT = "features";

/** Adds the outputs that a task has, from the tensor of scores. */
export function addTask(builder: DraftBuilder, scores: string, task: Task): void {
  const axis: Record<string, Attribute> = { axis: int(-1) };
  const add = (operator: string, output: string, attributes: Record<string, Attribute>): void => {
    builder.addNode({ name: output, operator, inputs: [scores], output, attributes });
    builder.addOutput(output);
  };
  switch (task) {
    case "regression":
      add("Identity", "prediction", {});
      return;
    case "probability":
      add("Sigmoid", "prediction", {});
      return;
    case "classification":
    case "votes":
      add("ArgMax", "label", { ...axis, keepdims: int(0) });
      if (task === "votes") builder.addOutput(scores);
      else add("Softmax", "probabilities", axis);
  }
}

/** @throws TensorproofError `model.badTree` */
export function ensembleDraft(
  name: string,
  ensemble: Ensemble,
  {
    task,
    hasDirections,
  }: { readonly task: Task /** For missing values. */; readonly hasDirections: boolean },
): GraphDraft {
  const table = treeTable(ensemble);
  const builder = new DraftBuilder(name);
  builder.addInput({ name: INPUT, type: "float32", shape: [null, ensemble.numFeatures] });
  const constants = ensembleConstants(table).map(([what, tensor]) => builder.addConstant(what, tensor));
  builder.addNode({
    name: "trees",
    operator: TREE_ENSEMBLE,
    domain: INTERNAL_DOMAIN,
    inputs: [INPUT, ...constants],
    output: "scores",
    attributes: Object.fromEntries(
      Object.entries({
        ...ensembleAttributes(table, ensemble.numTargets),
        missing: Number(hasDirections),
      }).map(([key, value]) => [key, int(value)]),
    ),
  });
  addTask(builder, "scores", task);
  return builder.finish();
}
