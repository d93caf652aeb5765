/**
 * Writing a structure: docs/spec/10-program.md, 10.1. Only tests need it.
 */
import { ascii, joinBytes, u16Bytes, u32Bytes } from "./bytes.ts";
import {
  type Declaration,
  type FunctionOnDomain,
  type Operator,
  type Program,
  ROUNDINGS,
} from "./program.ts";

const CODES: readonly Operator["kind"][] = [
  "matmul",
  "requantise",
  "argmax",
  "reshape",
  "rescale",
  "conv",
  "combine",
  "multiply",
  "max",
  "take",
  "windowSum",
  "transpose",
  "concat",
  "constant",
  "divide",
  "batchMatMul",
  "gather",
];

type Part = Uint8Array | readonly Part[];

function flat(part: Part): Uint8Array {
  return part instanceof Uint8Array ? part : joinBytes(part.map(flat));
}

function u8(value: number): Part {
  return Uint8Array.from([value]);
}

function i32(value: number | bigint): Part {
  const integer = Number(value);
  return u32Bytes(integer < 0 ? integer + 2 ** 32 : integer);
}

function f64(value: number): Part {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return bytes;
}

/** Names of the generator are ASCII. */
function text(value: string): Part {
  return [u16Bytes(value.length), ascii(value)];
}

function list<T>(items: readonly T[], write: (item: T) => Part): Part {
  return [u32Bytes(items.length), items.map(write)];
}

function short<T>(items: readonly T[], write: (item: T) => Part): Part {
  return [u8(items.length), items.map(write)];
}

function declaration({ name, shape, range, scale, zeroPoint }: Declaration): Part {
  return [text(name), short(shape, u32Bytes), i32(range.lo), i32(range.hi), f64(scale), i32(zeroPoint)];
}

function bias(constant: number | undefined): Part {
  return constant === undefined ? u8(0) : [u8(1), u32Bytes(constant)];
}

function functionBytes({ domain, map }: FunctionOnDomain): Part {
  const ends = [i32(domain.lo), i32(domain.hi)];
  if (map.kind === "clamp") return [ends, u8(0), i32(map.lo), i32(map.hi)];
  return [ends, u8(1), map.values.map(i32)];
}

function fields(operator: Operator): Part {
  switch (operator.kind) {
    case "matmul":
      return [u32Bytes(operator.input), u32Bytes(operator.weight), bias(operator.bias)];
    case "requantise":
      return [u32Bytes(operator.input), u8(operator.shift), u8(0), functionBytes(operator.fn)];
    case "argmax":
    case "reshape":
      return u32Bytes(operator.input);
    case "rescale": {
      const { rounding, zeroPoint, lo, hi, multipliers } = operator;
      const head = [
        u32Bytes(operator.input),
        u8(ROUNDINGS.indexOf(rounding)),
        i32(zeroPoint),
        i32(lo),
        i32(hi),
      ];
      const written = list(multipliers, ({ multiplier, shift }) => {
        if (rounding === "float-half-even") return f64(multiplier);
        return rounding === "divide-half-away" ? u32Bytes(multiplier) : [u32Bytes(multiplier), i32(shift)];
      });
      return [head, written];
    }
    case "conv": {
      const head = [u32Bytes(operator.input), u32Bytes(operator.weight), bias(operator.bias)];
      const spatial = short(operator.spatial, ({ stride, dilation, padBegin, padEnd }) =>
        [stride, dilation, padBegin, padEnd].map(u32Bytes),
      );
      return [head, spatial, u32Bytes(operator.groups)];
    }
    case "combine":
      return [list(operator.inputs, u32Bytes), operator.factors.map(i32), i32(operator.offset)];
    case "multiply":
    case "max":
    case "batchMatMul":
      return [u32Bytes(operator.left), u32Bytes(operator.right)];
    case "take": {
      const { input, axis, indices, fill } = operator;
      return [u32Bytes(input), u8(axis), list(indices, i32), i32(fill)];
    }
    case "windowSum": {
      const { input, axis, size, stride, padBegin, padEnd } = operator;
      return [u32Bytes(input), u8(axis), [size, stride, padBegin, padEnd].map(u32Bytes)];
    }
    case "transpose":
      return [u32Bytes(operator.input), short(operator.permutation, u8)];
    case "concat":
      return [list(operator.inputs, u32Bytes), u8(operator.axis)];
    case "constant":
      return u32Bytes(operator.constant);
    case "divide":
      return [u32Bytes(operator.numerator), u32Bytes(operator.denominator)];
    case "gather":
      return [u32Bytes(operator.table), u32Bytes(operator.index), u8(operator.batchAxes)];
  }
}

export function structureBytes(program: Program): Uint8Array {
  const { name, numInputs, tensors, constants, operators, outputs } = program;
  return flat([
    ascii("TPPS"),
    u16Bytes(1),
    u8(0),
    text(name),
    u32Bytes(numInputs),
    u32Bytes(operators.length),
    tensors.map(declaration),
    list(constants, declaration),
    operators.map((operator) => [u8(CODES.indexOf(operator.kind)), text(operator.name), fields(operator)]),
    list(outputs, u32Bytes),
  ]);
}
