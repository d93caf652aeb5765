/** The scalar field of BN254, over which the constraints are. Values are integers mod r; small negative ones stay so until written. */
export const FIELD_ORDER = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;
export const FIELD_BYTES = 32;

/** The residue from 0 to r − 1. */
export function residue(value: bigint): bigint {
  const rest = value % FIELD_ORDER;
  return rest < 0n ? rest + FIELD_ORDER : rest;
}

/** The integer of least absolute value with this residue: what hints about bits look at. */
export function signedInteger(value: bigint): bigint {
  const rest = residue(value);
  return rest > FIELD_ORDER / 2n ? rest - FIELD_ORDER : rest;
}

/** The inverse of a residue other than 0, by the extended Euclidean algorithm. @throws RangeError for 0 */
export function inverse(value: bigint): bigint {
  let [a, b] = [residue(value), FIELD_ORDER];
  let [x, y] = [1n, 0n];
  if (a === 0n) throw new RangeError("0 has no inverse");
  while (b !== 0n) {
    const quotient = a / b;
    [a, b] = [b, a - quotient * b];
    [x, y] = [y, x - quotient * y];
  }
  return residue(x);
}

/** Inverses of residues other than 0, for the price of one and three products each. */
export function inverses(values: readonly bigint[]): bigint[] {
  const before: bigint[] = [];
  let product = 1n;
  for (const value of values) {
    before.push(product);
    product = (product * value) % FIELD_ORDER;
  }
  const result: bigint[] = new Array(values.length);
  let inverted = values.length === 0 ? 1n : inverse(product);
  for (let i = values.length - 1; i >= 0; i--) {
    result[i] = residue(inverted * before[i]);
    inverted = (inverted * values[i]) % FIELD_ORDER;
  }
  return result;
}

/** Writes a residue as 32 bytes, little-endian. */
export function writeResidue(view: DataView, at: number, value: bigint): void {
  const rest = residue(value);
  view.setBigUint64(at, rest & WORD, true);
  view.setBigUint64(at + 8, (rest >> 64n) & WORD, true);
  view.setBigUint64(at + 16, (rest >> 128n) & WORD, true);
  view.setBigUint64(at + 24, rest >> 192n, true);
}

const WORD = 0xffffffffffffffffn;

/** The bytes of a residue, big-endian, as statements hold commitments. */
export function residueBytes(value: bigint): Uint8Array {
  const bytes = new Uint8Array(FIELD_BYTES);
  writeResidue(new DataView(bytes.buffer), 0, value);
  return bytes.reverse();
}

/** Null unless the bytes are a residue in its one form. */
export function parseResidue(bytes: Uint8Array): bigint | null {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return bytes.length === FIELD_BYTES && value < FIELD_ORDER ? value : null;
}
