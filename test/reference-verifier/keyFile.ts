/**
 * The bytes of a verification key: docs/spec/07-files.md, 7.2; its integers also in 10-program.md, 10.4.
 */
import { derive, keyed, label } from "./blake3.ts";
import { ascii, equalBytes, Reader } from "./bytes.ts";
import { type Parameters, readParameters } from "./parameters.ts";
import { numCells } from "./plan.ts";
import type { Declaration, Program } from "./program.ts";
import { readProgram } from "./programBytes.ts";
import { must } from "./refusal.ts";

export interface HiddenWeights {
  readonly kind: "hidden";
  readonly root: Uint8Array;
  readonly rangeProof: Uint8Array;
}

export interface PublicWeights {
  readonly kind: "public";
  /** The integers of each constant. */
  readonly constants: readonly (readonly bigint[])[];
}

export interface KeyFile {
  readonly program: Program;
  readonly programHash: Uint8Array;
  readonly parameters: Parameters;
  /** B */
  readonly budget: number;
  readonly weights: HiddenWeights | PublicWeights;
  readonly headerDigest: Uint8Array;
  /** The model identity. */
  readonly identity: Uint8Array;
}

export function readKeyFile(bytes: Uint8Array): KeyFile {
  const reader = new Reader(bytes, "key");
  if (!equalBytes(reader.take(4, "magic"), ascii("TPVK"))) reader.notCanonical("magic");
  must(reader.u16("version") === 1, "key.version", "version");
  const structure = reader.take(reader.u32("length of the structure"), "structure");
  const program = readProgram(structure);
  const parameters = readParameters(reader);
  const budget = reader.u16("budget");
  const kind = reader.u8("kind of weights");
  if (kind > 1) reader.notCanonical("kind of weights");
  const root = kind === 0 ? reader.take(32, "root of the weights") : undefined;
  const headerLength = root === undefined ? bytes.length : reader.offset;
  const weights: HiddenWeights | PublicWeights =
    root === undefined
      ? { kind: "public", constants: program.constants.map((constant) => readIntegers(reader, constant)) }
      : { kind: "hidden", root, rangeProof: reader.take(reader.u32("length of the proof"), "range proof") };
  reader.end("key");
  return {
    program,
    programHash: derive("tensorproof/program-structure/v1", structure),
    parameters,
    budget,
    weights,
    headerDigest: keyed(label("model-header/v1"), bytes.slice(0, headerLength)),
    identity: keyed(label("model/v1"), bytes),
  };
}

function readIntegers(reader: Reader, { name, shape, range }: Declaration): bigint[] {
  const count = numCells(shape);
  const fits = (size: number): boolean =>
    range.lo >= -(2n ** BigInt(8 * size - 1)) && range.hi < 2n ** BigInt(8 * size - 1);
  const size = fits(1) ? 1 : fits(2) ? 2 : 4;
  reader.need(size * count, `constant ${name}`);
  const read = { 1: () => reader.i8(name), 2: () => reader.i16(name), 4: () => reader.i32(name) }[size];
  return Array.from({ length: count }, () => BigInt(read()));
}
