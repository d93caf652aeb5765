/** Products of two tensors, and quotients with a remainder that is proven to be one. */
import type { BatchMatMul, Divide, Multiply } from "../../../program/program.ts";
import { affine, subtract } from "../circuit.ts";
import { bindingOf, MAX_OPERAND_LENGTH } from "../circuitPlan.ts";
import { bitLength, bitsOf } from "../gadgets/bits.ts";
import { enforceAtMost } from "../gadgets/comparison.ts";
import { type OperatorContext, productTerms, readShort, readTensor } from "./context.ts";

export function multiply<E>(context: OperatorContext<E>, operator: Multiply): E[] {
  const productOf = productTerms(context, operator.left, operator.right);
  return readTensor(context, operator.left).map((_, j) => context.circuit.sum([productOf(j, j)]));
}

export function batchMatMul<E>(context: OperatorContext<E>, operator: BatchMatMul): E[] {
  const { tensors } = context.plan.program;
  const [numOutputs, length] = tensors[operator.right].shape.slice(-2);
  const numRows = tensors[operator.left].shape.at(-2) ?? 1;
  const productOf = productTerms(context, operator.left, operator.right);
  const output: E[] = [];
  for (let row = 0; row * length < readTensor(context, operator.left).length; row++) {
    const matrix = Math.floor(row / numRows);
    for (let m = 0; m < numOutputs; m++) {
      const right = (matrix * numOutputs + m) * length;
      const terms = Array.from({ length }, (_, k) => productOf(row * length + k, right + k));
      output.push(context.circuit.sum(terms));
    }
  }
  return output;
}

/** floor(n / d), d ≥ 1 */
function quotientOf(n: bigint, d: bigint): bigint {
  return n >= 0n ? n / d : -((d - 1n - n) / d);
}

/**
 * y · d = n − r with 0 ≤ r ≤ d − 1 and y in the range of the quotient. All are small, so that the equation holds over the
 * integers, where it has one solution.
 */
export function divide<E>(context: OperatorContext<E>, operator: Divide): E[] {
  const { circuit, plan } = context;
  const numerator = readShort(context, operator.numerator, MAX_OPERAND_LENGTH);
  const denominator = readShort(context, operator.denominator, MAX_OPERAND_LENGTH);
  const largest = plan.ranges[operator.denominator].hi;
  const { range } = plan.program.tensors[operator.output];
  const lo = BigInt(range.lo);
  const binding = bindingOf(MAX_OPERAND_LENGTH);
  return numerator.map((n, j) => {
    const d = denominator[j];
    const quotient = circuit.wire((read) => quotientOf(read(n), read(d)));
    enforceAtMost(circuit, affine(circuit, quotient, 1n, -lo), BigInt(range.hi) - lo, binding);
    const remainder = circuit.wire((read) => read(n) - read(quotient) * read(d));
    circuit.enforce(d, quotient, subtract(circuit, n, remainder));
    const bits = bitLength(largest - 1n);
    bitsOf(circuit, remainder, bits, binding);
    const gap = circuit.sum(
      [
        { factor: 1n, of: d },
        { factor: -1n, of: remainder },
      ],
      -1n,
    );
    bitsOf(circuit, gap, bits, binding);
    return quotient;
  });
}
