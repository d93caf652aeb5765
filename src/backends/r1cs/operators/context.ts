import type { ConstantId, TensorId } from "../../../program/program.ts";
import { type Circuit, materialise, multiply, type Term } from "../circuit.ts";
import { type CircuitPlan, isWanted, MAX_OPERAND_LENGTH } from "../circuitPlan.ts";

/** What the operators of one sample share. Every tensor is a row of expressions, in row-major order. */
export interface OperatorContext<E> {
  readonly circuit: Circuit<E>;
  readonly plan: CircuitPlan;
  /** By TensorId, as far as they are computed. */
  readonly tensors: (E[] | undefined)[];
  /** Those whose long expressions were given wires. */
  readonly shortened: Set<TensorId>;
  /** Wires of hidden weights, by ConstantId; null where weights are constants of the circuit. */
  readonly weights: readonly (readonly E[])[] | null;
}

export function readTensor<E>({ tensors }: OperatorContext<E>, id: TensorId): E[] {
  const expressions = tensors[id];
  if (expressions === undefined) throw new TypeError(`tensor ${id} is read before it is computed`);
  return expressions;
}

/** The tensor with expressions of at most this length: longer ones are given wires, once for all readers. */
export function readShort<E>(context: OperatorContext<E>, id: TensorId, longest: number): E[] {
  const expressions = readTensor(context, id);
  if (context.plan.lengths[id] <= longest || context.shortened.has(id)) return expressions;
  context.shortened.add(id);
  const wires = expressions.map((expression, j) =>
    isWanted(context.plan, id, j) ? materialise(context.circuit, expression) : expression,
  );
  context.tensors[id] = wires;
  return wires;
}

/** A constant as expressions: wires where weights are hidden. */
export function readConstant<E>(context: OperatorContext<E>, id: ConstantId): readonly E[] {
  const { circuit, plan, weights } = context;
  if (weights !== null) return weights[id];
  return Array.from(plan.program.constants[id].data, (value) => circuit.constant(BigInt(value)));
}

/** left[i] · right[j] as a term: a constraint, unless one of the tensors is fixed. */
export function productTerms<E>(
  context: OperatorContext<E>,
  left: TensorId,
  right: TensorId,
): (i: number, j: number) => Term<E> {
  const { circuit, plan } = context;
  const leftFixed = plan.fixed[left];
  const rightFixed = plan.fixed[right];
  const leftValues = readShort(context, left, MAX_OPERAND_LENGTH);
  const rightValues = readShort(context, right, MAX_OPERAND_LENGTH);
  if (leftFixed !== undefined) return (i, j) => ({ factor: BigInt(leftFixed[i]), of: rightValues[j] });
  if (rightFixed !== undefined) return (i, j) => ({ factor: BigInt(rightFixed[j]), of: leftValues[i] });
  return (i, j) => ({ factor: 1n, of: multiply(circuit, leftValues[i], rightValues[j]) });
}
