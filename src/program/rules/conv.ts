import { convAccumulatorRange } from "../declaredRanges.ts";
import type { Conv } from "../program.ts";
import { invalidProgram } from "../programErrors.ts";
import type { ProgramStructure } from "../programStructure.ts";
import { checkInteger, MAX_INT32 } from "./checkInteger.ts";
import type { DerivedOutput } from "./derivedOutput.ts";
import { checkedWindows } from "./window.ts";

const MAX_SPATIAL_AXES = 3;

/** weight is [M, K_1 … K_n, C / groups], bias [M], input [L_1 … L_n, C]; the output is [O_1 … O_n, M]. */
export function convRule(program: ProgramStructure, operator: Conv, where: string): DerivedOutput {
  const input = program.tensors[operator.input].shape;
  const weight = program.constants[operator.weight].shape;
  const { strides, dilations, padBegin, padEnd, groups } = operator;
  const numAxes = input.length - 1;
  if (numAxes < 1 || numAxes > MAX_SPATIAL_AXES || weight.length !== numAxes + 2) {
    throw invalidProgram(where, `cannot convolve an input [${input}] with a weight [${weight}]`);
  }
  if ([strides, dilations, padBegin, padEnd].some((list) => list.length !== numAxes)) {
    throw invalidProgram(
      where,
      `expected ${numAxes} strides, dilations and paddings each, one per spatial axis`,
    );
  }
  const numOutputs = weight[0];
  checkInteger(groups, 1, MAX_INT32, "a number of groups", where);
  if (input[numAxes] !== groups * weight[numAxes + 1] || numOutputs % groups !== 0) {
    throw invalidProgram(where, `${groups} groups of a weight [${weight}] do not fit an input [${input}]`);
  }
  if (operator.bias !== null) {
    const bias = program.constants[operator.bias].shape;
    if (bias.length !== 1 || bias[0] !== numOutputs) {
      throw invalidProgram(where, `expected a bias of shape [${numOutputs}], got [${bias}]`);
    }
  }
  const windows = strides.map((stride, axis) =>
    checkedWindows(
      {
        length: input[axis],
        size: weight[axis + 1],
        stride,
        dilation: dilations[axis],
        padBegin: padBegin[axis],
        padEnd: padEnd[axis],
      },
      where,
    ),
  );
  return { shape: [...windows, numOutputs], range: convAccumulatorRange(program, operator), quant: null };
}
