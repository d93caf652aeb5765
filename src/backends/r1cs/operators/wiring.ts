/** Operators that move values and change none: they cost nothing. */
import type { ConstantTensor } from "../../../program/program.ts";
import { type OperatorContext, readConstant, readTensor } from "./context.ts";
import { type Move, sourcesOf } from "./moveSources.ts";

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
