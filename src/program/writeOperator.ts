import type { ByteWriter } from "../bytes/byteWriter.ts";
import type { ConstantId, Conv, IntFunction, ProgramOperator, Rescale, TensorId } from "./program.ts";
import { MAP_CODES, OPERATOR_CODES, ROUNDING_CODES, ROUNDING_HALF_UP } from "./structureFormat.ts";

function writeFunction(writer: ByteWriter, { domain, map }: IntFunction): void {
  writer.i32(domain.lo);
  writer.i32(domain.hi);
  writer.u8(MAP_CODES[map.kind]);
  if (map.kind === "clamp") {
    writer.i32(map.lo);
    writer.i32(map.hi);
  } else {
    for (const value of map.values) writer.i32(value);
  }
}

function writeBias(writer: ByteWriter, bias: ConstantId | null): void {
  writer.u8(bias === null ? 0 : 1);
  if (bias !== null) writer.u32(bias);
}

function writeInputs(writer: ByteWriter, inputs: readonly TensorId[]): void {
  writer.u32(inputs.length);
  for (const input of inputs) writer.u32(input);
}

function writeRescale(writer: ByteWriter, operator: Rescale): void {
  const { rounding, multipliers } = operator;
  writer.u32(operator.input);
  writer.u8(ROUNDING_CODES[rounding]);
  writer.i32(operator.zeroPoint);
  writer.i32(operator.lo);
  writer.i32(operator.hi);
  writer.u32(multipliers.length);
  for (const { multiplier, shift } of multipliers) {
    if (rounding === "float-half-even") {
      writer.f64(multiplier);
    } else {
      writer.u32(multiplier);
      if (rounding !== "divide-half-away") writer.i32(shift);
    }
  }
}

function writeConv(writer: ByteWriter, operator: Conv): void {
  writer.u32(operator.input);
  writer.u32(operator.weight);
  writeBias(writer, operator.bias);
  writer.u8(operator.strides.length);
  operator.strides.forEach((stride, axis) => {
    writer.u32(stride);
    writer.u32(operator.dilations[axis]);
    writer.u32(operator.padBegin[axis]);
    writer.u32(operator.padEnd[axis]);
  });
  writer.u32(operator.groups);
}

function writeFields(writer: ByteWriter, operator: ProgramOperator): void {
  switch (operator.kind) {
    case "matmul":
      writer.u32(operator.input);
      writer.u32(operator.weight);
      writeBias(writer, operator.bias);
      break;
    case "conv":
      writeConv(writer, operator);
      break;
    case "combine":
      writeInputs(writer, operator.inputs);
      for (const factor of operator.factors) writer.i32(factor);
      writer.i32(operator.offset);
      break;
    case "multiply":
    case "max":
    case "batchMatMul":
      writer.u32(operator.left);
      writer.u32(operator.right);
      break;
    case "divide":
      writer.u32(operator.numerator);
      writer.u32(operator.denominator);
      break;
    case "gather":
      writer.u32(operator.table);
      writer.u32(operator.index);
      writer.u8(operator.batchAxes);
      break;
    case "requantise":
      writer.u32(operator.input);
      writer.u8(operator.shift);
      writer.u8(ROUNDING_HALF_UP);
      writeFunction(writer, operator.function);
      break;
    case "rescale":
      writeRescale(writer, operator);
      break;
    case "take":
      writer.u32(operator.input);
      writer.u8(operator.axis);
      writer.u32(operator.indices.length);
      for (const index of operator.indices) writer.i32(index);
      writer.i32(operator.fill);
      break;
    case "windowSum":
      writer.u32(operator.input);
      writer.u8(operator.axis);
      writer.u32(operator.size);
      writer.u32(operator.stride);
      writer.u32(operator.padBegin);
      writer.u32(operator.padEnd);
      break;
    case "transpose":
      writer.u32(operator.input);
      writer.u8(operator.permutation.length);
      for (const axis of operator.permutation) writer.u8(axis);
      break;
    case "concat":
      writeInputs(writer, operator.inputs);
      writer.u8(operator.axis);
      break;
    case "constant":
      writer.u32(operator.constant);
      break;
    case "argmax":
    case "reshape":
      writer.u32(operator.input);
      break;
  }
}

/** Writes an operator of a valid program, as structureFormat.ts lays it out. */
export function writeOperator(writer: ByteWriter, operator: ProgramOperator): void {
  writer.u8(OPERATOR_CODES[operator.kind]);
  writer.text(operator.name);
  writeFields(writer, operator);
}
