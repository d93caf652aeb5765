/**
 * Evaluation cost of an inference plan: docs/spec/11-plan.md, 11.9.
 */
import { claimedLayers } from "./claimedReadings.ts";
import { type Expression, numCells, type Plan } from "./plan.ts";
import { must } from "./refusal.ts";

const LIMIT = 2 ** 24;

export function evaluationCost(plan: Plan): { wired: number; read: number } {
  const cost = { wired: 0, read: 0 };
  const isPublic = (tensor: number): boolean => plan.tensors[tensor]!.holder === "public";
  const addExpression = (expression: Expression): void => {
    for (const { source } of expression.terms) {
      if (source.kind !== "tensor") continue;
      const axes = source.tensor === "one" ? [] : plan.tensors[source.tensor]!.axes;
      for (const [axis, { map }] of source.wires.entries()) {
        if (map !== undefined) cost.wired += map.from.length + (axes[axis] ?? 1);
      }
      if (source.tensor !== "one" && isPublic(source.tensor)) cost.read += numCells(axes);
    }
  };
  for (const { columns } of plan.sections) columns.forEach(addExpression);
  for (const { expression } of plan.equalities) addExpression(expression);
  for (const claimed of claimedLayers(plan)) {
    const { left, right, bias } = plan.layers[claimed]!;
    addExpression(left.expression);
    addExpression(right.expression);
    if (bias !== undefined && isPublic(bias)) cost.read += numCells(plan.tensors[bias]!.axes);
  }
  return cost;
}

export function checkEvaluationCost(plan: Plan): void {
  const { wired, read } = evaluationCost(plan);
  const publicTensors = plan.tensors.filter(({ holder }) => holder === "public");
  const cells = publicTensors.reduce((sum, { axes }) => sum + numCells(axes), 0);
  must(wired <= LIMIT && read <= LIMIT + 256 * cells, "program.tablesTooLarge", "cost of evaluation");
}
