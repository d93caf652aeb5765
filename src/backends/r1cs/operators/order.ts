/** The larger of two, and the place of the largest. */
import type { ArgMax, Max } from "../../../program/program.ts";
import { affine, subtract } from "../circuit.ts";
import { bindingOf, elementRange, isWanted, MAX_OPERAND_LENGTH } from "../circuitPlan.ts";
import { isNonNegative, select } from "../gadgets/comparison.ts";
import { type OperatorContext, readShort } from "./context.ts";

export function max<E>(context: OperatorContext<E>, operator: Max): E[] {
  const { circuit, plan } = context;
  const left = readShort(context, operator.left, MAX_OPERAND_LENGTH);
  const right = readShort(context, operator.right, MAX_OPERAND_LENGTH);
  const binding = bindingOf(2 * MAX_OPERAND_LENGTH);
  return left.map((value, j) => {
    if (!isWanted(plan, operator.output, j)) return circuit.constant(0n);
    const l = elementRange(plan, operator.left, j);
    const r = elementRange(plan, operator.right, j);
    const range = { lo: l.lo - r.hi, hi: l.hi - r.lo };
    if (range.lo >= 0n) return value;
    if (range.hi <= 0n) return right[j];
    const isLeft = isNonNegative(circuit, subtract(circuit, value, right[j]), range, binding);
    return select(circuit, isLeft, value, right[j]);
  });
}

/** One comparison after the other: the best so far stays unless the next one is larger. */
export function argMax<E>(context: OperatorContext<E>, operator: ArgMax): E[] {
  const { circuit, plan } = context;
  const input = readShort(context, operator.input, MAX_OPERAND_LENGTH);
  const length = plan.program.tensors[operator.input].shape.at(-1) ?? 1;
  const { lo, hi } = plan.ranges[operator.input];
  const range = { lo: lo - hi, hi: hi - lo };
  const binding = bindingOf(2 * MAX_OPERAND_LENGTH);
  const output: E[] = [];
  for (let row = 0; row < input.length; row += length) {
    let best = input[row];
    let index = circuit.constant(0n);
    for (let j = 1; j < length; j++) {
      const next = input[row + j];
      const stays = isNonNegative(circuit, subtract(circuit, best, next), range, binding);
      const place = circuit.constant(BigInt(j));
      // From two constants the choice is linear.
      index = j === 1 ? affine(circuit, stays, -1n, 1n) : select(circuit, stays, index, place);
      if (j < length - 1) best = select(circuit, stays, best, next);
    }
    output.push(index);
  }
  return output;
}
