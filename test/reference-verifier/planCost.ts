/**
 * Evaluation cost of an inference plan: docs/spec/11-plan.md, 11.9.
 */
import { claimedLayers } from "./claimedReadings.ts";
import { bits } from "./multilinear.ts";
import { type Expression, numCells, type Plan } from "./plan.ts";
import { must } from "./refusal.ts";

const MAX_WIRED = 2 ** 22;
const MIN_READ = 2 ** 24;

export function evaluationCost(plan: Plan): { wired: number; read: number } {
  const cost = { wired: 0, read: 0 };
  const isPublic = (tensor: number): boolean => plan.tensors[tensor]!.holder === "public";
  const addExpression = (viewAxes: readonly number[], expression: Expression): void => {
    for (const { source } of expression.terms) {
      if (source.kind !== "tensor") continue;
      const axes = source.tensor === "one" ? [] : plan.tensors[source.tensor]!.axes;
      for (const [axis, { axes: along, map }] of source.wires.entries()) {
        if (map === undefined) continue;
        const pairs = map.from.length;
        cost.wired += pairs + (axes[axis] ?? 1);
        for (const viewAxis of along) {
          const length = viewAxes[viewAxis]!;
          cost.wired += Math.min(length, pairs * bits(length));
        }
      }
      if (source.tensor !== "one" && isPublic(source.tensor)) cost.read += numCells(axes);
    }
  };
  for (const { axes, columns } of plan.sections) for (const column of columns) addExpression(axes, column);
  for (const { axes, expression } of plan.equalities) addExpression(axes, expression);
  for (const claimed of claimedLayers(plan)) {
    const { axes, left, right, bias } = plan.layers[claimed]!;
    for (const operand of [left, right]) {
      addExpression(
        operand.axes.map((axis) => axes[axis]!),
        operand.expression,
      );
    }
    if (bias !== undefined && isPublic(bias)) cost.read += numCells(plan.tensors[bias]!.axes);
  }
  return cost;
}

export function checkEvaluationCost(plan: Plan): void {
  const { wired, read } = evaluationCost(plan);
  const publicTensors = plan.tensors.filter(({ holder }) => holder === "public");
  const cells = publicTensors.reduce((sum, { axes }) => sum + numCells(axes), 0);
  must(wired <= MAX_WIRED && read <= MIN_READ + 256 * cells, "program.tablesTooLarge", "cost of evaluation");
}
