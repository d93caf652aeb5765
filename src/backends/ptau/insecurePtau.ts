/**
 * Powers of tau of one party: whoever knows what this function draws can forge, and nobody can tell that it was forgotten.
 * For benchmarks and tests. The file, made for one size of circuit, holds only the Lagrange points of that size; a
 * ceremony's has those of all sizes below.
 */
import { FIELD_ORDER, inverse, inverses, residue } from "../r1cs/scalarField.ts";
import { BASE_ORDER } from "./baseField.ts";
import { GROUP_1, GROUP_2, type Group, multiplesOf } from "./fixedBase.ts";

export interface PtauShape {
  /** The circuit's domain has 2^power elements. */
  readonly power: number;
  /** Points tau^i that are needed, from i = 0 on. */
  readonly numPowers: number;
  /** Whether Groth16 is to be set up, which needs Lagrange points of further kinds. */
  readonly forGroth16: boolean;
}

/** A multiplicative generator's power of order 2^28: what all tools over this field take as their root of unity. */
const TWO_ADICITY = 28;
const NON_RESIDUE = 5n;

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = residue(base);
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % FIELD_ORDER;
    square = (square * square) % FIELD_ORDER;
  }
  return result;
}

export function rootOfUnity(logSize: number): bigint {
  return power(NON_RESIDUE, (FIELD_ORDER - 1n) >> BigInt(logSize));
}

/** L_i(tau) of the domain of 2^logSize roots of unity, i = first, first + step, … */
function lagrangeValues(tau: bigint, logSize: number, first: number, step: number): bigint[] {
  const size = 2 ** logSize;
  const root = rootOfUnity(logSize);
  const scale = residue((power(tau, BigInt(size)) - 1n) * inverse(BigInt(size)));
  const stride = power(root, BigInt(step));
  const points: bigint[] = [];
  for (let i = first, point = power(root, BigInt(first)); i < size; i += step) {
    points.push(point);
    point = (point * stride) % FIELD_ORDER;
  }
  const inverted = inverses(points.map((point) => residue(tau - point)));
  return points.map((point, i) => residue(((scale * point) % FIELD_ORDER) * inverted[i]));
}

/** A uniform residue, and not a root of unity of a domain, where Lagrange values have no inverse. */
function randomResidue(): bigint {
  const bytes = crypto.getRandomValues(new Uint8Array(48));
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  const drawn = residue(value);
  return power(drawn, 1n << BigInt(TWO_ADICITY)) <= 1n ? randomResidue() : drawn;
}

/** Writes points one after the other, from point number `at` on. */
function writePoints<F>(bytes: Uint8Array, group: Group<F>, at: number, scalars: readonly bigint[]): void {
  const { field } = group;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  multiplesOf(group, scalars).forEach(({ x, y }, i) => {
    const start = (at + i) * 2 * field.bytes;
    field.write(view, start, x);
    field.write(view, start + field.bytes, y);
  });
}

function section<F>(group: Group<F>, length: number, parts: readonly PointRun[]): Uint8Array {
  const bytes = new Uint8Array(length * 2 * group.field.bytes);
  for (const { at, scalars } of parts) writePoints(bytes, group, at, scalars);
  return bytes;
}

interface PointRun {
  readonly at: number;
  readonly scalars: readonly bigint[];
}

/** A prepared `.ptau` file. Takes about as long as a hundred microseconds per point. */
export function insecurePtau(shape: PtauShape): Uint8Array {
  const { power: logSize, numPowers, forGroth16 } = shape;
  const size = 2 ** logSize;
  const [tau, alpha, beta] = [randomResidue(), randomResidue(), randomResidue()];
  const powers: bigint[] = [];
  for (let i = 0, value = 1n; i < numPowers; i++, value = (value * tau) % FIELD_ORDER) powers.push(value);
  const lagrange = lagrangeValues(tau, logSize, 0, 1);
  // In a section of Lagrange points those of 2^k roots begin at number 2^k − 1.
  const own = size - 1;
  const times = (factor: bigint): bigint[] => lagrange.map((value) => (value * factor) % FIELD_ORDER);
  const sections = new Map<number, Uint8Array>([
    [1, ptauHeader(logSize)],
    // Groth16 hashes its powers without using them.
    [2, section(GROUP_1, Math.max(numPowers, 2 * size), [{ at: 0, scalars: powers }])],
    [3, section(GROUP_2, Math.max(size, 2), [{ at: 0, scalars: [1n, tau] }])],
    [4, section(GROUP_1, 1, [{ at: 0, scalars: [alpha] }])],
    [5, section(GROUP_1, 1, [{ at: 0, scalars: [beta] }])],
    [6, section(GROUP_2, 1, [{ at: 0, scalars: [beta] }])],
  ]);
  const ownRun = { at: own, scalars: lagrange };
  if (!forGroth16) sections.set(12, section(GROUP_1, 2 * size - 1, [ownRun]));
  else {
    // Of the domain twice as large Groth16 takes the odd points only.
    const doubled = new Uint8Array((4 * size - 1) * 64);
    writePoints(doubled, GROUP_1, own, lagrange);
    const odd = section(GROUP_1, size, [{ at: 0, scalars: lagrangeValues(tau, logSize + 1, 1, 2) }]);
    for (let i = 0; i < size; i++)
      doubled.set(odd.subarray(64 * i, 64 * (i + 1)), 64 * (2 * size - 1 + 2 * i + 1));
    sections.set(12, doubled);
    sections.set(13, section(GROUP_2, 2 * size - 1, [ownRun]));
    sections.set(14, section(GROUP_1, 2 * size - 1, [{ at: own, scalars: times(alpha) }]));
    sections.set(15, section(GROUP_1, 2 * size - 1, [{ at: own, scalars: times(beta) }]));
  }
  return writeSections("ptau", 1, sections);
}

function ptauHeader(logSize: number): Uint8Array {
  const bytes = new Uint8Array(4 + 32 + 4 + 4);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 32, true);
  let rest = BASE_ORDER;
  for (let byte = 0; byte < 32; byte++, rest >>= 8n) view.setUint8(4 + byte, Number(rest & 255n));
  view.setUint32(36, logSize, true);
  view.setUint32(40, logSize, true);
  return bytes;
}

/** The container of iden3's binary files: magic, version, sections with their types and lengths. */
function writeSections(
  magic: string,
  version: number,
  sections: ReadonlyMap<number, Uint8Array>,
): Uint8Array {
  let length = 12;
  for (const bytes of sections.values()) length += 12 + bytes.length;
  const file = new Uint8Array(length);
  const view = new DataView(file.buffer);
  file.set(new TextEncoder().encode(magic));
  view.setUint32(4, version, true);
  view.setUint32(8, sections.size, true);
  let at = 12;
  for (const [type, bytes] of sections) {
    view.setUint32(at, type, true);
    view.setBigUint64(at + 4, BigInt(bytes.length), true);
    file.set(bytes, at + 12);
    at += 12 + bytes.length;
  }
  return file;
}
