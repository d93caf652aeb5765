import type { ByteReader } from "../bytes/byteReader.ts";
import { rangeSize } from "./intRange.ts";
import type {
  Conv,
  IntFunction,
  Multiplier,
  ProgramOperator,
  Requantise,
  Rescale,
  Rounding,
  Take,
  TensorId,
} from "./program.ts";
import { invalidProgram } from "./programErrors.ts";
import { readList, readRange } from "./readFields.ts";
import { MAX_DOMAIN_SIZE } from "./rules/requantise.ts";
import { keyOfCode, MAP_CODES, OPERATOR_CODES, ROUNDING_CODES, ROUNDING_HALF_UP } from "./structureFormat.ts";

/** What every operator has; all else depends on its kind. */
interface Head {
  readonly name: string;
  readonly output: TensorId;
}

function readFunction(reader: ByteReader, where: string): IntFunction {
  const domain = readRange(reader);
  const code = reader.u8();
  if (code === MAP_CODES.clamp) {
    const { lo, hi } = readRange(reader);
    return { domain, map: { kind: "clamp", lo, hi } };
  }
  if (code !== MAP_CODES.values) throw reader.notCanonical(where, `unknown function code ${code}`);
  const size = rangeSize(domain);
  if (size < 1 || size > MAX_DOMAIN_SIZE) {
    throw invalidProgram(where, `a domain of ${size} integers; 1 to ${MAX_DOMAIN_SIZE} are allowed`);
  }
  return { domain, map: { kind: "values", values: readIntegers(reader, size) } };
}

function readIntegers(reader: ByteReader, count: number): Int32Array {
  reader.require(4 * count);
  return Int32Array.from({ length: count }, () => reader.i32());
}

function readBias(reader: ByteReader, where: string): number | null {
  const hasBias = reader.u8();
  if (hasBias > 1) throw reader.notCanonical(where, `expected 0 or 1 for "has bias", got ${hasBias}`);
  return hasBias === 1 ? reader.u32() : null;
}

function readInputs(reader: ByteReader): TensorId[] {
  return readList(reader.count(4), () => reader.u32());
}

function readRequantise(reader: ByteReader, head: Head, where: string): Requantise {
  const input = reader.u32();
  const shift = reader.u8();
  const rounding = reader.u8();
  if (rounding !== ROUNDING_HALF_UP) throw reader.notCanonical(where, `unknown rounding code ${rounding}`);
  const f = readFunction(reader, where);
  return { kind: "requantise", ...head, input, shift, rounding: "half-up", function: f };
}

function readMultiplier(reader: ByteReader, rounding: Rounding): Multiplier {
  if (rounding === "float-half-even") return { multiplier: reader.f64(), shift: 0 };
  const multiplier = reader.u32();
  return { multiplier, shift: rounding === "divide-half-away" ? 0 : reader.i32() };
}

function readRescale(reader: ByteReader, head: Head, where: string): Rescale {
  const input = reader.u32();
  const code = reader.u8();
  const rounding = keyOfCode(ROUNDING_CODES, code);
  if (rounding === undefined) throw reader.notCanonical(where, `unknown rounding code ${code}`);
  const zeroPoint = reader.i32();
  const { lo, hi } = readRange(reader);
  const multipliers = readList(reader.count(rounding === "divide-half-away" ? 4 : 8), () =>
    readMultiplier(reader, rounding),
  );
  return { kind: "rescale", ...head, input, rounding, multipliers, zeroPoint, lo, hi };
}

function readConv(reader: ByteReader, head: Head, where: string): Conv {
  const input = reader.u32();
  const weight = reader.u32();
  const bias = readBias(reader, where);
  const axes = readList(reader.u8(), () => ({
    stride: reader.u32(),
    dilation: reader.u32(),
    before: reader.u32(),
    after: reader.u32(),
  }));
  return {
    kind: "conv",
    ...head,
    input,
    weight,
    bias,
    strides: axes.map((axis) => axis.stride),
    dilations: axes.map((axis) => axis.dilation),
    padBegin: axes.map((axis) => axis.before),
    padEnd: axes.map((axis) => axis.after),
    groups: reader.u32(),
  };
}

function readTake(reader: ByteReader, head: Head): Take {
  const input = reader.u32();
  const axis = reader.u8();
  const indices = readIntegers(reader, reader.u32());
  return { kind: "take", ...head, input, axis, indices, fill: reader.i32() };
}

/** Reads one operator that computes the tensor `output`. Only what could not be written again is refused here. */
export function readOperator(reader: ByteReader, output: TensorId): ProgramOperator {
  const code = reader.u8();
  const name = reader.text();
  const head: Head = { name, output };
  const where = `operator "${name}"`;
  const kind = keyOfCode(OPERATOR_CODES, code);
  // Fields of an object are evaluated in the order in which they are written down.
  switch (kind) {
    case "matmul":
      return {
        kind,
        ...head,
        input: reader.u32(),
        weight: reader.u32(),
        bias: readBias(reader, where),
      };
    case "conv":
      return readConv(reader, head, where);
    case "combine": {
      const inputs = readInputs(reader);
      const factors = readList(inputs.length, () => reader.i32());
      return { kind, ...head, inputs, factors, offset: reader.i32() };
    }
    case "multiply":
    case "max":
    case "batchMatMul":
      return { kind, ...head, left: reader.u32(), right: reader.u32() };
    case "divide":
      return { kind, ...head, numerator: reader.u32(), denominator: reader.u32() };
    case "gather":
      return { kind, ...head, table: reader.u32(), index: reader.u32(), batchAxes: reader.u8() };
    case "requantise":
      return readRequantise(reader, head, where);
    case "rescale":
      return readRescale(reader, head, where);
    case "take":
      return readTake(reader, head);
    case "windowSum":
      return {
        kind,
        ...head,
        input: reader.u32(),
        axis: reader.u8(),
        size: reader.u32(),
        stride: reader.u32(),
        padBegin: reader.u32(),
        padEnd: reader.u32(),
      };
    case "transpose":
      return {
        kind,
        ...head,
        input: reader.u32(),
        permutation: readList(reader.u8(), () => reader.u8()),
      };
    case "concat":
      return { kind, ...head, inputs: readInputs(reader), axis: reader.u8() };
    case "constant":
      return { kind, ...head, constant: reader.u32() };
    case "argmax":
    case "reshape":
      return { kind, ...head, input: reader.u32() };
    case undefined:
      throw reader.notCanonical(where, `unknown operator code ${code}`);
  }
}
