/**
 * One operator of a program in the plan: docs/spec/11-plan.md, 11.6 and 11.7.
 */
import { planGather } from "./planGather.ts";
import { planBatchMatMul, planConv, planMatmul, planMultiply } from "./planLayers.ts";
import {
  planCombine,
  planConcat,
  planConstant,
  planReshape,
  planTake,
  planTranspose,
  planWindowSum,
} from "./planRead.ts";
import type { Reading } from "./planReading.ts";
import type { PlanState } from "./planState.ts";
import { planArgmax, planDivide, planMax, planRequantise, planRescale } from "./planStored.ts";
import { inputsOf, type Operator } from "./program.ts";

export function planOperator(state: PlanState, operator: Operator, id: number): void {
  for (const input of inputsOf(operator)) state.spendOn(state.reading(input));
  state.setReading(id, readingOf(state, operator, id));
}

function readingOf(state: PlanState, operator: Operator, id: number): Reading {
  switch (operator.kind) {
    case "matmul":
      return planMatmul(state, operator);
    case "conv":
      return planConv(state, operator);
    case "combine":
      return planCombine(state, operator);
    case "multiply":
      return planMultiply(state, operator.name, operator.left, operator.right);
    case "divide":
      return planDivide(state, id, operator.numerator, operator.denominator);
    case "max":
      return planMax(state, id, operator.left, operator.right);
    case "requantise":
      return planRequantise(state, id, operator.input, operator.shift, operator.fn);
    case "rescale":
      return planRescale(state, id, operator);
    case "argmax":
      return planArgmax(state, id, operator.input);
    case "take":
      return planTake(state, operator);
    case "windowSum":
      return planWindowSum(state, operator);
    case "transpose":
      return planTranspose(state, operator.input, operator.permutation);
    case "concat":
      return planConcat(state, operator.inputs, operator.axis);
    case "constant":
      return planConstant(state, operator.constant);
    case "batchMatMul":
      return planBatchMatMul(state, operator.name, operator.left, operator.right);
    case "gather":
      return planGather(state, id, operator);
    case "reshape":
      return planReshape(state, operator.input, state.program.tensors[id]!.shape);
  }
}
