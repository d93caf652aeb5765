/**
 * Does every output depend on an input? A model whose outputs do not can be proven to give its answer, and the proof
 * says nothing about any input: it must be refused, not proven.
 */

import type { GraphDraft } from "../draft.ts";
import type { Node } from "../node.ts";
import type { GraphProblem } from "../problem.ts";

/** They read nothing of a tensor but its shape. */
const SHAPE_ONLY: ReadonlySet<string> = new Set(["Shape", "Size"]);

/** Reports `model.noInput`, or `model.outputIndependent` for every output that no input reaches. */
export function checkDependence(draft: GraphDraft, ordered: readonly Node[], problems: GraphProblem[]): void {
  if (draft.inputs.length === 0) {
    const reason =
      "has no graph input: whatever its input once was has been computed into constants when the file was written, " +
      "so the outputs are the same for ever. A proof of it would prove nothing about " +
      "any input, for example an image. Export the model again so that the input stays symbolic (when tracing, " +
      "keep the data in the framework's own tensors from the input on), or use another file format of the same model";
    problems.push({ code: "model.noInput", where: draft.name, reason });
    return;
  }
  const reached = new Set(draft.inputs.map((input) => input.name));
  for (const node of ordered) {
    // The shape of a tensor is fixed here, so nothing of the input's elements gets through a Shape.
    if (SHAPE_ONLY.has(node.operator) || !node.inputs.some((input) => reached.has(input))) continue;
    for (const output of node.outputs) if (output !== "") reached.add(output);
  }
  for (const output of draft.outputs) {
    if (reached.has(output)) continue;
    const reason =
      "does not depend on any input: it is computed from constants alone, so a proof would prove nothing about the " +
      "input. Export the model again with the input connected, or leave this output out";
    problems.push({ code: "model.outputIndependent", where: output, reason });
  }
}
