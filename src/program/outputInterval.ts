import { batchMatMulInterval } from "./batchMatMulInterval.ts";
import { convInterval } from "./convInterval.ts";
import {
  combineInterval,
  divideInterval,
  maxInterval,
  multiplyInterval,
  rescaleInterval,
} from "./elementwiseInterval.ts";
import {
  functionInterval,
  type Interval,
  intervalHull,
  matMulInterval,
  shiftInterval,
  uniformInterval,
} from "./interval.ts";
import { rangeContains } from "./intRange.ts";
import type {
  ConstantId,
  Program,
  ProgramConstant,
  ProgramOperator,
  Requantise,
  TensorId,
} from "./program.ts";
import { invalidProgram } from "./programErrors.ts";
import { roundingRest } from "./roundingRest.ts";
import { concatInterval, takeInterval, transposeInterval, windowSumInterval } from "./structuralInterval.ts";

function requantiseInterval(input: Interval, operator: Requantise): Interval {
  const shifted = shiftInterval(input, operator.shift);
  const reached = intervalHull(shifted);
  const { domain } = operator.function;
  if (!rangeContains(domain, reached)) {
    const message = `its domain [${domain.lo}, ${domain.hi}] does not cover [${reached.lo}, ${reached.hi}], which inputs can reach`;
    throw invalidProgram(`operator "${operator.name}"`, message);
  }
  return functionInterval(shifted, operator.function);
}

/**
 * Bounds of an operator's output for the actual weights, from those of its inputs (`operatorInputs`).
 *
 * @throws TensorproofError `program.invalid` where a function's domain does not cover what its input can reach
 */
export function outputInterval(
  program: Program,
  operator: ProgramOperator,
  inputs: readonly Interval[],
): Interval {
  const shapeOf = (id: TensorId): readonly number[] => program.tensors[id].shape;
  const biasOf = (id: ConstantId | null): ProgramConstant | null =>
    id === null ? null : program.constants[id];
  const output = shapeOf(operator.output);
  switch (operator.kind) {
    case "matmul":
      return matMulInterval(inputs[0], program.constants[operator.weight], biasOf(operator.bias));
    case "batchMatMul":
      return batchMatMulInterval(inputs[0], inputs[1], shapeOf(operator.left));
    case "gather":
      return uniformInterval(intervalHull(inputs[0]), 1);
    case "conv":
      return convInterval(inputs[0], operator, program.constants[operator.weight], biasOf(operator.bias));
    case "combine": {
      const rest = roundingRest(program, operator);
      if (rest === null) return combineInterval(inputs, operator.factors, operator.offset);
      return combineInterval([uniformInterval(rest, 1)], [1], operator.offset);
    }
    case "multiply":
      return multiplyInterval(inputs[0], inputs[1]);
    case "divide":
      return divideInterval(inputs[0], inputs[1]);
    case "max":
      return maxInterval(inputs[0], inputs[1]);
    case "requantise":
      return requantiseInterval(inputs[0], operator);
    case "rescale":
      return rescaleInterval(inputs[0], operator);
    case "argmax":
      return uniformInterval(program.tensors[operator.output].range, 1);
    case "take":
      return takeInterval(inputs[0], operator, shapeOf(operator.input), output);
    case "windowSum":
      return windowSumInterval(inputs[0], operator, shapeOf(operator.input), output);
    case "transpose":
      return transposeInterval(inputs[0], operator, shapeOf(operator.input));
    case "concat":
      return concatInterval(inputs, operator, operator.inputs.map(shapeOf), output);
    case "constant": {
      const values = Float64Array.from(program.constants[operator.constant].data);
      return { lo: values, hi: values };
    }
    case "reshape":
      return inputs[0];
  }
}
