/**
 * Changed files: at every boundary of a field as the reference verifier reads them, and at random places.
 */
import { Reader } from "./bytes.ts";
import { Refusal } from "./refusal.ts";

export interface Mutation {
  readonly name: string;
  readonly bytes: Uint8Array;
}

type Change = (bytes: Uint8Array, at: number) => Uint8Array;

const CHANGES: Readonly<Record<string, Change>> = {
  "bit flipped behind": (bytes, at) => flip(bytes, at, 1),
  "bit flipped before": (bytes, at) => flip(bytes, at - 1, 128),
  "word of ones": wordOfOnes,
  "cut off": (bytes, at) => bytes.slice(0, at),
  "byte left out": (bytes, at) => Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + 1)]),
  "byte put in": (bytes, at) => Uint8Array.from([...bytes.subarray(0, at), 0, ...bytes.subarray(at)]),
  "two words exchanged": (bytes, at) => {
    const words = [bytes.subarray(0, at), bytes.subarray(at + 4, at + 8), bytes.subarray(at, at + 4)];
    return Uint8Array.from([...words, bytes.subarray(at + 8)].flatMap((part) => [...part]));
  },
  "word of ones, then cut off": (bytes, at) => wordOfOnes(bytes, at).slice(0, at + 6),
  "word of ones, then cut off further on": (bytes, at) => wordOfOnes(bytes, at).slice(0, at + 70),
};

function flip(bytes: Uint8Array, at: number, bit: number): Uint8Array {
  return bytes.map((byte, index) => (index === at ? byte ^ bit : byte));
}

function wordOfOnes(bytes: Uint8Array, at: number): Uint8Array {
  return bytes.map((byte, index) => (index >= at && index < at + 4 ? 255 : byte));
}

/** Each boundary with every change, or with one change that differs from boundary to boundary. */
export function atBoundaries(bytes: Uint8Array, boundaries: readonly number[], all: boolean): Mutation[] {
  const changes = Object.entries(CHANGES);
  return boundaries.flatMap((at, index) => {
    const chosen = all ? changes : [changes[index % changes.length]!];
    return chosen.map(([name, change]) => ({ name: `${name} ${at}`, bytes: change(bytes, at) }));
  });
}

/** `count` files with two changes at random boundaries: the order of checks decides how they are refused. */
export function twoFaults(
  bytes: Uint8Array,
  boundaries: readonly number[],
  count: number,
  seed: number,
): Mutation[] {
  const next = generator(seed);
  const changes = Object.entries(CHANGES);
  const choose = () => {
    const [name, change] = changes[next(changes.length)]!;
    return { name, change, at: boundaries[next(boundaries.length)]! };
  };
  return Array.from({ length: count }, () => {
    const [one, other] = [choose(), choose()];
    const changed = other.change(one.change(bytes, one.at), other.at);
    return { name: `${one.name} ${one.at}, then ${other.name} ${other.at}`, bytes: changed };
  });
}

/** `count` files with one to three random bytes at random places, every other file in its first tenth. */
export function atRandom(bytes: Uint8Array, count: number, seed: number): Mutation[] {
  const next = generator(seed);
  return Array.from({ length: count }, (_, index) => {
    const changed = bytes.slice();
    const range = index % 2 === 0 ? bytes.length : Math.ceil(bytes.length / 10);
    const places = Array.from({ length: 1 + (index % 3) }, () => next(range));
    for (const place of places) changed[place] = next(256);
    return { name: `random bytes at ${places.join(", ")}`, bytes: changed };
  });
}

/** Reproducible numbers below a bound (a linear congruence modulo 2^48, as in POSIX drand48). */
export function generator(seed: number): (bound: number) => number {
  let state = BigInt(seed) * 65536n + 13070n;
  return (bound) => {
    state = (state * 25214903917n + 11n) % 2n ** 48n;
    return Number((state >> 16n) % BigInt(bound));
  };
}

/**
 * Offsets at which the checks begin to read a value, ascending; vectors over F and K count once. `baseOf`: where in the file a
 * reader of this area begins that has so many bytes.
 */
export function boundariesOf(
  file: Uint8Array,
  baseOf: (area: string, length: number) => number,
  checks: () => void,
): number[] {
  const offsets = new Set([file.length]);
  const bases = new Map<Reader, number>();
  const { take, fieldWords } = Reader.prototype;
  let insideVector = false;
  const note = (reader: Reader): void => {
    if (!bases.has(reader)) bases.set(reader, baseOf(reader.area, reader.left));
    offsets.add(bases.get(reader)! + reader.offset);
  };
  Reader.prototype.take = function (this: Reader, count: number, where: string): Uint8Array {
    if (where !== "challenge" && !insideVector) note(this);
    return take.call(this, count, where);
  };
  Reader.prototype.fieldWords = function (this: Reader, count: number, where: string): bigint[] {
    note(this);
    insideVector = true;
    const words = fieldWords.call(this, count, where);
    insideVector = false;
    return words;
  };
  try {
    checks();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  } finally {
    Object.assign(Reader.prototype, { take, fieldWords });
  }
  return [...offsets].sort((a, b) => a - b);
}
