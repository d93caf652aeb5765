/** How each operator of a program is read or proven. */
import { type Conv, operatorInputs, type ProgramOperator } from "../program/program.ts";
import { planBatchMatMul } from "./linear/batchMatMulPlan.ts";
import { planConv, planMatMul, planMultiply } from "./linear/plan.ts";
import type { PlanState } from "./planState.ts";
import { planStored } from "./planStored.ts";
import { hasLayers, permuted, type Reading, scaled, storedReading, summed } from "./reading.ts";
import { aligned, cutsMidway, cutsViewAxes, reshaped } from "./reshapeReading.ts";
import { concatReading, takeReading, windowSumReading } from "./wiring.ts";

/** Reading of an operator's output. */
export function planOperator(state: PlanState, operator: ProgramOperator): Reading {
  const { labels, readings, program } = state;
  const { name, output } = operator;
  const shape = program.tensors[output].shape;
  const accumulators = { kind: "tensor", tensor: output } as const;
  for (const id of operatorInputs(operator)) labels.spendOn(readings[id], name);
  switch (operator.kind) {
    case "reshape":
      // A layer has the axes of its weights, so what it sums up is stored before one of them is cut.
      if (cutsViewAxes(readings[operator.input], shape) && hasLayers(readings[operator.input]))
        state.materialise(operator.input, "advice");
      if (cutsMidway(readings[operator.input], shape))
        return reshaped(labels, state.flattened(operator.input), shape, name);
      return reshaped(labels, readings[operator.input], shape, name);
    case "transpose":
      return permuted(readings[operator.input], operator.permutation);
    case "take":
      return takeReading(labels, state.plain(operator.input, [operator.axis]), operator);
    case "windowSum": {
      const length = program.tensors[operator.input].shape[operator.axis];
      return windowSumReading(
        labels,
        state.plain(operator.input, [operator.axis]),
        operator,
        length,
        shape[operator.axis],
      );
    }
    case "concat": {
      const lengths = operator.inputs.map((id) => program.tensors[id].shape[operator.axis]);
      const parts = operator.inputs.map((id) => state.plain(id, [operator.axis]));
      return concatReading(labels, parts, lengths, operator.axis, name);
    }
    case "combine": {
      const parts = operator.inputs.map((id, i) =>
        scaled(readings[id], operator.factors[i], i === 0 ? operator.offset : 0),
      );
      return parts.reduce((sum, part) => summed(...aligned(labels, sum, part, name)));
    }
    case "constant": {
      const groups = shape.map((length) => (length === 1 ? [] : [length]));
      const tensor = state.constant(name, operator.constant, groups.flat());
      return storedReading(labels, tensor, state.batch, groups, false);
    }
    case "matmul": {
      const [numOutputs] = program.constants[operator.weight].shape;
      return state.addLayer(
        planMatMul(labels, operator, state.plain(operator.input, []), numOutputs, (axes) =>
          state.layerConstants(operator, axes),
        ),
        accumulators,
      );
    }
    case "batchMatMul": {
      const axes = shape.map((_, axis) => axis);
      const left = state.plain(operator.left, axes);
      const right = state.plain(operator.right, axes);
      // Materialising the right may have been about the left: a square has one reading.
      const pair = [operator.left === operator.right ? right : left, right] as const;
      return state.addLayer(planBatchMatMul(labels, operator, ...pair), accumulators);
    }
    case "conv": {
      const planned = planConv(labels, operator, state.plain(operator.input, spatialAndGrouped(operator)), {
        inputShape: program.tensors[operator.input].shape,
        outputLengths: shape.slice(0, -1),
        weightShape: program.constants[operator.weight].shape,
        constants: (axes) => state.layerConstants(operator, axes),
      });
      return state.addLayer(planned, accumulators);
    }
    case "multiply": {
      const pair = aligned(labels, state.plain(operator.left, []), state.plain(operator.right, []), name);
      return state.addLayer(planMultiply(name, ...pair), accumulators);
    }
    default:
      return planStored(state, operator);
  }
}

/** Axes of a convolution's input that it reads through windows or in groups. */
function spatialAndGrouped(operator: Conv): number[] {
  const spatial = operator.strides.map((_, axis) => axis);
  return operator.groups === 1 ? spatial : [...spatial, spatial.length];
}
