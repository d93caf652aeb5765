import { extWords } from "../extLayout.ts";
import { randomElements, randomExt, randomWords, type Twin } from "./twin.ts";

type Each = (title: string, values: readonly number[], body: (value: number) => void) => void;

/** The kernels of the fractional sums; `halves` are lengths to try. */
export function describeFractions(each: Each, twinOf: () => Twin, halves: readonly number[]): void {
  each("leafFractionSum and extFromBase", halves, (half) => {
    const twin = twinOf();
    const p = twin.array(randomElements(2 * half));
    const q = twin.array(randomExt(2 * half));
    const sumP = twin.array(new Uint32Array(extWords(half)));
    const sumQ = twin.array(new Uint32Array(extWords(half)));
    twin.call((k, ptr) => k.leafFractionSum(ptr(sumP), ptr(sumQ), ptr(p), ptr(q), half));
    twin.expectSameExt(sumP, half);
    twin.expectSameExt(sumQ, half);
    const wide = twin.array(randomWords(extWords(half)));
    twin.call((k, ptr) => k.extFromBase(ptr(wide), ptr(p) + 4 * half, half));
    twin.expectSameExt(wide, half);
  });

  each("fractionRound and fractionFoldRound", halves, (half) => {
    const twin = twinOf();
    // One block that is longer than needed, one that fits, and several.
    const blocks = [half + 3, half, 4, 8, 256, half / 2].filter(
      (length) => length >= Math.max(1, half) || (length % 4 === 0 && half % length === 0),
    );
    for (const lowLength of blocks) {
      twin.scope(() => {
        const low = twin.array(randomExt(lowLength));
        const high = twin.array(randomElements(4 * Math.max(1, Math.ceil(half / lowLength))));
        const [a, b, c, d] = [0, 1, 2, 3].map(() => twin.array(randomExt(4 * half)));
        const r = twin.array(randomElements(4));
        const out = twin.array(randomWords(8));
        twin.call((k, ptr) =>
          k.fractionRound(ptr(out), ptr(high), ptr(low), lowLength, ptr(a), ptr(b), ptr(c), ptr(d), half),
        );
        twin.expectSameWords(out);
        twin.call((k, ptr) =>
          k.fractionFoldRound(
            ptr(out),
            ptr(high),
            ptr(low),
            lowLength,
            ptr(a),
            ptr(b),
            ptr(c),
            ptr(d),
            half,
            ptr(r),
          ),
        );
        twin.expectSameWords(out);
        for (const table of [a, b, c, d]) twin.expectSameExt(table, 2 * half);
      });
    }
  });
}
