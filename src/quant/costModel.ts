import { rangeSize } from "../program/intRange.ts";
import type { ProgramOperator } from "../program/program.ts";
import type { ProgramStructure } from "../program/programStructure.ts";
import { elementCount } from "../tensor/shape.ts";

/**
 * What an operator costs to prove for one sample, counted in field elements that are committed or looked up. A model
 * for shares and comparisons, not for seconds:
 *
 * - matmul: its weights and biases, which the proof opens; the products themselves are one sumcheck over them.
 * - requantise: per element two lookups (remainder and function; one without a shift) and as many committed cells,
 *   and once the rows of its table.
 * - argmax: per entry one lookup and one committed cell, for the difference to the largest.
 * - reshape: nothing.
 */
export interface OperatorCost {
  readonly lookups: number;
  readonly tableRows: number;
  readonly committedCells: number;
}

export function operatorCost(program: ProgramStructure, operator: ProgramOperator): OperatorCost {
  const inputs = elementCount(program.tensors[operator.input].shape);
  switch (operator.kind) {
    case "matmul": {
      const weights = elementCount(program.constants[operator.weight].shape);
      const biases = operator.bias === null ? 0 : elementCount(program.constants[operator.bias].shape);
      return { lookups: 0, tableRows: 0, committedCells: weights + biases };
    }
    case "requantise": {
      const perElement = operator.shift === 0 ? 1 : 2;
      const tableRows = rangeSize(operator.function.domain);
      return { lookups: perElement * inputs, tableRows, committedCells: perElement * inputs };
    }
    case "argmax":
      return { lookups: inputs, tableRows: 0, committedCells: inputs };
    case "reshape":
      return { lookups: 0, tableRows: 0, committedCells: 0 };
  }
}

/** The cost as one number. */
export function totalCost({ lookups, tableRows, committedCells }: OperatorCost): number {
  return lookups + tableRows + committedCells;
}

/** Products of an input and a weight, for one sample. */
export function multiplyAccumulates(program: ProgramStructure, operator: ProgramOperator): number {
  if (operator.kind !== "matmul") return 0;
  return elementCount(program.tensors[operator.output].shape) * program.constants[operator.weight].shape[1];
}
