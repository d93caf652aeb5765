/** Changes valid bytes where their fields begin and end, and elsewhere. */
import { P } from "../../src/field/m31.ts";
import type { Field } from "./fields.ts";
import type { Random } from "./random.ts";
import type { FuzzInput } from "./target.ts";

/** Valid bytes and where their fields lie. */
export interface SeedFile {
  readonly bytes: Uint8Array;
  readonly fields: readonly Field[];
  /** `byLength` of the fields; without it all fields are as likely. */
  readonly groups?: readonly (readonly Field[])[];
}

const WORDS = [0, 1, 2, P - 1, P, P + 1, 2 ** 31, 2 ** 32 - 1, 2 ** 16, 255];

type Change = (bytes: Uint8Array, field: Field, random: Random, seeds: readonly SeedFile[]) => Uint8Array;

const flipBit: Change = (bytes, { start, end }, random) => {
  bytes[start + random.below(end - start)] ^= 1 << random.below(8);
  return bytes;
};

/** A whole word of the field, at a multiple of four from its beginning. */
function wordIn({ start, end }: Field, random: Random): number {
  return start + 4 * random.below(Math.max(1, (end - start) >> 2));
}

const setWord: Change = (bytes, field, random) => {
  const at = Math.min(wordIn(field, random), bytes.length - 4);
  if (at < 0) return bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const value =
    random.below(2) === 0 ? random.pick(WORDS) : view.getUint32(at, true) + random.pick([1, -1, P, 7]);
  view.setUint32(at, value >>> 0, true);
  return bytes;
};

const setByte: Change = (bytes, { start }, random) => {
  bytes[start] = random.pick([0, 1, 2, 3, 127, 128, 255, random.below(256)]);
  return bytes;
};

const randomise: Change = (bytes, { start, end }, random) => {
  bytes.set(random.bytes(end - start), start);
  return bytes;
};

const clear: Change = (bytes, { start, end }) => bytes.fill(0, start, end);

/** Bytes of the same file from elsewhere, or of another valid file at the same place. */
const copyOver: Change = (bytes, { start, end }, random, seeds) => {
  const other = random.pick(seeds).bytes;
  const from = random.below(2) === 0 ? start : random.below(other.length);
  bytes.set(other.subarray(from, from + end - start), start);
  return bytes;
};

/** Exchanges two neighbours of equal length within the field: words, elements of K, hashes. */
const exchange: Change = (bytes, { start, end }, random) => {
  const size = random.pick([4, 16, 32]);
  const count = Math.floor((end - start) / size);
  if (count < 2) return bytes;
  const a = start + size * random.below(count);
  const b = start + size * random.below(count);
  const first = bytes.slice(a, a + size);
  bytes.copyWithin(a, b, b + size);
  bytes.set(first, b);
  return bytes;
};

const cut: Change = (bytes, { start, end }, random) =>
  bytes.slice(0, Math.max(0, random.pick([start, end, start + 1, end - 1])));

const remove: Change = (bytes, { start, end }) => joined(bytes.subarray(0, start), bytes.subarray(end));

const repeat: Change = (bytes, { start, end }) => joined(bytes.subarray(0, end), bytes.subarray(start));

const insert: Change = (bytes, { start }, random) =>
  joined(bytes.subarray(0, start), joined(random.bytes(1 + random.below(40)), bytes.subarray(start)));

const CHANGES: readonly Change[] = [
  flipBit,
  flipBit,
  flipBit,
  setWord,
  setWord,
  setWord,
  setByte,
  randomise,
  clear,
  copyOver,
  copyOver,
  exchange,
  exchange,
  cut,
  remove,
  repeat,
  insert,
];

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(a.length + b.length);
  bytes.set(a);
  bytes.set(b, a.length);
  return bytes;
}

/** Fields by their length: a file has hundreds of hashes and one version, and both should be hit. */
export function byLength(fields: readonly Field[]): Field[][] {
  const groups = new Map<number, Field[]>();
  for (const field of fields) {
    const length = field.end - field.start;
    groups.set(length, [...(groups.get(length) ?? []), field]);
  }
  return [...groups.values()];
}

/** One to three changes of one valid file; now and then bytes without any meaning. */
export function mutated(seeds: readonly SeedFile[], random: Random): FuzzInput {
  const seed = random.below(seeds.length);
  if (random.below(200) === 0) return { bytes: random.bytes(random.below(2000)), seed };
  const { fields, groups = [fields], bytes: valid } = seeds[seed];
  const draw = (bytes: Uint8Array): Field => {
    if (random.below(8) === 0 || fields.length === 0) return anywhere(bytes, random);
    return random.pick(random.below(2) === 0 ? fields : random.pick(groups));
  };
  let bytes: Uint8Array = valid.slice();
  for (let count = random.pick([1, 1, 1, 2, 3]); count > 0 && bytes.length > 0; count--) {
    const drawn = draw(bytes);
    const field = { start: Math.min(drawn.start, bytes.length - 1), end: Math.min(drawn.end, bytes.length) };
    if (field.end > field.start) bytes = random.pick(CHANGES)(bytes, field, random, seeds);
    if (count === 1 && isSame(bytes, valid)) count++;
  }
  return { bytes, seed };
}

export function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function anywhere(bytes: Uint8Array, random: Random): Field {
  const start = random.below(bytes.length);
  return { start, end: Math.min(bytes.length, start + 1 + random.below(64)) };
}
