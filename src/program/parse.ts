import { ByteReader } from "../bytes/byteReader.ts";
import { TensorproofError } from "../errors/tensorproofError.ts";
import { rangeSize } from "./intRange.ts";
import type { IntFunction, IntRange, ProgramOperator, TensorId } from "./program.ts";
import { invalidProgram } from "./programErrors.ts";
import type { ConstantDeclaration, ProgramStructure } from "./programStructure.ts";
import { MAX_DOMAIN_SIZE } from "./rules/requantise.ts";
import {
  MAP_CODES,
  MIN_DECLARATION_BYTES,
  MIN_OPERATOR_BYTES,
  MODE_POW2,
  OPERATOR_CODES,
  ROUNDING_HALF_UP,
  STRUCTURE_MAGIC,
  STRUCTURE_VERSION,
} from "./structureFormat.ts";
import { validateStructure } from "./validateStructure.ts";

function readList<T>(count: number, readEntry: (index: number) => T): T[] {
  const entries: T[] = [];
  for (let index = 0; index < count; index++) entries.push(readEntry(index));
  return entries;
}

function readRange(reader: ByteReader): IntRange {
  const lo = reader.i32();
  return { lo, hi: reader.i32() };
}

function readDeclaration(reader: ByteReader): ConstantDeclaration {
  const name = reader.text();
  const shape = readList(reader.u8(), () => reader.u32());
  const range = readRange(reader);
  const scale = reader.f64();
  return { name, shape, range, quant: { scale, zeroPoint: reader.i32() } };
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
  reader.require(4 * size);
  const values = Int32Array.from({ length: size }, () => reader.i32());
  return { domain, map: { kind: "values", values } };
}

function readBias(reader: ByteReader, where: string): number | null {
  const hasBias = reader.u8();
  if (hasBias > 1) throw reader.notCanonical(where, `expected 0 or 1 for "has bias", got ${hasBias}`);
  return hasBias === 1 ? reader.u32() : null;
}

function readOperator(reader: ByteReader, output: TensorId): ProgramOperator {
  const code = reader.u8();
  const name = reader.text();
  const where = `operator "${name}"`;
  const input = reader.u32();
  switch (code) {
    case OPERATOR_CODES.matmul: {
      const weight = reader.u32();
      return { kind: "matmul", name, input, weight, bias: readBias(reader, where), output };
    }
    case OPERATOR_CODES.requantise: {
      const shift = reader.u8();
      const rounding = reader.u8();
      if (rounding !== ROUNDING_HALF_UP)
        throw reader.notCanonical(where, `unknown rounding code ${rounding}`);
      const f = readFunction(reader, where);
      return { kind: "requantise", name, input, shift, rounding: "half-up", function: f, output };
    }
    case OPERATOR_CODES.argmax:
      return { kind: "argmax", name, input, output };
    case OPERATOR_CODES.reshape:
      return { kind: "reshape", name, input, output };
    default:
      throw reader.notCanonical(where, `unknown operator code ${code}`);
  }
}

function readHeader(reader: ByteReader): void {
  const magic = reader.bytes(STRUCTURE_MAGIC.length);
  if (!magic.every((byte, index) => byte === STRUCTURE_MAGIC[index])) {
    throw reader.notCanonical("byte 0", "these bytes are no program");
  }
  const version = reader.u16();
  if (version !== STRUCTURE_VERSION) {
    const message = `the program has format version ${version}; this release reads version ${STRUCTURE_VERSION}`;
    throw new TensorproofError("program.version", message);
  }
  const mode = reader.u8();
  if (mode !== MODE_POW2) throw reader.notCanonical("byte 6", `unknown mode code ${mode}`);
}

/**
 * Reads and fully checks (`validateStructure`) untrusted bytes. Memory is bounded by the number of bytes. Accepts
 * exactly what `programStructureBytes` writes.
 *
 * @throws TensorproofError `program.truncated`, `program.version`, `program.notCanonical`, `program.invalid` or
 * `program.rangeTooLarge`
 */
export function parseProgramStructure(bytes: Uint8Array): ProgramStructure {
  const reader = new ByteReader(bytes, "program");
  readHeader(reader);
  const name = reader.text();
  const numInputs = reader.count(MIN_DECLARATION_BYTES);
  const numOperators = reader.count(MIN_DECLARATION_BYTES + MIN_OPERATOR_BYTES);
  const tensors = readList(numInputs + numOperators, () => readDeclaration(reader));
  const constants = readList(reader.count(MIN_DECLARATION_BYTES), () => readDeclaration(reader));
  const operators = readList(numOperators, (index) => readOperator(reader, numInputs + index));
  const inputs = readList(numInputs, (index) => index);
  const outputs = readList(reader.count(4), () => reader.u32());
  reader.end();
  const structure: ProgramStructure = {
    version: 1,
    name,
    mode: "pow2",
    tensors,
    constants,
    operators,
    inputs,
    outputs,
  };
  validateStructure(structure);
  return structure;
}
