/** One operator of a program as a statement of the main template. */
import { TensorproofError } from "../../errors/tensorproofError.ts";
import {
  type Concat,
  type Conv,
  type MatMul,
  operatorInputs,
  type ProgramOperator,
  type Take,
  type Transpose,
  type WindowSum,
} from "../../program/program.ts";
import { runOperator } from "../../program/run/operator.ts";
import { elementCount } from "../../tensor/shape.ts";
import type { CircuitPlan } from "../r1cs/circuitPlan.ts";
import { bitLength } from "../r1cs/gadgets/bits.ts";
import { assign, type Emission, magnitudeBits, sizeOf } from "./emission.ts";
import { isExportable, requantised, rescaled } from "./emitRounding.ts";

/** Operators of the program that the export cannot write, each with the reason. */
export function unexportable(plan: CircuitPlan): { readonly operator: string; readonly reason: string }[] {
  return plan.program.operators.flatMap((operator) => {
    const { kind, name } = operator;
    if (kind === "gather" || kind === "batchMatMul")
      return [{ operator: name, reason: `there is no template for ${kind}` }];
    if (kind === "conv" && operator.strides.length > 2)
      return [{ operator: name, reason: "convolutions have one or two spatial axes here" }];
    if (kind === "rescale" && !isExportable(operator, plan.ranges[operator.input]))
      return [{ operator: name, reason: `its rounding (${operator.rounding}) is not one shift` }];
    return [];
  });
}

export function emitOperator(emission: Emission, operator: ProgramOperator): void {
  const { plan, line } = emission;
  const { tensors } = plan.program;
  const shapes = operatorInputs(operator).map((id) => `[${tensors[id].shape}]`);
  line("");
  line(`// ${operator.kind} "${operator.name}": ${shapes.join(", ")} -> [${tensors[operator.output].shape}]`);
  assign(emission, operator, expressionOf(emission, operator));
}

/** What the output's signals are assigned; lines that it needs before are written. */
function expressionOf(emission: Emission, operator: ProgramOperator): string {
  const { plan, signals } = emission;
  const { tensors } = plan.program;
  const count = sizeOf(emission, operator.output);
  switch (operator.kind) {
    case "matmul":
      return dense(emission, operator);
    case "conv":
      return convolution(emission, operator);
    case "requantise":
      return requantised(emission, operator);
    case "rescale":
      return rescaled(emission, operator);
    case "windowSum":
      return windowSum(emission, operator);
    case "combine": {
      const inputs = operator.inputs.map((id) => signals[id]);
      const call = `Combine(${inputs.length}, ${count}, [${operator.factors}], ${operator.offset})`;
      return `${call}([${inputs.join(", ")}])`;
    }
    case "max": {
      const [l, r] = [plan.ranges[operator.left], plan.ranges[operator.right]];
      const k = Math.max(magnitudeBits(l.hi - r.lo), magnitudeBits(r.hi - l.lo));
      const call = `Maximum(${count}, ${k})`;
      return `${call}(${signals[operator.left]}, ${signals[operator.right]})`;
    }
    case "argmax": {
      const { lo, hi } = plan.ranges[operator.input];
      const length = tensors[operator.input].shape.at(-1) ?? 1;
      const call = `ArgMax(${count}, ${length}, ${magnitudeBits(hi - lo)})`;
      return `${call}(${signals[operator.input]})`;
    }
    case "multiply":
      return `Product(${count})(${signals[operator.left]}, ${signals[operator.right]})`;
    case "divide": {
      const { lo, hi } = plan.ranges[operator.output];
      const q = Math.max(bitLength(hi < 0n ? 0n : hi), lo < 0n ? bitLength(-lo - 1n) : 0, 1);
      const d = magnitudeBits(plan.ranges[operator.denominator].hi);
      const operands = `${signals[operator.numerator]}, ${signals[operator.denominator]}`;
      return `Quotient(${count}, ${d}, ${q})(${operands})`;
    }
    case "constant":
      return emission.constantCall(operator.constant);
    case "reshape":
      return signals[operator.input];
    case "take":
    case "transpose":
    case "concat":
      return picked(emission, operator);
    case "gather":
    case "batchMatMul":
      throw new TensorproofError("export.unsupported", `there is no template for ${operator.kind}`, {
        where: operator.name,
      });
  }
}

function dense(emission: Emission, operator: MatMul): string {
  const { plan, signals } = emission;
  const [outputs, length] = plan.program.constants[operator.weight].shape;
  const rows = sizeOf(emission, operator.input) / length;
  const call = `Dense(${rows}, ${length}, ${outputs}, ${weightsOf(emission, operator)})`;
  return `${call}(${signals[operator.input]})`;
}

function weightsOf({ plan, constantCall }: Emission, { weight, bias }: MatMul | Conv): string {
  const [outputs] = plan.program.constants[weight].shape;
  const biasCall = bias === null ? `[${new Array<number>(outputs).fill(0)}]` : constantCall(bias);
  return `${constantCall(weight)}, ${biasCall}`;
}

function convolution(emission: Emission, operator: Conv): string {
  const { plan, signals } = emission;
  const { tensors, constants } = plan.program;
  // One spatial axis is two of which the first has length 1.
  const isFlat = operator.strides.length === 1;
  const two = (values: readonly number[], missing: number): readonly number[] =>
    isFlat ? [missing, ...values] : values;
  const input = tensors[operator.input].shape;
  const output = tensors[operator.output].shape;
  const weight = constants[operator.weight].shape;
  const shape = [
    ...two(input.slice(0, -1), 1),
    input[input.length - 1],
    ...two(output.slice(0, -1), 1),
    output[output.length - 1],
  ];
  const window = [
    ...two(weight.slice(1, -1), 1),
    ...two(operator.strides, 1),
    ...two(operator.dilations, 1),
    ...two(operator.padBegin, 0),
    operator.groups,
  ];
  const call = `Conv([${shape}], [${window}], ${weightsOf(emission, operator)})`;
  return `${call}(${signals[operator.input]})`;
}

function windowSum(emission: Emission, operator: WindowSum): string {
  const { plan, signals } = emission;
  const { axis, size, stride, padBegin, input, output } = operator;
  const { shape } = plan.program.tensors[input];
  const outer = elementCount(shape.slice(0, axis));
  const inner = elementCount(shape.slice(axis + 1));
  const windows = plan.program.tensors[output].shape[axis];
  const parameters = [outer, shape[axis], inner, windows, size, stride, padBegin];
  return `WindowSum(${parameters.join(", ")})(${signals[input]})`;
}

/** The interpreter moves the numbers of the elements; the template repeats what it did. */
function picked(emission: Emission, operator: Take | Transpose | Concat): string {
  const { plan, signals, names, line } = emission;
  const ids = [...new Set(operatorInputs(operator))];
  const total = ids.reduce((sum, id) => sum + sizeOf(emission, id), 0);
  const numbers: Int32Array[] = [];
  let joined = signals[ids[0]];
  if (ids.length > 1) {
    joined = names.of(`${signals[operator.output]}_joined`);
    line(`signal ${joined}[${total}];`);
  }
  let first = 0;
  for (const id of ids) {
    const start = first;
    const size = sizeOf(emission, id);
    numbers[id] = Int32Array.from({ length: size }, (_, j) => start + j);
    if (ids.length > 1)
      line(`for (var i = 0; i < ${size}; i++) ${joined}[${start} + i] <== ${signals[id]}[i];`);
    first += size;
  }
  const fill = operator.kind === "take" ? operator.fill : 0;
  const marked = operator.kind === "take" ? { ...operator, fill: -1 } : operator;
  const from = Array.from(runOperator(plan.program, marked, numbers, 1), BigInt);
  const call = emission.table(`order_${signals[operator.output]}`, from);
  return `Pick(${total}, ${from.length}, ${call}, ${fill})(${joined})`;
}
