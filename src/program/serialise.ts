import { ByteWriter } from "../bytes/byteWriter.ts";
import type { ConstantDeclaration, ProgramStructure } from "./programStructure.ts";
import { checkStructureBytes } from "./sizeLimits.ts";
import { MODE_CODES, STRUCTURE_MAGIC, STRUCTURE_VERSION } from "./structureFormat.ts";
import { validateStructure } from "./validateStructure.ts";
import { writeOperator } from "./writeOperator.ts";

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

/**
 * The canonical bytes of everything public about a program (see structureFormat.ts): equal programs give equal bytes,
 * and `parseProgramStructure` accepts no others.
 *
 * @throws TensorproofError `program.tooLarge`, `program.invalid` or `program.rangeTooLarge`
 */
export function programStructureBytes(program: ProgramStructure): Uint8Array {
  validateStructure(program);
  const writer = new ByteWriter();
  writer.bytes(STRUCTURE_MAGIC);
  writer.u16(STRUCTURE_VERSION);
  writer.u8(MODE_CODES[program.mode]);
  writer.text(program.name);
  writer.u32(program.inputs.length);
  writer.u32(program.operators.length);
  for (const tensor of program.tensors) writeDeclaration(writer, tensor);
  writer.u32(program.constants.length);
  for (const constant of program.constants) writeDeclaration(writer, constant);
  for (const operator of program.operators) writeOperator(writer, operator);
  writer.u32(program.outputs.length);
  for (const output of program.outputs) writer.u32(output);
  const bytes = writer.finish();
  checkStructureBytes(bytes.length);
  return bytes;
}
