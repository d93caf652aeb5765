import type { ByteReader } from "../bytes/byteReader.ts";
import type { ByteWriter } from "../bytes/byteWriter.ts";
import { elementCount } from "../tensor/shape.ts";
import type { IntRange, Program, ProgramConstant } from "./program.ts";
import type { ProgramStructure } from "./programStructure.ts";

/** Bytes per integer: the fewest of 1, 2 and 4 that hold the declared range. */
function integerBytes(range: IntRange): 1 | 2 | 4 {
  if (range.lo >= -(2 ** 7) && range.hi < 2 ** 7) return 1;
  return range.lo >= -(2 ** 15) && range.hi < 2 ** 15 ? 2 : 4;
}

/** Appends the integers of all constants in order, each little-endian and as wide as its declared range needs. */
export function writeConstantsData(writer: ByteWriter, program: Program): void {
  for (const { range, data } of program.constants) {
    const width = integerBytes(range);
    for (const value of data) {
      if (width === 1) writer.u8(value);
      else if (width === 2) writer.i16(value);
      else writer.i32(value);
    }
  }
}

/** Reads what `writeConstantsData` wrote. Allocates no more than the bytes left can fill; ranges are not checked. */
export function readConstantsData(reader: ByteReader, structure: ProgramStructure): ProgramConstant[] {
  return structure.constants.map((declaration) => {
    const size = elementCount(declaration.shape);
    const width = integerBytes(declaration.range);
    reader.require(size * width);
    const data = new Int32Array(size);
    for (let j = 0; j < size; j++) {
      if (width === 1) data[j] = reader.i8();
      else data[j] = width === 2 ? reader.i16() : reader.i32();
    }
    return { ...declaration, data };
  });
}
