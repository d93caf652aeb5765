/** Reads `.r1cs` and `.wtns` files as any other program would, and checks one against the other. */
import { FIELD_BYTES, FIELD_ORDER } from "../scalarField.ts";

export type Row = readonly { readonly wire: number; readonly factor: bigint }[];

export interface R1cs {
  readonly numWires: number;
  readonly numPublic: number;
  /** ⟨A, w⟩ · ⟨B, w⟩ = ⟨C, w⟩ */
  readonly constraints: readonly (readonly [Row, Row, Row])[];
}

function littleEndian(bytes: Uint8Array, at: number): bigint {
  let value = 0n;
  for (let i = FIELD_BYTES - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[at + i]);
  return value;
}

/** Where each section of a file of this kind begins and how long it is. */
function sections(bytes: Uint8Array, magic: string): Map<number, { at: number; length: number }> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (new TextDecoder().decode(bytes.subarray(0, 4)) !== magic) throw new Error(`no ${magic} file`);
  const found = new Map<number, { at: number; length: number }>();
  let at = 12;
  for (let i = 0; i < view.getUint32(8, true); i++) {
    const length = Number(view.getBigUint64(at + 4, true));
    found.set(view.getUint32(at, true), { at: at + 12, length });
    at += 12 + length;
  }
  if (at !== bytes.length) throw new Error(`${bytes.length - at} bytes are left over`);
  return found;
}

export function readR1cs(bytes: Uint8Array): R1cs {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = sections(bytes, "r1cs");
  const header = found.get(1)?.at ?? Number.NaN;
  if (littleEndian(bytes, header + 4) !== FIELD_ORDER) throw new Error("another field");
  const counts = header + 4 + FIELD_BYTES;
  const numWires = view.getUint32(counts, true);
  const numPublic = view.getUint32(counts + 4, true) + view.getUint32(counts + 8, true);
  let at = found.get(2)?.at ?? Number.NaN;
  const row = (): Row => {
    const count = view.getUint32(at, true);
    at += 4;
    return Array.from({ length: count }, () => {
      const term = { wire: view.getUint32(at, true), factor: littleEndian(bytes, at + 4) };
      at += 4 + FIELD_BYTES;
      return term;
    });
  };
  const constraints = Array.from(
    { length: view.getUint32(counts + 24, true) },
    () => [row(), row(), row()] as const,
  );
  return { numWires, numPublic, constraints };
}

export function readWtns(bytes: Uint8Array): bigint[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = sections(bytes, "wtns");
  const header = found.get(1)?.at ?? Number.NaN;
  const values = found.get(2)?.at ?? Number.NaN;
  const count = view.getUint32(header + 4 + FIELD_BYTES, true);
  return Array.from({ length: count }, (_, wire) => littleEndian(bytes, values + wire * FIELD_BYTES));
}

/** The number of the first constraint that the values break, or null. */
export function brokenConstraint({ constraints }: R1cs, values: readonly bigint[]): number | null {
  const evaluate = (row: Row): bigint => {
    let sum = 0n;
    for (const { wire, factor } of row) sum += factor * values[wire];
    return sum % FIELD_ORDER;
  };
  for (let i = 0; i < constraints.length; i++) {
    const [a, b, c] = constraints[i];
    if ((evaluate(a) * evaluate(b) - evaluate(c)) % FIELD_ORDER !== 0n) return i;
  }
  return null;
}
