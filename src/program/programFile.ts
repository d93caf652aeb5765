import { ByteReader } from "../bytes/byteReader.ts";
import { ByteWriter } from "../bytes/byteWriter.ts";
import { TensorproofError } from "../errors/tensorproofError.ts";
import { contextHash } from "../hash/blake3.ts";
import { readConstantsData, writeConstantsData } from "./constantsData.ts";
import { parseProgramStructure } from "./parse.ts";
import type { Program } from "./program.ts";
import { programStructureBytes } from "./serialise.ts";
import { validateProgram } from "./validate.ts";

// A .tp file: "TPGM", version u16, length of the structure u32, structure, data of the constants, and 32 bytes of BLAKE3
// over all before it, in key derivation mode with this context. The checksum finds damage; it authenticates nothing.
const MAGIC: Uint8Array = new TextEncoder().encode("TPGM");
const VERSION = 1;
const CHECKSUM_BYTES = 32;
const CHECKSUM_CONTEXT = "tensorproof/program-file/v1";

/** Whether the bytes begin like a `.tp` file. */
export function isProgramFile(bytes: Uint8Array): boolean {
  return bytes.length >= MAGIC.length && MAGIC.every((byte, index) => byte === bytes[index]);
}

/**
 * The bytes of a `.tp` file: the program with its weights. Equal programs give equal bytes.
 *
 * @throws TensorproofError `program.invalid` or `program.rangeTooLarge`
 */
export function serialiseProgram(program: Program): Uint8Array {
  validateProgram(program);
  const structure = programStructureBytes(program);
  const writer = new ByteWriter();
  writer.bytes(MAGIC);
  writer.u16(VERSION);
  writer.u32(structure.length);
  writer.bytes(structure);
  writeConstantsData(writer, program);
  writer.bytes(contextHash(CHECKSUM_CONTEXT, writer.finish()));
  return writer.finish();
}

/**
 * Reads and fully checks (`validateProgram`) a `.tp` file. Accepts exactly what `serialiseProgram` writes.
 *
 * @throws TensorproofError `program.truncated`, `program.version`, `program.notCanonical`, `program.checksum`,
 * `program.invalid` or `program.rangeTooLarge`
 */
export function parseProgram(bytes: Uint8Array): Program {
  const reader = new ByteReader(bytes, "program");
  reader.require(MAGIC.length);
  if (!isProgramFile(bytes)) throw reader.notCanonical("byte 0", "this is no compiled program (.tp)");
  reader.bytes(MAGIC.length);
  const version = reader.u16();
  if (version !== VERSION) {
    const message = `the .tp file has format version ${version}; this release reads version ${VERSION}`;
    throw new TensorproofError("program.version", message);
  }
  const structure = parseProgramStructure(reader.bytes(reader.u32()));
  const constants = readConstantsData(reader, structure);
  const checked = bytes.subarray(0, bytes.length - reader.bytesLeft);
  const checksum = reader.bytes(CHECKSUM_BYTES);
  reader.end();
  if (!contextHash(CHECKSUM_CONTEXT, checked).every((byte, index) => byte === checksum[index])) {
    throw new TensorproofError("program.checksum", "the .tp file is damaged: its checksum does not match");
  }
  const program: Program = { ...structure, constants };
  validateProgram(program);
  return program;
}
