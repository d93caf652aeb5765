import { ByteReader } from "../bytes/byteReader.ts";
import { TensorproofError } from "../errors/tensorproofError.ts";
import type { Program } from "./program.ts";
import type { ConstantDeclaration, ProgramStructure } from "./programStructure.ts";
import { readList, readRange } from "./readFields.ts";
import { readOperator } from "./readOperator.ts";
import { checkNumParts, checkStructureBytes } from "./sizeLimits.ts";
import {
  keyOfCode,
  MIN_DECLARATION_BYTES,
  MIN_OPERATOR_BYTES,
  MODE_CODES,
  STRUCTURE_MAGIC,
  STRUCTURE_VERSION,
} from "./structureFormat.ts";
import { validateStructure } from "./validateStructure.ts";

function readDeclaration(reader: ByteReader): ConstantDeclaration {
  const name = reader.text();
  const shape = readList(reader.u8(), () => reader.u32());
  const range = readRange(reader);
  const scale = reader.f64();
  return { name, shape, range, quant: { scale, zeroPoint: reader.i32() } };
}

/** Returns the mode, the only thing in the header that is not fixed. */
function readHeader(reader: ByteReader): Program["mode"] {
  const magic = reader.bytes(STRUCTURE_MAGIC.length);
  if (!magic.every((byte, index) => byte === STRUCTURE_MAGIC[index])) {
    throw reader.notCanonical("byte 0", "these bytes are no program");
  }
  const version = reader.u16();
  if (version !== STRUCTURE_VERSION) {
    const message = `the program has format version ${version}; this release reads version ${STRUCTURE_VERSION}`;
    throw new TensorproofError("program.version", message);
  }
  const code = reader.u8();
  const mode = keyOfCode(MODE_CODES, code);
  if (mode === undefined) throw reader.notCanonical("byte 6", `unknown mode code ${code}`);
  return mode;
}

/**
 * Reads and fully checks (`validateStructure`) untrusted bytes. Memory is bounded by the number of bytes. Accepts
 * exactly what `programStructureBytes` writes.
 *
 * @throws TensorproofError `program.truncated`, `program.version`, `program.notCanonical`, `program.tooLarge`,
 * `program.invalid` or `program.rangeTooLarge`
 */
export function parseProgramStructure(bytes: Uint8Array): ProgramStructure {
  checkStructureBytes(bytes.length);
  const reader = new ByteReader(bytes, "program");
  const mode = readHeader(reader);
  const name = reader.text();
  const numInputs = reader.count(MIN_DECLARATION_BYTES);
  const numOperators = reader.count(MIN_DECLARATION_BYTES + MIN_OPERATOR_BYTES);
  checkNumParts(numInputs, numOperators, 0);
  const tensors = readList(numInputs + numOperators, () => readDeclaration(reader));
  const numConstants = reader.count(MIN_DECLARATION_BYTES);
  checkNumParts(numInputs, numOperators, numConstants);
  const constants = readList(numConstants, () => readDeclaration(reader));
  const operators = readList(numOperators, (index) => readOperator(reader, numInputs + index));
  const inputs = readList(numInputs, (index) => index);
  const outputs = readList(reader.count(4), () => reader.u32());
  reader.end();
  const structure: ProgramStructure = {
    version: 1,
    name,
    mode,
    tensors,
    constants,
    operators,
    inputs,
    outputs,
  };
  validateStructure(structure);
  return structure;
}
