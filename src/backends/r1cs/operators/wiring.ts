/** Operators that move values and change none: they cost nothing. */
import {
  type Concat,
  type ConstantTensor,
  operatorInputs,
  type Reshape,
  type Take,
  type Transpose,
} from "../../../program/program.ts";
import { runOperator } from "../../../program/run/operator.ts";
import { elementCount } from "../../../tensor/shape.ts";
import { type OperatorContext, readConstant, readTensor } from "./context.ts";

const FILLED = -1;

/** Where the interpreter itself moves each element to: it is run on the elements' numbers. */
export function moved<E>(context: OperatorContext<E>, operator: Concat | Reshape | Take | Transpose): E[] {
  const { circuit, plan } = context;
  const { program } = plan;
  const numbers: Int32Array[] = [];
  const elements: E[] = [];
  for (const id of operatorInputs(operator)) {
    // One tensor may be several inputs of a concatenation: each time it has the same numbers.
    if (numbers[id] !== undefined) continue;
    const first = elements.length;
    numbers[id] = Int32Array.from({ length: elementCount(program.tensors[id].shape) }, (_, j) => first + j);
    for (const element of readTensor(context, id)) elements.push(element);
  }
  const marked = operator.kind === "take" ? { ...operator, fill: FILLED } : operator;
  const fill = operator.kind === "take" ? circuit.constant(BigInt(operator.fill)) : undefined;
  return Array.from(runOperator(program, marked, numbers, 1), (from) =>
    from === FILLED && fill !== undefined ? fill : elements[from],
  );
}

export function constantTensor<E>(context: OperatorContext<E>, operator: ConstantTensor): E[] {
  return [...readConstant(context, operator.constant)];
}
