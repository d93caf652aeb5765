/** The numbers of a proof in one form: 32 bytes each, big-endian, below the order of their field. */
import { BASE_ORDER } from "../ptau/baseField.ts";
import { FIELD_ORDER } from "../r1cs/scalarField.ts";
import type { ProofJson } from "./snarkjs.ts";

/** Names of a proof's parts in the order of their bytes. */
export interface ProofShape {
  readonly protocol: string;
  readonly points: readonly string[];
  /** Points over the quadratic extension. */
  readonly quadraticPoints: readonly string[];
  readonly scalars: readonly string[];
  /** Whether points and scalars stand in objects of their own: `polynomials` and `evaluations`. */
  readonly nested: boolean;
}

const NUMBER_BYTES = 32;

export function proofBytes({ points, quadraticPoints, scalars }: ProofShape): number {
  return NUMBER_BYTES * (2 * points.length + 4 * quadraticPoints.length + scalars.length);
}

type Part = Readonly<Record<string, unknown>>;

export function writeProofNumbers(shape: ProofShape, proof: ProofJson): Uint8Array {
  const points = (shape.nested ? proof.polynomials : proof) as Part;
  const scalars = (shape.nested ? proof.evaluations : proof) as Part;
  const numbers: unknown[] = [];
  for (const name of shape.points) numbers.push(...(points[name] as unknown[]).slice(0, 2));
  for (const name of shape.quadraticPoints)
    for (const coordinate of (points[name] as unknown[][]).slice(0, 2)) numbers.push(...coordinate);
  for (const name of shape.scalars) numbers.push(scalars[name]);
  const bytes = new Uint8Array(numbers.length * NUMBER_BYTES);
  numbers.forEach((number, i) => {
    let rest = BigInt(String(number));
    for (let at = NUMBER_BYTES - 1; at >= 0; at--, rest >>= 8n)
      bytes[i * NUMBER_BYTES + at] = Number(rest & 255n);
  });
  return bytes;
}

/** Null where the bytes are not exactly the numbers of a proof, each in its only form. */
export function readProofNumbers(shape: ProofShape, bytes: Uint8Array): ProofJson | null {
  if (bytes.length !== proofBytes(shape)) return null;
  let at = 0;
  let isCanonical = true;
  const number = (order: bigint): string => {
    let value = 0n;
    for (const byte of bytes.subarray(at, at + NUMBER_BYTES)) value = (value << 8n) | BigInt(byte);
    at += NUMBER_BYTES;
    if (value >= order) isCanonical = false;
    return value.toString();
  };
  const points: Record<string, unknown> = {};
  const scalars: Record<string, unknown> = {};
  for (const name of shape.points) points[name] = [number(BASE_ORDER), number(BASE_ORDER), "1"];
  for (const name of shape.quadraticPoints) {
    const pair = (): string[] => [number(BASE_ORDER), number(BASE_ORDER)];
    points[name] = [pair(), pair(), ["1", "0"]];
  }
  for (const name of shape.scalars) scalars[name] = number(FIELD_ORDER);
  if (!isCanonical) return null;
  const parts = shape.nested ? { polynomials: points, evaluations: scalars } : { ...points, ...scalars };
  return { ...parts, protocol: shape.protocol, curve: "bn128" };
}
