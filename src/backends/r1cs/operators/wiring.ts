/** Operators that move values and change none: they cost nothing. */
import {
  type Concat,
  type ConstantTensor,
  operatorInputs,
  type Program,
  type Reshape,
  type Take,
  type TensorId,
  type Transpose,
} from "../../../program/program.ts";
import { runOperator } from "../../../program/run/operator.ts";
import { elementCount } from "../../../tensor/shape.ts";
import { type OperatorContext, readConstant, readTensor } from "./context.ts";

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

export function moved<E>(context: OperatorContext<E>, operator: Move): E[] {
  const { circuit, plan } = context;
  const fill = circuit.constant(operator.kind === "take" ? BigInt(operator.fill) : 0n);
  return sourcesOf(plan.program, operator).map((place) =>
    place === null ? fill : readTensor(context, place.tensor)[place.element],
  );
}

export function constantTensor<E>(context: OperatorContext<E>, operator: ConstantTensor): E[] {
  return [...readConstant(context, operator.constant)];
}
