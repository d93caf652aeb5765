/** Operators that add up: with weights as constants they need no constraint, and a weight of 0 not even a term. */
import type { Combine, ConstantId, Conv, MatMul, WindowSum } from "../../../program/program.ts";
import { elementCount } from "../../../tensor/shape.ts";
import { multiply, type Term } from "../circuit.ts";
import { MAX_SUMMAND_LENGTH } from "../circuitPlan.ts";
import { type OperatorContext, readConstant, readShort, readTensor } from "./context.ts";
import { convReads } from "./convReads.ts";

/** How a sum multiplies by entries of a weight: by constants, or by wires with one constraint each. */
function multiplier<E>(
  context: OperatorContext<E>,
  weight: ConstantId,
): (terms: Term<E>[], of: E, at: number) => void {
  const { circuit, weights, plan } = context;
  if (weights !== null) {
    const wires = weights[weight];
    return (terms, of, at) => {
      terms.push({ factor: 1n, of: multiply(circuit, of, wires[at]) });
    };
  }
  const factors = Array.from(plan.program.constants[weight].data, BigInt);
  return (terms, of, at) => {
    if (factors[at] !== 0n) terms.push({ factor: factors[at], of });
  };
}

function biasTerms<E>(context: OperatorContext<E>, bias: ConstantId | null): (m: number) => Term<E>[] {
  if (bias === null) return () => [];
  const values = readConstant(context, bias);
  return (m) => [{ factor: 1n, of: values[m] }];
}

export function matMul<E>(context: OperatorContext<E>, operator: MatMul): E[] {
  const { circuit, plan } = context;
  const [numOutputs, length] = plan.program.constants[operator.weight].shape;
  const input = readShort(context, operator.input, MAX_SUMMAND_LENGTH);
  const bias = biasTerms(context, operator.bias);
  const multiplyBy = multiplier(context, operator.weight);
  const output: E[] = [];
  for (let row = 0; row < input.length; row += length) {
    for (let m = 0; m < numOutputs; m++) {
      const terms = bias(m);
      for (let k = 0; k < length; k++) multiplyBy(terms, input[row + k], m * length + k);
      output.push(circuit.sum(terms));
    }
  }
  return output;
}

export function conv<E>(context: OperatorContext<E>, operator: Conv): E[] {
  const { circuit, plan } = context;
  const { geometry, forEach } = convReads(plan.program, operator);
  const input = readShort(context, operator.input, MAX_SUMMAND_LENGTH);
  const bias = biasTerms(context, operator.bias);
  const multiplyBy = multiplier(context, operator.weight);
  const output: E[] = [];
  for (let position = 0; position < geometry.outputPositions; position++) {
    for (let m = 0; m < geometry.numOutputs; m++) {
      const terms = bias(m);
      forEach(position, m, (element, weight) => multiplyBy(terms, input[element], weight));
      output.push(circuit.sum(terms));
    }
  }
  return output;
}

export function combine<E>(context: OperatorContext<E>, operator: Combine): E[] {
  const inputs = operator.inputs.map((id) => readTensor(context, id));
  const factors = operator.factors.map(BigInt);
  return inputs[0].map((_, j) =>
    context.circuit.sum(
      inputs.map((input, i) => ({ factor: factors[i], of: input[j] })),
      BigInt(operator.offset),
    ),
  );
}

export function windowSum<E>(context: OperatorContext<E>, operator: WindowSum): E[] {
  const { circuit, plan } = context;
  const { input, axis, size, stride, padBegin, output } = operator;
  const { shape } = plan.program.tensors[input];
  const windows = plan.program.tensors[output].shape[axis];
  const inner = elementCount(shape.slice(axis + 1));
  const expressions = readShort(context, input, MAX_SUMMAND_LENGTH);
  const result: E[] = [];
  for (let start = 0; start < expressions.length; start += shape[axis] * inner) {
    for (let o = 0; o < windows; o++) {
      const first = stride * o - padBegin;
      for (let i = 0; i < inner; i++) {
        const terms: Term<E>[] = [];
        for (let at = Math.max(first, 0); at < Math.min(first + size, shape[axis]); at++)
          terms.push({ factor: 1n, of: expressions[start + at * inner + i] });
        result.push(circuit.sum(terms));
      }
    }
  }
  return result;
}
