/**
 * Powers of tau as Barretenberg reads them: points one after the other, coordinates of 32 bytes, big-endian. Those of the
 * ceremony come from Aztec's servers or from a file; those of one party are made here and are insecure.
 */
import { GROUP_1, GROUP_2, multiplesOf } from "../ptau/fixedBase.ts";
import { FIELD_ORDER, residue } from "../r1cs/scalarField.ts";

export const POINT_BYTES = 64;
const COORDINATE_BYTES = 32;
/** Fewer than this it never asks for. */
const MIN_POINTS = 1024;
/** Rows that are added to the gates: blinding, and those of the protocol itself. */
const EXTRA_ROWS = 64;

export interface ReferenceString {
  /** tau^i · G1 from i = 0 on. */
  readonly g1: Uint8Array;
  /** tau · G2. */
  readonly g2: Uint8Array;
}

/** tau · G2 of the ceremony (Aztec's Ignition, 2019), which Barretenberg has compiled into it. */
export const CEREMONY_G2: Uint8Array = Uint8Array.from(
  [
    "0118c4d5b837bcc2bc89b5b398b5974e9f5944073b32078b7e231fec938883b0",
    "260e01b251f6f1c7e7ff4e580791dee8ea51d87a358e038b4efe30fac09383c1",
    "22febda3c0c0632a56475b4214e5615e11e6dd3f96e6cea2854a87d4dacc5e55",
    "04fc6369f7110fe3d25156c1bb9a72859cf2a04641f99ba4ee413c80da6a5fe4",
  ]
    .join("")
    .match(/../g) ?? [],
  (pair) => Number.parseInt(pair, 16),
);

/** The first point of every reference string: all that a verifier reads of it. */
export function firstPoint(): Uint8Array {
  return written([GROUP_1.generator.x, GROUP_1.generator.y]);
}

/** Points that a circuit of so many gates is proven with, at most. */
export function numPoints(gates: number): number {
  return Math.max(MIN_POINTS, 2 ** Math.ceil(Math.log2(gates + EXTRA_ROWS)) + 1);
}

/** Whoever knows what this function draws can forge. Takes about 60 microseconds per point. */
export function insecureReferenceString(count: number): ReferenceString {
  const tau = randomResidue();
  const powers: bigint[] = [];
  for (let i = 0, value = 1n; i < count; i++, value = (value * tau) % FIELD_ORDER) powers.push(value);
  const [{ x, y }] = multiplesOf(GROUP_2, [tau]);
  return {
    g1: written(multiplesOf(GROUP_1, powers).flatMap((point) => [point.x, point.y])),
    g2: written([x.a, x.b, y.a, y.b]),
  };
}

function written(numbers: readonly bigint[]): Uint8Array {
  const bytes = new Uint8Array(numbers.length * COORDINATE_BYTES);
  const view = new DataView(bytes.buffer);
  numbers.forEach((number, i) => {
    for (let word = 0; word < 4; word++)
      view.setBigUint64(
        COORDINATE_BYTES * i + 8 * word,
        BigInt.asUintN(64, number >> BigInt(192 - 64 * word)),
      );
  });
  return bytes;
}

/** Uniform up to 2^-130, and neither 0 nor 1. */
function randomResidue(): bigint {
  let value = 0n;
  for (const byte of crypto.getRandomValues(new Uint8Array(48))) value = (value << 8n) | BigInt(byte);
  const drawn = residue(value);
  return drawn <= 1n ? randomResidue() : drawn;
}
