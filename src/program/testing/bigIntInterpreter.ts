import {
  type ConstantId,
  type Conv,
  operatorInputs,
  type Program,
  type ProgramOperator,
  type Requantise,
  type Rescale,
} from "../program.ts";
import { floorDivide, roundInBigIntegers } from "./bigIntRounding.ts";
import { type BigIntTensor, coordinatesOf, entryOf, tensorOf } from "./bigIntTensor.ts";

const sumOf = (values: readonly bigint[]): bigint => values.reduce((sum, value) => sum + value, 0n);

function clamp(x: bigint, lo: number, hi: number): bigint {
  if (x < BigInt(lo)) return BigInt(lo);
  return x > BigInt(hi) ? BigInt(hi) : x;
}

/** The coordinates with another one along `axis`. */
const moved = (coordinates: readonly number[], axis: number, to: number): number[] =>
  coordinates.map((at, index) => (index === axis ? to : at));

function requantised(operator: Requantise, x: bigint): bigint {
  const { map, domain } = operator.function;
  const unit = 2n ** BigInt(operator.shift);
  const z = operator.shift === 0 ? x : floorDivide(2n * x + unit, 2n * unit);
  return map.kind === "values" ? BigInt(map.values[Number(z) - domain.lo]) : clamp(z, map.lo, map.hi);
}

function rescaled(operator: Rescale, channel: number, x: bigint): bigint {
  const { multipliers, rounding, zeroPoint, lo, hi } = operator;
  const multiplier = multipliers[multipliers.length === 1 ? 0 : channel];
  return clamp(roundInBigIntegers(rounding, multiplier, x) + BigInt(zeroPoint), lo, hi);
}

function convolved(
  operator: Conv,
  input: BigIntTensor,
  weight: BigIntTensor,
  bias: BigIntTensor | null,
  [sample, ...rest]: readonly number[],
): bigint {
  const position = rest.slice(0, -1);
  const m = rest.at(-1)!;
  const channels = weight.shape.at(-1)!;
  const group = Math.floor(m / (weight.shape[0] / operator.groups));
  const products = coordinatesOf(weight.shape.slice(1)).map((tap) => {
    const at = position.map(
      (o, axis) =>
        operator.strides[axis] * o + operator.dilations[axis] * tap[axis] - operator.padBegin[axis],
    );
    const x = entryOf(input, [sample, ...at, group * channels + tap.at(-1)!]) ?? 0n;
    return x * entryOf(weight, [m, ...tap])!;
  });
  return (bias?.data[m] ?? 0n) + sumOf(products);
}

/** One operator on whole tensors; `shape` is its output's, batch included. */
function runOne(
  program: Program,
  operator: ProgramOperator,
  inputs: readonly BigIntTensor[],
  shape: readonly number[],
): BigIntTensor {
  const constantOf = (id: ConstantId): BigIntTensor => {
    const constant = program.constants[id];
    return { shape: constant.shape, data: Array.from(constant.data, BigInt) };
  };
  const input = inputs[0];
  switch (operator.kind) {
    case "reshape":
      return { shape, data: input.data };
    case "argmax":
      return tensorOf(shape, (at) => {
        const row = Array.from({ length: input.shape.at(-1)! }, (_, m) => entryOf(input, [...at, m])!);
        return BigInt(row.findIndex((value) => row.every((other) => other <= value)));
      });
    case "requantise":
      return tensorOf(shape, (at) => requantised(operator, entryOf(input, at)!));
    case "rescale":
      return tensorOf(shape, (at) => rescaled(operator, at.at(-1)!, entryOf(input, at)!));
    case "matmul": {
      const weight = constantOf(operator.weight);
      const bias = operator.bias === null ? null : constantOf(operator.bias);
      return tensorOf(shape, (at) => {
        const m = at.at(-1)!;
        const products = Array.from(
          { length: weight.shape[1] },
          (_, k) => entryOf(input, [...at.slice(0, -1), k])! * entryOf(weight, [m, k])!,
        );
        return (bias?.data[m] ?? 0n) + sumOf(products);
      });
    }
    case "conv": {
      const bias = operator.bias === null ? null : constantOf(operator.bias);
      const weight = constantOf(operator.weight);
      return tensorOf(shape, (at) => convolved(operator, input, weight, bias, at));
    }
    case "combine":
      return tensorOf(shape, (at) => {
        const terms = inputs.map((tensor, i) => BigInt(operator.factors[i]) * entryOf(tensor, at)!);
        return BigInt(operator.offset) + sumOf(terms);
      });
    case "multiply":
      return tensorOf(shape, (at) => entryOf(inputs[0], at)! * entryOf(inputs[1], at)!);
    case "batchMatMul":
      return tensorOf(shape, (at) => {
        const [matrices, i, j] = [at.slice(0, -2), at.at(-2)!, at.at(-1)!];
        const products = Array.from(
          { length: input.shape.at(-1)! },
          (_, k) => entryOf(input, [...matrices, i, k])! * entryOf(inputs[1], [...matrices, j, k])!,
        );
        return sumOf(products);
      });
    case "gather": {
      const index = inputs[1];
      const axis = operator.batchAxes + 1;
      return tensorOf(shape, (at) => {
        const chosen = Number(entryOf(index, at.slice(0, index.shape.length))!);
        return entryOf(input, [...at.slice(0, axis), chosen, ...at.slice(index.shape.length)])!;
      });
    }
    case "divide":
      return tensorOf(shape, (at) => floorDivide(entryOf(inputs[0], at)!, entryOf(inputs[1], at)!));
    case "max":
      return tensorOf(shape, (at) => {
        const left = entryOf(inputs[0], at)!;
        const right = entryOf(inputs[1], at)!;
        if (left > right) return left;
        return right;
      });
    case "take": {
      const axis = operator.axis + 1;
      return tensorOf(shape, (at) => {
        const index = operator.indices[at[axis]];
        return index === -1 ? BigInt(operator.fill) : entryOf(input, moved(at, axis, index))!;
      });
    }
    case "windowSum": {
      const axis = operator.axis + 1;
      return tensorOf(shape, (at) => {
        const first = operator.stride * at[axis] - operator.padBegin;
        const values = Array.from(
          { length: operator.size },
          (_, k) => entryOf(input, moved(at, axis, first + k)) ?? 0n,
        );
        return sumOf(values);
      });
    }
    case "transpose":
      return tensorOf(shape, ([sample, ...at]) => {
        const from = operator.permutation.map((_, axis) => at[operator.permutation.indexOf(axis)]);
        return entryOf(input, [sample, ...from])!;
      });
    case "concat": {
      const axis = operator.axis + 1;
      return tensorOf(shape, (at) => {
        let start = 0;
        for (const tensor of inputs) {
          const entry = entryOf(tensor, moved(at, axis, at[axis] - start));
          if (entry !== null) return entry;
          start += tensor.shape[axis];
        }
        throw new RangeError(`no input reaches ${at}`);
      });
    }
    case "constant":
      return tensorOf(shape, ([, ...at]) => entryOf(constantOf(operator.constant), at)!);
  }
}

/** What the operators' definitions say, word for word in unbounded integers; by TensorId, the batch in one array. */
export function runInBigIntegers(
  program: Program,
  inputs: readonly Int32Array[],
  batch: number,
): (readonly bigint[])[] {
  const tensors: BigIntTensor[] = inputs.map((values, id) => ({
    shape: [batch, ...program.tensors[id].shape],
    data: Array.from(values, BigInt),
  }));
  for (const operator of program.operators) {
    const shape = [batch, ...program.tensors[operator.output].shape];
    const read = operatorInputs(operator).map((id) => tensors[id]);
    tensors[operator.output] = runOne(program, operator, read, shape);
  }
  return tensors.map(({ data }) => data);
}
