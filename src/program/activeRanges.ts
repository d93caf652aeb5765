import { elementCount } from "../tensor/shape.ts";
import {
  functionInterval,
  type Interval,
  intervalHull,
  matMulInterval,
  shiftInterval,
  uniformInterval,
} from "./interval.ts";
import { rangeContains } from "./intRange.ts";
import type { IntRange, Program, ProgramOperator } from "./program.ts";
import { invalidProgram } from "./programErrors.ts";

/** What can really occur, given the actual weights. Secret like the weights themselves: publish only rounded outward. */
export interface ActiveRanges {
  /** By TensorId: the hull over all elements, for every input in the declared range. */
  readonly tensors: readonly IntRange[];
}

function outputInterval(program: Program, operator: ProgramOperator, input: Interval): Interval {
  switch (operator.kind) {
    case "matmul": {
      const bias = operator.bias === null ? null : program.constants[operator.bias];
      return matMulInterval(input, program.constants[operator.weight], bias);
    }
    case "requantise": {
      const shifted = shiftInterval(input, operator.shift);
      const reached = intervalHull(shifted);
      const { domain } = operator.function;
      if (!rangeContains(domain, reached)) {
        const message = `its domain [${domain.lo}, ${domain.hi}] does not cover [${reached.lo}, ${reached.hi}], which inputs can reach`;
        throw invalidProgram(`operator "${operator.name}"`, message);
      }
      return functionInterval(shifted, operator.function);
    }
    case "argmax": {
      const { shape, range } = program.tensors[operator.output];
      return uniformInterval(range, elementCount(shape));
    }
    case "reshape":
      return input;
  }
}

/**
 * Interval analysis with the actual weights, element by element, over every input in the declared ranges.
 *
 * @throws TensorproofError `program.invalid` where a function's domain does not cover what inputs can reach
 */
export function activeRanges(program: Program): ActiveRanges {
  const intervals: Interval[] = program.inputs.map((id) => {
    const { range, shape } = program.tensors[id];
    return uniformInterval(range, elementCount(shape));
  });
  for (const operator of program.operators) {
    intervals[operator.output] = outputInterval(program, operator, intervals[operator.input]);
  }
  return { tensors: intervals.map(intervalHull) };
}
