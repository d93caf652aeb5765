/** EZKL's proof without what it repeats: public values and the argument. Values are fixed-point numbers in the scalar field. */
import { ByteReader } from "../../bytes/byteReader.ts";
import { ByteWriter } from "../../bytes/byteWriter.ts";
import { FIELD_BYTES, parseResidue, signedInteger } from "../r1cs/scalarField.ts";

export interface EzklProof {
  /** Public values as EZKL writes them: 32 bytes each, little-endian, in hexadecimal. */
  readonly instances: readonly string[];
  readonly argument: Uint8Array;
}

const MAGIC: Uint8Array = new TextEncoder().encode("TPEP");

export function parseEzklJson(json: string): EzklProof {
  const { instances, proof } = JSON.parse(json) as { instances: string[][]; proof: number[] };
  return { instances: instances.flat(), argument: Uint8Array.from(proof) };
}

export function ezklJson({ instances, argument }: EzklProof): string {
  const hex = Array.from(argument, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return JSON.stringify({
    protocol: null,
    instances: [instances],
    proof: Array.from(argument),
    hex_proof: `0x${hex}`,
    split: null,
    pretty_public_inputs: null,
    timestamp: null,
    version: null,
  });
}

export function writeEzklProof({ instances, argument }: EzklProof): Uint8Array {
  const writer = new ByteWriter();
  writer.bytes(MAGIC);
  writer.u32(instances.length);
  for (const instance of instances)
    for (let i = 0; i < FIELD_BYTES; i++) writer.u8(Number.parseInt(instance.slice(2 * i, 2 * i + 2), 16));
  writer.u32(argument.length);
  writer.bytes(argument);
  return writer.finish();
}

/** @throws TensorproofError `proof.truncated`, `proof.notCanonical` */
export function readEzklProof(bytes: Uint8Array): EzklProof {
  const reader = new ByteReader(bytes, "proof");
  const magic = reader.bytes(MAGIC.length);
  if (!magic.every((byte, i) => byte === MAGIC[i]))
    throw reader.notCanonical("byte 0", "this is no proof of EZKL");
  const instances = Array.from({ length: reader.count(FIELD_BYTES) }, () =>
    Array.from(reader.bytes(FIELD_BYTES), (byte) => byte.toString(16).padStart(2, "0")).join(""),
  );
  const argument = reader.bytes(reader.u32());
  reader.end();
  return { instances, argument };
}

/** The real number of a public value with 2^scale steps to the unit; NaN where it is no field element. */
export function realOfInstance(instance: string, scale: number): number {
  const bytes = Uint8Array.from(instance.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  const value = parseResidue(bytes.reverse());
  return value === null ? Number.NaN : Number(signedInteger(value)) / 2 ** scale;
}
