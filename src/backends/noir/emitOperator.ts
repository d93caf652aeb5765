/** One operator of a program as a statement of the model. */
import {
  type Concat,
  type Conv,
  type Divide,
  type Gather,
  type MatMul,
  type Max,
  operatorInputs,
  type ProgramOperator,
  type Take,
  type Transpose,
} from "../../program/program.ts";
import { runOperator } from "../../program/run/operator.ts";
import { elementCount } from "../../tensor/shape.ts";
import { between, type Emission, naturalBits, signedBits, sizeOf } from "./emission.ts";
import { requantised, rescaled } from "./emitRounding.ts";

export function emitOperator(emission: Emission, operator: ProgramOperator): void {
  const { plan, line, tensors: names } = emission;
  const { tensors } = plan.program;
  const shapes = operatorInputs(operator).map((id) => `[${tensors[id].shape}]`);
  const title = `${operator.kind} "${operator.name}"`.replace(/\s+/g, " ");
  line("");
  line(`// ${title}: ${shapes.join(", ")} -> [${tensors[operator.output].shape}]`);
  const fixed = plan.fixed[operator.output];
  const name = names[operator.output];
  const expression =
    fixed === undefined
      ? expressionOf(emission, operator)
      : emission.table(`fixed_${name}`, Array.from(fixed, BigInt));
  line(`let ${name}: [Field; ${sizeOf(emission, operator.output)}] = ${expression};`);
}

/** What the output is assigned; lines that it needs before are written. */
function expressionOf(emission: Emission, operator: ProgramOperator): string {
  const { plan, tensors: names } = emission;
  const { tensors } = plan.program;
  switch (operator.kind) {
    case "matmul":
      return `layers::dense(${names[operator.input]}, ${weightsOf(emission, operator)})`;
    case "conv":
      return convolution(emission, operator);
    case "requantise":
      return requantised(emission, operator);
    case "rescale":
      return rescaled(emission, operator);
    case "windowSum": {
      const { axis, size, stride, padBegin, input, output } = operator;
      const { shape } = tensors[input];
      const inner = elementCount(shape.slice(axis + 1));
      const windows = tensors[output].shape[axis];
      const sizes = [shape[axis], inner, windows, size, stride, padBegin].join(", ");
      return `layers::window_sum(${names[input]}, ${sizes})`;
    }
    case "combine": {
      const inputs = operator.inputs.map((id) => names[id]).join(", ");
      return `layers::combine([${inputs}], [${operator.factors.join(", ")}], ${operator.offset})`;
    }
    case "max":
      return maximum(emission, operator);
    case "argmax": {
      const { lo, hi } = plan.ranges[operator.input];
      const bits = signedBits({ lo: lo - hi, hi: hi - lo });
      return `elements::argmax(${names[operator.input]}, |a, b| is_natural::<${bits}>(a - b))`;
    }
    case "multiply":
      return `elements::pairs(${names[operator.left]}, ${names[operator.right]}, |a, b| a * b)`;
    case "batchMatMul": {
      const rows = tensors[operator.left].shape.at(-2) ?? 1;
      const columns = tensors[operator.right].shape.at(-2) ?? 1;
      const operands = `${names[operator.left]}, ${names[operator.right]}`;
      return `layers::products_of_matrices(${operands}, ${rows}, ${columns})`;
    }
    case "divide":
      return divided(emission, operator);
    case "gather":
      return gathered(emission, operator);
    case "constant":
      return emission.constant(operator.constant);
    case "reshape":
      return names[operator.input];
    case "take":
    case "transpose":
    case "concat":
      return picked(emission, operator);
  }
}

function weightsOf({ plan, constant }: Emission, { weight, bias }: MatMul | Conv): string {
  const [outputs] = plan.program.constants[weight].shape;
  return `${constant(weight)}, ${bias === null ? `[0; ${outputs}]` : constant(bias)}`;
}

function convolution(emission: Emission, operator: Conv): string {
  const { plan, tensors: names } = emission;
  const { tensors, constants } = plan.program;
  const list = (values: readonly number[]): string => `[${values.join(", ")}]`;
  const window = [
    `input: ${list(tensors[operator.input].shape.slice(0, -1))}`,
    `output: ${list(tensors[operator.output].shape.slice(0, -1))}`,
    `kernel: ${list(constants[operator.weight].shape.slice(1, -1))}`,
    `strides: ${list(operator.strides)}`,
    `dilations: ${list(operator.dilations)}`,
    `padding: ${list(operator.padBegin)}`,
    `groups: ${operator.groups}`,
  ];
  const name = emission.names.of(`window_${names[operator.output]}`);
  emission.line(`let ${name} = layers::Window { ${window.join(", ")} };`);
  return `layers::conv(${name}, ${names[operator.input]}, ${weightsOf(emission, operator)})`;
}

function maximum({ plan, tensors }: Emission, { left, right }: Max): string {
  const l = plan.ranges[left];
  const r = plan.ranges[right];
  if (l.lo >= r.hi) return tensors[left];
  if (l.hi <= r.lo) return tensors[right];
  const bits = signedBits({ lo: l.lo - r.hi, hi: l.hi - r.lo });
  return `elements::pairs(${tensors[left]}, ${tensors[right]}, |a, b| at_least::<${bits}>(a, b))`;
}

function divided({ plan, tensors }: Emission, { numerator, denominator, output }: Divide): string {
  const { lo, hi } = plan.program.tensors[output].range;
  const quotientBits = naturalBits(BigInt(hi) - BigInt(lo));
  const restBits = naturalBits(plan.ranges[denominator].hi - 1n);
  const call = `quotient::<${quotientBits}, ${restBits}>(n, d, ${lo})`;
  return `elements::pairs(${tensors[numerator]}, ${tensors[denominator]}, |n, d| ${call})`;
}

function gathered({ plan, tensors }: Emission, { table, index, batchAxes }: Gather): string {
  const { shape } = plan.program.tensors[table];
  const inner = elementCount(shape.slice(batchAxes + 1));
  return `elements::gather(${tensors[table]}, ${tensors[index]}, ${shape[batchAxes]}, ${inner})`;
}

/** The interpreter moves the numbers of the elements; the array of their order repeats what it did. */
function picked(emission: Emission, operator: Take | Transpose | Concat): string {
  const { plan, tensors } = emission;
  const numbers: Int32Array[] = [];
  let joined = "";
  let total = 0;
  for (const id of new Set(operatorInputs(operator))) {
    const first = total;
    const size = sizeOf(emission, id);
    numbers[id] = Int32Array.from({ length: size }, (_, j) => first + j);
    total += size;
    joined =
      joined === ""
        ? tensors[id]
        : between(emission, operator, "joined", total, `elements::join(${joined}, ${tensors[id]})`);
  }
  const fill = operator.kind === "take" ? operator.fill : 0;
  const marked = operator.kind === "take" ? { ...operator, fill: -1 } : operator;
  const from = Array.from(runOperator(plan.program, marked, numbers, 1), (at) => BigInt(at < 0 ? total : at));
  if (from.length === total && from.every((at, i) => at === BigInt(i))) return joined;
  const order = emission.table(`order_${tensors[operator.output]}`, from, "u32");
  return `elements::pick(${joined}, ${order}, ${fill})`;
}
