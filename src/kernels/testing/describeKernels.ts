import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { circleTwiddles } from "../../code/circle.ts";
import { P } from "../../field/m31.ts";
import { extWords } from "../extLayout.ts";
import type { KernelSet } from "../kernelSet.ts";
import { createReferenceKernels } from "../reference/referenceKernels.ts";
import { describeFractions } from "./describeFractions.ts";
import { randomBelow, randomElements, randomExt, randomWords, restartRandom, Twin } from "./twin.ts";

/** Lengths that meet every tail, and some that meet several chunks and threads. */
const LENGTHS = [0, 1, 2, 3, 4, 5, 7, 8, 31, 64, 130, 1001];
const HALVES = [0, 1, 2, 3, 4, 5, 8, 13, 64, 257];
/** Three threads on two busy cores wait a lot. */
const PATIENCE_MS = 600_000;

/** What every kernel set must do: exactly what the reference does. `manyElements` should need several threads. */
export function describeKernels(
  name: string,
  create: () => KernelSet & { dispose?(): void },
  manyElements: number,
): void {
  describe(name, () => {
    let kernels: KernelSet & { dispose?(): void };
    let twin: Twin;
    beforeAll(() => {
      kernels = create();
      twin = new Twin(kernels, createReferenceKernels());
    });
    afterAll(() => kernels.dispose?.());

    /** One test that runs the body for every value, each in its own scope. */
    function each(title: string, values: readonly number[], body: (value: number) => void): void {
      it(title, { timeout: PATIENCE_MS }, () => {
        restartRandom();
        for (const value of values) twin.scope(() => body(value));
      });
    }

    each("circleEncodeRows", [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], (logN) => {
      const n = 2 ** logN;
      const twiddles = twin.array(circleTwiddles(logN));
      for (const count of [0, 1, n / 4 + 3, n / 2, n / 2 + 1, n - 1, n]) {
        if (!Number.isInteger(count) || count > n) continue;
        const rows = 3;
        const source = twin.array(randomElements(rows * (count + 5)));
        const target = twin.array(randomWords(rows * (n + 7)));
        twin.call((k, ptr) =>
          k.circleEncodeRows(ptr(target), n + 7, ptr(source), count + 5, rows, count, logN, ptr(twiddles)),
        );
        twin.expectSameWords(target);
      }
    });

    each("circleEncodeRows, many rows of the largest values", [9], (logN) => {
      const n = 2 ** logN;
      const rows = Math.ceil(manyElements / n);
      const twiddles = twin.array(circleTwiddles(logN));
      const source = twin.array(new Uint32Array(rows * n).fill(2 ** 31 - 2));
      const target = twin.array(new Uint32Array(rows * n));
      twin.call((k, ptr) => k.circleEncodeRows(ptr(target), n, ptr(source), n, rows, n, logN, ptr(twiddles)));
      twin.expectSameWords(target);
    });

    each("merkleLeaves", [0, 1, 15, 16, 17, 240, 241, 256, 500, 900], (rows) => {
      const n = rows > 100 ? 20 : 44;
      const stride = n + 1;
      const matrix = twin.array(randomElements(rows * stride));
      const salts = twin.array(randomWords(8 * n));
      const key = twin.array(randomWords(8));
      const target = twin.array(new Uint32Array(8 * n));
      twin.call((k, ptr) =>
        k.merkleLeaves(ptr(target), ptr(matrix), stride, rows, n, ptr(salts), 77, ptr(key)),
      );
      twin.expectSameWords(target);
    });

    each("merkleNodes", [...LENGTHS, manyElements / 8], (count) => {
      const children = twin.array(randomWords(16 * count));
      const key = twin.array(randomWords(8));
      const target = twin.array(new Uint32Array(8 * count));
      twin.call((k, ptr) => k.merkleNodes(ptr(target), ptr(children), count, ptr(key)));
      twin.expectSameWords(target);
    });

    each("grind", [0, 1, 4, 9], (bits) => {
      const state = twin.array(randomWords(8));
      const key = twin.array(randomWords(8));
      for (const [start, count] of [
        [0, 4000],
        [17, 3001],
        [5, 3],
        [9, 0],
        [2 ** 31 - 100, 99],
      ]) {
        twin.call((k, ptr) => k.grind(ptr(state), bits, start, count, ptr(key)));
      }
    });

    each("xofWords", [...LENGTHS, 16, 65, manyElements / 2], (count) => {
      const key = twin.array(randomWords(8));
      const target = twin.array(new Uint32Array(count + 1));
      for (const firstBlock of [0, 3]) {
        twin.call((k, ptr) => k.xofWords(ptr(target), count, ptr(key), firstBlock));
        twin.expectSameWords(target);
      }
    });

    each("maskToField", [...LENGTHS, 50 * manyElements], (count) => {
      const contents = randomWords(count);
      const array = twin.array(contents);
      expect(twin.call((k, ptr) => k.maskToField(ptr(array), count))).toBe(-1);
      twin.expectSameWords(array);
      for (const at of [count - 1, Math.floor(count / 2)]) {
        if (at < 0 || at >= count) continue;
        contents[at] = 0xffffffff;
        const withP = twin.array(contents);
        expect(twin.call((k, ptr) => k.maskToField(ptr(withP), count))).toBe(at);
        twin.expectSameWords(withP);
      }
    });

    each("combineRows", LENGTHS, (length) => {
      for (const rows of [0, 1, 3, 8, 9, 40]) {
        const stride = length + 3;
        const matrix = twin.array(randomElements(rows * stride));
        const coefficients = twin.array(randomElements(4 * rows));
        const target = twin.array(randomWords(extWords(length)));
        twin.call((k, ptr) =>
          k.combineRows(ptr(target), ptr(matrix), stride, rows, ptr(coefficients), length),
        );
        twin.expectSameExt(target, length);
      }
    });

    each("combineRows of small integers, with a large one now and then", LENGTHS, (length) => {
      for (const rows of [2, 4, 15, 16, 33, 70]) {
        const stride = length + 3;
        const edges = [2047, 2048, 2049].flatMap((entry) => [entry, P - entry]);
        for (const others of [2, 6]) {
          const small = Uint32Array.from({ length: rows * stride }, () => {
            const kind = randomBelow(40);
            if (kind < 10) return [edges[0], P - 2048][kind % 2];
            return kind === 10 ? edges[randomBelow(others)] : (randomBelow(4096) + P - 2048) % P;
          });
          const matrix = twin.array(small);
          const coefficients = twin.array(randomElements(4 * rows));
          const guard = twin.array(new Uint32Array(extWords(length) + 16));
          twin.call((k, ptr) =>
            k.combineRows(ptr(guard), ptr(matrix), stride, rows, ptr(coefficients), length),
          );
          twin.expectSameExt(guard, length);
          // The line behind the result is somebody else's.
          expect(
            kernels.words.slice(guard.tested / 4 + extWords(length), guard.tested / 4 + guard.length),
          ).toEqual(new Uint32Array(16));
        }
      }
    });

    each("combineRows at the bounds of its 32-bit sums", [64], (length) => {
      const rows = 64;
      for (const entry of [2047, P - 2048, 2048]) {
        for (const coefficient of [0x7fff8000, 0x7fff7fff, 0x00008000, 0x7fff0000, 0x7ffffffe]) {
          const matrix = twin.array(new Uint32Array(rows * length).fill(entry));
          const coefficients = twin.array(new Uint32Array(4 * rows).fill(coefficient));
          const target = twin.array(new Uint32Array(extWords(length)));
          twin.call((k, ptr) =>
            k.combineRows(ptr(target), ptr(matrix), length, rows, ptr(coefficients), length),
          );
          twin.expectSameExt(target, length);
        }
      }
    });

    each("combineExtRows", [...LENGTHS, manyElements / 8], (length) => {
      for (const rows of [0, 1, 2, 9]) {
        const stride = 4 * Math.ceil(length / 4) + 4;
        const matrix = twin.array(randomExt(rows * stride));
        const coefficients = twin.array(randomElements(4 * rows));
        const target = twin.array(randomWords(extWords(length)));
        twin.call((k, ptr) =>
          k.combineExtRows(ptr(target), ptr(matrix), stride, rows, ptr(coefficients), length),
        );
        twin.expectSameExt(target, length);
      }
    });

    each("rowDots", LENGTHS, (length) => {
      for (const rows of [0, 1, 2, 3, 4, 5, 30, Math.ceil((2 * manyElements) / (length + 8))]) {
        for (const stride of [length, length + 3]) {
          const matrix = twin.array(randomElements(rows * stride));
          const ext = twin.array(randomExt(length));
          const guard = twin.array(new Uint32Array(extWords(rows) + 16));
          twin.call((k, ptr) => k.rowDots(ptr(guard), ptr(matrix), stride, rows, ptr(ext), length));
          twin.expectSameExt(guard, rows);
          // The line behind the result is somebody else's.
          expect(
            kernels.words.slice(guard.tested / 4 + extWords(rows), guard.tested / 4 + guard.length),
          ).toEqual(new Uint32Array(16));
        }
      }
    });

    each("dotBaseExt and dotExt", [...LENGTHS, manyElements], (length) => {
      const base = twin.array(randomElements(length));
      const f = twin.array(randomExt(length));
      const g = twin.array(randomExt(length));
      const out = twin.array(randomWords(4));
      twin.call((k, ptr) => k.dotBaseExt(ptr(out), ptr(base), ptr(f), length));
      twin.expectSameWords(out);
      twin.call((k, ptr) => k.dotExt(ptr(out), ptr(f), ptr(g), length));
      twin.expectSameWords(out);
    });

    each("extMulAdd", [...LENGTHS, manyElements], (length) => {
      const f = twin.array(randomExt(length));
      const g = twin.array(randomExt(length));
      const scalar = twin.array(randomElements(4));
      const target = twin.array(new Uint32Array(extWords(length)));
      twin.call((k, ptr) => k.extMulAdd(ptr(target), ptr(f), ptr(g), ptr(scalar), length));
      twin.expectSameExt(target, length);
      twin.call((k, ptr) => k.extMulAdd(ptr(f), ptr(f), ptr(g), ptr(scalar), length));
      twin.expectSameExt(f, length);
    });

    each("eqExpand", [...LENGTHS, manyElements], (length) => {
      const source = twin.array(randomExt(2 * length));
      const r = twin.array(randomElements(4));
      const target = twin.array(new Uint32Array(extWords(2 * length)));
      twin.call((k, ptr) => k.eqExpand(ptr(target), ptr(source), length, ptr(r)));
      twin.expectSameExt(target, 2 * length);
      twin.call((k, ptr) => k.eqExpand(ptr(source), ptr(source), length, ptr(r)));
      twin.expectSameExt(source, 2 * length);
    });

    each("extFold", [...HALVES, manyElements], (half) => {
      const source = twin.array(randomExt(2 * half));
      const r = twin.array(randomElements(4));
      const target = twin.array(new Uint32Array(extWords(half)));
      twin.call((k, ptr) => k.extFold(ptr(target), ptr(source), half, ptr(r)));
      twin.expectSameExt(target, half);
      twin.call((k, ptr) => k.extFold(ptr(source), ptr(source), half, ptr(r)));
      twin.expectSameExt(source, half);
    });

    each("productRound", [...HALVES, manyElements], (half) => {
      const f = twin.array(randomExt(2 * half));
      const g = twin.array(randomExt(2 * half));
      const out = twin.array(randomWords(8));
      twin.call((k, ptr) => k.productRound(ptr(out), ptr(f), ptr(g), half));
      twin.expectSameWords(out);
    });

    each("fractionSum", [...HALVES, manyElements], (half) => {
      const p = twin.array(randomExt(2 * half));
      const q = twin.array(randomExt(2 * half));
      const sumP = twin.array(new Uint32Array(extWords(half)));
      const sumQ = twin.array(new Uint32Array(extWords(half)));
      twin.call((k, ptr) => k.fractionSum(ptr(sumP), ptr(sumQ), ptr(p), ptr(q), half));
      twin.expectSameExt(sumP, half);
      twin.expectSameExt(sumQ, half);
    });

    each("gkrRound", [...HALVES, manyElements], (half) => {
      const eq = twin.array(randomExt(half));
      const [a, b, c, d] = [0, 1, 2, 3].map(() => twin.array(randomExt(2 * half)));
      const out = twin.array(randomWords(8));
      twin.call((k, ptr) => k.gkrRound(ptr(out), ptr(eq), ptr(a), ptr(b), ptr(c), ptr(d), half));
      twin.expectSameWords(out);
    });

    describeFractions(each, () => twin, [...HALVES, manyElements]);

    each("sums of nothing but p − 1 do not overflow", [1000], (half) => {
      const largest = (words: number): Uint32Array => new Uint32Array(words).fill(2 ** 31 - 2);
      const f = twin.array(largest(extWords(2 * half)));
      const out = twin.array(largest(8));
      twin.call((k, ptr) => k.dotExt(ptr(out), ptr(f), ptr(f), 2 * half));
      twin.expectSameWords(out);
      const dots = twin.array(largest(extWords(2)));
      twin.call((k, ptr) => k.rowDots(ptr(dots), ptr(f), half, 2, ptr(f), half));
      twin.expectSameExt(dots, 2);
      twin.call((k, ptr) => k.gkrRound(ptr(out), ptr(f), ptr(f), ptr(f), ptr(f), ptr(f), half));
      twin.expectSameWords(out);
      twin.call((k, ptr) =>
        k.fractionRound(ptr(out), ptr(f), ptr(f), 500, ptr(f), ptr(f), ptr(f), ptr(f), half),
      );
      twin.expectSameWords(out);
      const sumP = twin.array(largest(extWords(half)));
      const sumQ = twin.array(largest(extWords(half)));
      twin.call((k, ptr) => k.fractionSum(ptr(sumP), ptr(sumQ), ptr(f), ptr(f), half));
      twin.expectSameExt(sumP, half);
      twin.expectSameExt(sumQ, half);
    });
  });
}
