import { rangeSize } from "../program/intRange.ts";
import { operatorConstants, type ProgramOperator } from "../program/program.ts";
import type { ProgramStructure } from "../program/programStructure.ts";
import { elementCount } from "../tensor/shape.ts";

/**
 * What an operator costs to prove for one sample, counted in field elements that are committed or looked up. A model
 * for shares and comparisons, not for seconds:
 *
 * - matmul, conv, constant: the weights and biases, which the proof opens; the products themselves are one sumcheck.
 * - requantise: per element two lookups (remainder and function; one without a shift) and as many committed cells,
 *   and once the rows of its table.
 * - rescale: per element three lookups (between which thresholds it lies, and the distance to both) and as many committed
 *   cells, and once a row per multiplier and output value.
 * - argmax: per entry one lookup and one committed cell, for the difference to the largest.
 * - max: per element two lookups and as many committed cells, for the difference to both.
 * - multiply: per element one committed cell, the product.
 * - divide: per element three lookups (the quotient in its range, the remainder from below and from above) and one
 *   committed cell; twice as many where a range takes two limbs.
 * - gather: per element one lookup and one committed cell, and the entries of its table.
 * - all others are linear, or one sumcheck over what is stored anyway: nothing.
 */
export interface OperatorCost {
  readonly lookups: number;
  readonly tableRows: number;
  readonly committedCells: number;
}

export function operatorCost(program: ProgramStructure, operator: ProgramOperator): OperatorCost {
  const outputs = elementCount(program.tensors[operator.output].shape);
  const perElement = (lookups: number, cells: number, tableRows = 0): OperatorCost => ({
    lookups: lookups * outputs,
    tableRows,
    committedCells: cells * outputs,
  });
  switch (operator.kind) {
    case "matmul":
    case "conv":
    case "constant": {
      const sizes = operatorConstants(operator).map((id) => elementCount(program.constants[id].shape));
      return { lookups: 0, tableRows: 0, committedCells: sizes.reduce((sum, size) => sum + size, 0) };
    }
    case "requantise": {
      const tableRows = rangeSize(operator.function.domain);
      return operator.shift === 0 ? perElement(1, 1, tableRows) : perElement(2, 2, tableRows);
    }
    case "rescale":
      return perElement(3, 3, operator.multipliers.length * rangeSize(operator));
    case "argmax": {
      const inputs = elementCount(program.tensors[operator.input].shape);
      return { lookups: inputs, tableRows: 0, committedCells: inputs };
    }
    case "max":
      return perElement(2, 2);
    case "multiply":
      return perElement(0, 1);
    case "divide":
      return perElement(3, 1);
    case "gather": {
      const entries = elementCount(program.tensors[operator.table].shape);
      return perElement(1, 1, entries);
    }
    case "batchMatMul":
    case "combine":
    case "windowSum":
    case "take":
    case "transpose":
    case "concat":
    case "reshape":
      return perElement(0, 0);
  }
}

/** The cost as one number. */
export function totalCost({ lookups, tableRows, committedCells }: OperatorCost): number {
  return lookups + tableRows + committedCells;
}

/** Products of an input and a weight, for one sample. */
export function multiplyAccumulates(program: ProgramStructure, operator: ProgramOperator): number {
  if (operator.kind !== "matmul" && operator.kind !== "conv") return 0;
  const [, ...perOutput] = program.constants[operator.weight].shape;
  return elementCount(program.tensors[operator.output].shape) * elementCount(perOutput);
}
