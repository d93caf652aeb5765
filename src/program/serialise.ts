import { ByteWriter } from "../bytes/byteWriter.ts";
import type { IntFunction, ProgramOperator } from "./program.ts";
import type { ConstantDeclaration, ProgramStructure } from "./programStructure.ts";
import {
  MAP_CODES,
  MODE_POW2,
  OPERATOR_CODES,
  ROUNDING_HALF_UP,
  STRUCTURE_MAGIC,
  STRUCTURE_VERSION,
} from "./structureFormat.ts";
import { validateStructure } from "./validateStructure.ts";

function writeDeclaration(writer: ByteWriter, declaration: ConstantDeclaration): void {
  const { name, shape, range, quant } = declaration;
  writer.text(name);
  writer.u8(shape.length);
  for (const length of shape) writer.u32(length);
  writer.i32(range.lo);
  writer.i32(range.hi);
  writer.f64(quant.scale);
  writer.i32(quant.zeroPoint);
}

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

function writeOperator(writer: ByteWriter, operator: ProgramOperator): void {
  writer.u8(OPERATOR_CODES[operator.kind]);
  writer.text(operator.name);
  writer.u32(operator.input);
  if (operator.kind === "matmul") {
    writer.u32(operator.weight);
    writer.u8(operator.bias === null ? 0 : 1);
    if (operator.bias !== null) writer.u32(operator.bias);
  } else if (operator.kind === "requantise") {
    writer.u8(operator.shift);
    writer.u8(ROUNDING_HALF_UP);
    writeFunction(writer, operator.function);
  }
}

/**
 * The canonical bytes of everything public about a program (see structureFormat.ts): equal programs give equal bytes,
 * and `parseProgramStructure` accepts no others.
 *
 * @throws TensorproofError `program.invalid` or `program.rangeTooLarge`
 */
export function programStructureBytes(program: ProgramStructure): Uint8Array {
  validateStructure(program);
  const writer = new ByteWriter();
  writer.bytes(STRUCTURE_MAGIC);
  writer.u16(STRUCTURE_VERSION);
  writer.u8(MODE_POW2);
  writer.text(program.name);
  writer.u32(program.inputs.length);
  writer.u32(program.operators.length);
  for (const tensor of program.tensors) writeDeclaration(writer, tensor);
  writer.u32(program.constants.length);
  for (const constant of program.constants) writeDeclaration(writer, constant);
  for (const operator of program.operators) writeOperator(writer, operator);
  writer.u32(program.outputs.length);
  for (const output of program.outputs) writer.u32(output);
  return writer.finish();
}
