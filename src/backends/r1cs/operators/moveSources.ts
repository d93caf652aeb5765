/** Where operators that move values and change none take them from. */
import {
  type Concat,
  operatorInputs,
  type Program,
  type Reshape,
  type Take,
  type TensorId,
  type Transpose,
} from "../../../program/program.ts";
import { runOperator } from "../../../program/run/operator.ts";
import { elementCount } from "../../../tensor/shape.ts";

export type Move = Concat | Reshape | Take | Transpose;

/** Element `element` of tensor `tensor`. */
interface Place {
  readonly tensor: TensorId;
  readonly element: number;
}

const FILLED = -1;

/** Where each element of the output comes from, null where it is filled in: the interpreter itself is run on the elements' numbers. */
export function sourcesOf(program: Program, operator: Move): (Place | null)[] {
  const numbers: Int32Array[] = [];
  const places: Place[] = [];
  const inputs = operatorInputs(operator);
  for (const tensor of inputs) {
    // One tensor may be several inputs of a concatenation: each time it has the same numbers.
    if (numbers[tensor] !== undefined) continue;
    const first = places.length;
    const size = elementCount(program.tensors[tensor].shape);
    numbers[tensor] = Int32Array.from({ length: size }, (_, element) => first + element);
    for (let element = 0; element < size; element++) places.push({ tensor, element });
  }
  const marked = operator.kind === "take" ? { ...operator, fill: FILLED } : operator;
  const moved = runOperator(program, marked, numbers, 1);
  return Array.from(moved, (from) => (from === FILLED ? null : places[from]));
}
