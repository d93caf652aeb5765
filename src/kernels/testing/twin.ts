import { expect } from "vitest";
import { P } from "../../field/m31.ts";
import { seededExts } from "../../field/testing/seededExt.ts";
import { extWords, readExt4 } from "../extLayout.ts";
import type { KernelSet } from "../kernelSet.ts";

const CHUNK = 256;
let seed = 0;
let drawn: number[] = [];

/** Begins the random numbers anew, so that a test meets the same ones whichever tests ran before it. */
export function restartRandom(): void {
  seed = 0;
  drawn = [];
}

/** Uniform below `bound`, a small number. */
export function randomBelow(bound: number): number {
  return nextElement() % bound;
}

function nextElement(): number {
  if (drawn.length === 0) drawn = seededExts(++seed * 0x9e3779b1, CHUNK).flat();
  return drawn.pop() as number;
}

/** A random word of F; every third one 0, 1 or p − 1. */
export function randomElement(): number {
  return randomBelow(3) === 0 ? [0, 1, P - 1][randomBelow(3)] : nextElement();
}

export function randomWord(): number {
  return (nextElement() ^ (nextElement() << 15)) >>> 0;
}

export function randomElements(length: number): Uint32Array {
  return Uint32Array.from({ length }, randomElement);
}

export function randomWords(length: number): Uint32Array {
  return Uint32Array.from({ length }, randomWord);
}

/** Random elements of an ext4 array, with rubbish in the lanes beyond `length`. */
export function randomExt(length: number): Uint32Array {
  const words = randomWords(extWords(length));
  for (let j = 0; j < length; j++) {
    for (let c = 0; c < 4; c++) words[(j >> 2) * 16 + 4 * c + (j & 3)] = randomElement();
  }
  return words;
}

/** An array that exists in both kernel sets. */
export interface TwinArray {
  readonly tested: number;
  readonly reference: number;
  readonly length: number;
}

type Call<Result> = (kernels: KernelSet, ptr: (array: TwinArray) => number) => Result;

/** The kernel set under test and the reference, given the same data and asked the same. */
export class Twin {
  readonly #tested: KernelSet;
  readonly #reference: KernelSet;

  constructor(tested: KernelSet, reference: KernelSet) {
    this.#tested = tested;
    this.#reference = reference;
  }

  array(contents: Uint32Array): TwinArray {
    const array = {
      tested: this.#tested.alloc(contents.length),
      reference: this.#reference.alloc(contents.length),
      length: contents.length,
    };
    this.#tested.words.set(contents, array.tested / 4);
    this.#reference.words.set(contents, array.reference / 4);
    return array;
  }

  /** Calls both; their results must agree. */
  call<Result>(call: Call<Result>): Result {
    const result = call(this.#tested, (array) => array.tested);
    expect(result).toEqual(call(this.#reference, (array) => array.reference));
    return result;
  }

  expectSameWords(array: TwinArray, length: number = array.length): void {
    const wordsOf = (kernels: KernelSet, ptr: number): Uint32Array =>
      kernels.words.subarray(ptr / 4, ptr / 4 + length);
    expectSame(wordsOf(this.#tested, array.tested), wordsOf(this.#reference, array.reference));
  }

  expectSameExt(array: TwinArray, length: number): void {
    const wordsOf = (kernels: KernelSet, ptr: number): Uint32Array =>
      Uint32Array.from(Array.from({ length }, (_, j) => readExt4(kernels.words, ptr, j)).flat());
    expectSame(wordsOf(this.#tested, array.tested), wordsOf(this.#reference, array.reference));
  }

  /** Runs `body` and frees what it allocated. */
  scope(body: () => void): void {
    const marks = [this.#tested.mark(), this.#reference.mark()];
    body();
    this.#tested.release(marks[0]);
    this.#reference.release(marks[1]);
  }
}

/** Reports the first difference only: the arrays are long. */
function expectSame(tested: Uint32Array, reference: Uint32Array): void {
  const word = tested.findIndex((value, k) => value !== reference[k]);
  expect({ word, value: tested[word] }).toEqual({ word: -1, value: undefined });
}
