/** The binary format `.wtns`, version 2, of iden3: the values of all wires. */
import { writeOrder } from "./r1csFile.ts";
import { FIELD_BYTES, writeResidue } from "./scalarField.ts";

const MAGIC = "wtns";
const VERSION = 2;
const SECTION_BYTES = 12;
const HEADER_BYTES = 4 + FIELD_BYTES + 4;

/** @param values by wire, the constant 1 first */
export function writeWtns(values: readonly bigint[]): Uint8Array {
  const headerAt = SECTION_BYTES + SECTION_BYTES;
  const valuesAt = headerAt + HEADER_BYTES + SECTION_BYTES;
  const bytes = new Uint8Array(valuesAt + values.length * FIELD_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode(MAGIC));
  view.setUint32(4, VERSION, true);
  view.setUint32(8, 2, true);
  view.setUint32(12, 1, true);
  view.setBigUint64(16, BigInt(HEADER_BYTES), true);
  view.setUint32(headerAt, FIELD_BYTES, true);
  writeOrder(view, headerAt + 4);
  view.setUint32(headerAt + 4 + FIELD_BYTES, values.length, true);
  view.setUint32(headerAt + HEADER_BYTES, 2, true);
  view.setBigUint64(headerAt + HEADER_BYTES + 4, BigInt(values.length * FIELD_BYTES), true);
  values.forEach((value, wire) => {
    writeResidue(view, valuesAt + wire * FIELD_BYTES, value);
  });
  return bytes;
}
