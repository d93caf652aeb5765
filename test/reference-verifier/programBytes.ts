/**
 * Bytes of a program's structure: docs/spec/10-program.md, 10.1.
 */
import { ascii, equalBytes, Reader } from "./bytes.ts";
import {
  type Declaration,
  type FunctionOnDomain,
  type Multiplier,
  type Operation,
  type Operator,
  type Program,
  ROUNDINGS,
  type SpatialAxis,
} from "./program.ts";
import { checkProgram } from "./programChecks.ts";
import { must } from "./refusal.ts";

const VERSION = 1;
const MAX_FUNCTION_VALUES = 2 ** 16;
const MAX_BYTES = 2 ** 25;
const MAX_PARTS = 2 ** 13;

/** The program of a structure's bytes, with all checks of 10.2 made. */
export function readProgram(bytes: Uint8Array): Program {
  must(bytes.length <= MAX_BYTES, "program.tooLarge", "bytes");
  const reader = new Reader(bytes, "program");
  if (!equalBytes(reader.take(4, "magic"), ascii("TPPS"))) reader.notCanonical("magic");
  must(reader.u16("version") === VERSION, "program.version", "version");
  if (reader.u8("mode") > 1) reader.notCanonical("mode");
  const name = reader.text("name");
  const numInputs = count(reader, 23);
  const numOperators = count(reader, 30);
  must(numInputs + numOperators <= MAX_PARTS, "program.tooLarge", "inputs and operators");
  const tensors = list(numInputs + numOperators, () => readDeclaration(reader));
  const numConstants = count(reader, 23);
  must(numInputs + numOperators + numConstants <= MAX_PARTS, "program.tooLarge", "constants");
  const constants = list(numConstants, () => readDeclaration(reader));
  const operators = list(numOperators, () => readOperator(reader));
  const outputs = list(count(reader, 4), () => reader.u32("output"));
  reader.end("structure");
  const program = { name, numInputs, tensors, constants, operators, outputs };
  checkProgram(program);
  return program;
}

/** A u32; at least that many times `size` bytes must be left. */
function count(reader: Reader, size: number): number {
  const result = reader.u32("count");
  reader.need(result * size, "list");
  return result;
}

function list<T>(length: number, read: () => T): T[] {
  const result: T[] = [];
  while (result.length < length) result.push(read());
  return result;
}

function integer(reader: Reader): bigint {
  return BigInt(reader.i32("integer"));
}

function readDeclaration(reader: Reader): Declaration {
  const name = reader.text("name");
  const shape = list(reader.u8("axes"), () => reader.u32("length"));
  const range = { lo: integer(reader), hi: integer(reader) };
  return { name, shape, range, scale: reader.f64("scale"), zeroPoint: reader.i32("zero point") };
}

function readOperator(reader: Reader): Operator {
  const code = reader.u8("operator");
  const name = reader.text("name");
  return { name, ...readOperation(reader, code) };
}

function readOperation(reader: Reader, code: number): Operation {
  const id = (): number => reader.u32("id");
  switch (code) {
    case 0:
      return { kind: "matmul", input: id(), weight: id(), bias: readBias(reader) };
    case 1:
      return readRequantise(reader);
    case 2:
      return { kind: "argmax", input: id() };
    case 3:
      return { kind: "reshape", input: id() };
    case 4:
      return readRescale(reader);
    case 5:
      return readConv(reader);
    case 6: {
      const inputs = list(count(reader, 4), id);
      const factors = inputs.map(() => integer(reader));
      return { kind: "combine", inputs, factors, offset: integer(reader) };
    }
    case 7:
      return { kind: "multiply", left: id(), right: id() };
    case 8:
      return { kind: "max", left: id(), right: id() };
    case 9: {
      const [input, axis] = [id(), reader.u8("axis")];
      const indices = list(count(reader, 4), () => reader.i32("index"));
      return { kind: "take", input, axis, indices, fill: integer(reader) };
    }
    case 10: {
      const [input, axis, size] = [id(), reader.u8("axis"), reader.u32("size")];
      const [stride, padBegin, padEnd] = [reader.u32("stride"), reader.u32("pad"), reader.u32("pad")];
      return { kind: "windowSum", input, axis, size, stride, padBegin, padEnd };
    }
    case 11: {
      const input = id();
      return { kind: "transpose", input, permutation: list(reader.u8("axes"), () => reader.u8("axis")) };
    }
    case 12:
      return { kind: "concat", inputs: list(count(reader, 4), id), axis: reader.u8("axis") };
    case 13:
      return { kind: "constant", constant: id() };
    case 14:
      return { kind: "divide", numerator: id(), denominator: id() };
    case 15:
      return { kind: "batchMatMul", left: id(), right: id() };
    case 16:
      return { kind: "gather", table: id(), index: id(), batchAxes: reader.u8("batch axes") };
    default:
      return reader.notCanonical(`operator ${code}`);
  }
}

function readBias(reader: Reader): number | undefined {
  const flag = reader.u8("bias");
  if (flag > 1) reader.notCanonical("bias");
  return flag === 1 ? reader.u32("bias") : undefined;
}

function readRequantise(reader: Reader): Operation {
  const input = reader.u32("id");
  const shift = reader.u8("shift");
  if (reader.u8("rounding") !== 0) reader.notCanonical("rounding");
  return { kind: "requantise", input, shift, fn: readFunction(reader) };
}

function readFunction(reader: Reader): FunctionOnDomain {
  const domain = { lo: integer(reader), hi: integer(reader) };
  const map = reader.u8("map");
  if (map === 0) return { domain, map: { kind: "clamp", lo: integer(reader), hi: integer(reader) } };
  if (map !== 1) reader.notCanonical("map");
  const size = Number(domain.hi - domain.lo) + 1;
  must(size >= 1 && size <= MAX_FUNCTION_VALUES, "program.invalid", "domain of a function");
  reader.need(4 * size, "values of a function");
  return { domain, map: { kind: "values", values: list(size, () => integer(reader)) } };
}

function readRescale(reader: Reader): Operation {
  const input = reader.u32("id");
  const rounding = ROUNDINGS[reader.u8("rounding")];
  if (rounding === undefined) reader.notCanonical("rounding");
  const [zeroPoint, lo, hi] = [integer(reader), integer(reader), integer(reader)];
  const numMultipliers = count(reader, rounding === "divide-half-away" ? 4 : 8);
  const multipliers = list(numMultipliers, (): Multiplier => {
    if (rounding === "float-half-even") return { multiplier: reader.f64("multiplier"), shift: 0 };
    const multiplier = reader.u32("multiplier");
    return { multiplier, shift: rounding === "divide-half-away" ? 0 : reader.i32("shift") };
  });
  return { kind: "rescale", input, rounding, zeroPoint, lo, hi, multipliers };
}

function readConv(reader: Reader): Operation {
  const [input, weight] = [reader.u32("id"), reader.u32("id")];
  const bias = readBias(reader);
  const spatial = list(reader.u8("spatial axes"), (): SpatialAxis => {
    const [stride, dilation] = [reader.u32("stride"), reader.u32("dilation")];
    return { stride, dilation, padBegin: reader.u32("pad"), padEnd: reader.u32("pad") };
  });
  return { kind: "conv", input, weight, bias, spatial, groups: reader.u32("groups") };
}
