/** What binds a key to weights: a salted commitment where they are hidden, the hash of their data where they are constants. */
import { ByteWriter } from "../../bytes/byteWriter.ts";
import { keyedHash, labelKey } from "../../hash/blake3.ts";
import { writeConstantsData } from "../../program/constantsData.ts";
import type { Program } from "../../program/program.ts";
import { residueBytes } from "../r1cs/scalarField.ts";
import type { Commit } from "./commit.ts";

const PUBLIC_WEIGHTS_KEY: Uint8Array = labelKey("r1cs-public-weights/v1");

/** @param salt null: the weights are constants of the circuit */
export function weightBinding(program: Program, salt: bigint | null, commit: Commit): Uint8Array {
  if (salt !== null) {
    const rows = program.constants.map(({ range, data }) => ({ range, values: data }));
    return residueBytes(commit(salt, rows));
  }
  const writer = new ByteWriter();
  writeConstantsData(writer, program);
  return keyedHash(PUBLIC_WEIGHTS_KEY, writer.finish());
}
