/**
 * What a verifier of a circuit over BN254 holds: the program's structure, what is visible, the batch, the weights' commitment or
 * digest, where the setup came from, and the key of the proof system. Its hash is the model's identity.
 */
import { ByteReader } from "../../bytes/byteReader.ts";
import { ByteWriter } from "../../bytes/byteWriter.ts";
import { TensorproofError } from "../../errors/tensorproofError.ts";
import { HASH_BYTES } from "../../hash/blake3.ts";
import { parseProgramStructure } from "../../program/parse.ts";
import type { ProgramStructure } from "../../program/programStructure.ts";
import { programStructureBytes } from "../../program/serialise.ts";
import type { Visibilities, Visibility } from "../../relations/visibility.ts";

export interface CircuitKey {
  readonly backend: number;
  readonly program: ProgramStructure;
  readonly visibilities: Visibilities;
  readonly batch: number;
  /** Commitment of hidden weights, BLAKE3 of public ones. */
  readonly weights: Uint8Array;
  /** Made by one party, who can forge. */
  readonly isInsecure: boolean;
  /** As the proof system writes it. */
  readonly system: Uint8Array;
}

const MAGIC: Uint8Array = new TextEncoder().encode("TPSK");
const VERSION = 1;
const VISIBILITIES: readonly Visibility[] = ["public", "committed", "private"];
const MAX_BATCH = 2 ** 20;

export function writeCircuitKey(key: CircuitKey): Uint8Array {
  const writer = new ByteWriter();
  writer.bytes(MAGIC);
  writer.u16(VERSION);
  writer.u8(key.backend);
  writer.u8(key.isInsecure ? 1 : 0);
  const { input, weights, output } = key.visibilities;
  for (const visibility of [input, weights, output]) writer.u8(VISIBILITIES.indexOf(visibility));
  writer.u32(key.batch);
  writer.bytes(key.weights);
  const parts = [programStructureBytes(key.program), key.system];
  for (const part of parts) {
    writer.u32(part.length);
    writer.bytes(part);
  }
  return writer.finish();
}

/** @throws TensorproofError `key.*`, `program.*` */
export function readCircuitKey(bytes: Uint8Array): CircuitKey {
  const reader = new ByteReader(bytes, "key");
  const magic = reader.bytes(MAGIC.length);
  if (!magic.every((byte, i) => byte === MAGIC[i]))
    throw reader.notCanonical("byte 0", "this is no verification key of this backend");
  const version = reader.u16();
  if (version !== VERSION) {
    const message = `the verification key has format version ${version}; this release reads version ${VERSION}`;
    throw new TensorproofError("key.version", message);
  }
  const backend = reader.u8();
  const insecure = reader.u8();
  if (insecure > 1) throw reader.notCanonical("setup", `unknown kind ${insecure}`);
  const visibility = (): Visibility => {
    const code = reader.u8();
    const found = VISIBILITIES[code];
    if (found === undefined) throw reader.notCanonical("visibilities", `unknown visibility ${code}`);
    return found;
  };
  const visibilities = { input: visibility(), weights: visibility(), output: visibility() };
  const batch = reader.u32();
  if (batch < 1 || batch > MAX_BATCH) throw reader.notCanonical("batch", `${batch} samples`);
  const weights = Uint8Array.from(reader.bytes(HASH_BYTES));
  const program = parseProgramStructure(reader.bytes(reader.u32()));
  const system = reader.bytes(reader.u32());
  reader.end();
  return { backend, program, visibilities, batch, weights, isInsecure: insecure === 1, system };
}
